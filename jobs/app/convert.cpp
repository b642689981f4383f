// tempera convert: a QUBO, Ising model or Max-Cut in the format of another program.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "io/instances/qubo_files.hpp"
#include "jobs/app/commands.hpp"

namespace tempera::app {

core::ExitCode convert(const ConvertOptions& options, const Invocation& invocation) {
  const model::QuboProblem problem = instances::read_qubo(options.file);
  instances::write_bqm(problem, options.out, options.schema);
  if (invocation.output == OutputMode::json)
    fmt::print("{}\n", nlohmann::ordered_json{{"status", "written"}, {"exit_code", 0}, {"file", options.out.string()}, {"variables", problem.variables()},
                                              {"couplings", problem.column.size() / 2}, {"bqm_schema", fmt::format("{}.0.0", options.schema)}}.dump(2));
  else if (invocation.output == OutputMode::text)
    fmt::print("{}: dimod BQM of schema {}.0.0, {} variables, {} couplings{}\n", options.out.string(), options.schema, problem.variables(), problem.column.size() / 2,
               problem.sense == model::Sense::maximise ? "; signs turned, so that its energy is minimised" : "");
  return core::ExitCode::solved;
}

}  // namespace tempera::app
