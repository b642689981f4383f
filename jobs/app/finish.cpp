#include "jobs/app/finish.hpp"

#include <fmt/format.h>

#include "io/checkpoint/run_file.hpp"
#include "io/instances/solution_file.hpp"
#include "io/report/result_json.hpp"
#include "io/report/summary.hpp"
#include "solvers/core/atomic_file.hpp"

namespace tempera::app {

void write_results(const checkpoint::OutputFolder& folder, const model::RoutingInstance& instance, const model::RunRecord& record, core::ExitCode code) {
  checkpoint::write_record(folder.result_h5(), record);
  instances::write_solution(folder.solution_sol(), model::unflatten(record.incumbent.ints), core::Cost(record.incumbent.cost_units), instance.rounding);
  core::write_text_atomically(folder.result_json(), report::result_json(record, code));
  if (code == core::ExitCode::stopped_early) {
    checkpoint::write_record(folder.checkpoint_h5(), record);
  } else {
    std::error_code ignored;  // there may be none
    std::filesystem::remove(folder.checkpoint_h5(), ignored);
  }
}

void print_result(const model::RunRecord& record, core::ExitCode code, OutputMode output, const std::string& files) {
  if (output == OutputMode::json) fmt::print("{}", report::result_json(record, code));
  if (output == OutputMode::text) fmt::print("{}", report::summary_text(record, files));
}

}  // namespace tempera::app
