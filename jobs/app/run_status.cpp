#include "jobs/app/run_status.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <optional>

#include "solvers/core/atomic_file.hpp"
#include "solvers/core/budget.hpp"
#include "solvers/core/error.hpp"

namespace tempera::app {

namespace {
constexpr double write_every_seconds = 5;
using Json = nlohmann::ordered_json;

struct Now {
  std::string state;
  double incumbent = 0;
  double elapsed = 0;
  std::uint64_t iterations = 0;
  int ranks = 1;
  int lost_ranks = 0;
};

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

void write(const std::filesystem::path& file, const model::RunRecord& r, const Now& now) {
  const char* job = std::getenv("SLURM_JOB_ID");
  const Json left = r.limit.seconds ? Json(std::max(0.0, *r.limit.seconds - now.elapsed)) : Json(nullptr);
  const Json json = {{"schema_version", 1}, {"state", now.state}, {"problem", r.problem_name}, {"type", r.problem_type}, {"size", r.problem_size},
                     {"incumbent", now.incumbent}, {"baseline", r.baseline.answer.cost}, {"best_known", or_null(r.best_known)},
                     {"sense", r.sense == model::Sense::maximise ? "maximise" : "minimise"}, {"elapsed_seconds", now.elapsed},
                     {"remaining_seconds", left}, {"iterations", now.iterations}, {"iterations_limit", or_null(r.limit.iterations)}, {"seed", r.seed},
                     {"ranks", now.ranks}, {"lost_ranks", now.lost_ranks}, {"host", r.host}, {"process", ::getpid()}, {"slurm_job", job ? Json(job) : Json(nullptr)},
                     {"updated_utc", core::utc_timestamp()}, {"updated_unix", core::unix_seconds()}};
  try {
    core::write_text_atomically(file, json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
  } catch (const core::DataError&) {
    return;  // see the class comment
  }
}
}  // namespace

RunStatusFile::RunStatusFile(std::filesystem::path file, const model::RunRecord& record) : file_(std::move(file)), record_(record) {
  write(file_, record, {.state = "running", .incumbent = record.incumbent.cost, .elapsed = record.wall_seconds, .iterations = record.iterations, .ranks = record.ranks});
}

void RunStatusFile::running(const cluster::ProgressView& v) {
  if (v.elapsed_seconds < next_) return;
  next_ = v.elapsed_seconds + write_every_seconds;
  write(file_, record_, {.state = "running", .incumbent = v.campaign.incumbent_cost, .elapsed = v.elapsed_seconds, .iterations = v.campaign.iterations,
                         .ranks = v.ranks, .lost_ranks = v.lost_ranks});
}

void write_final_status(const std::filesystem::path& file, const model::RunRecord& r, const std::string& state) {
  write(file, r, {.state = state, .incumbent = r.incumbent.cost, .elapsed = r.wall_seconds, .iterations = r.iterations, .ranks = r.ranks});
}

}  // namespace tempera::app
