// tempera batch: every job of a directory or of a list, one after another over all ranks.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <set>

#include "io/checkpoint/run_file.hpp"
#include "io/instances/format.hpp"
#include "io/report/numbers.hpp"
#include "io/report/result_json.hpp"
#include "jobs/app/commands.hpp"
#include "jobs/app/load.hpp"
#include "jobs/app/run.hpp"
#include "jobs/app/stop_signal.hpp"
#include "jobs/descriptor/job_list.hpp"
#include "solvers/core/atomic_file.hpp"
#include "solvers/core/text_file.hpp"

namespace tempera::app {

namespace {
namespace fs = std::filesystem;
using core::ExitCode;
using core::UserError;

struct BatchJob {
  std::string name;   // of its folder
  fs::path file;
};

struct Line {
  std::string name, state, what;   // what: why it failed
  double cost = 0, control = 0;
  bool has_cost() const { return state == "solved" || state == "was there"; }
};

// By their names, and JSON by what it holds: tables, matrices and solutions beside jobs are no jobs.
bool is_problem(const fs::path& file) {
  const std::string extension = file.extension().string();
  if (extension == ".json") return descriptor::is_job(file);
  return extension == ".vrp" || extension == ".mc" || extension == ".qubo" || extension == ".coo";
}

std::vector<BatchJob> jobs_in(const fs::path& folder) {
  std::vector<BatchJob> jobs;
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.is_regular_file() && is_problem(entry.path())) jobs.push_back({entry.path().stem().string(), entry.path()});
  std::ranges::sort(jobs, {}, [](const BatchJob& job) { return job.file; });
  for (BatchJob& job : jobs)
    if (!names.insert(job.name).second) job.name = job.file.filename().string();  // a.json beside a.vrp
  if (jobs.empty()) throw UserError(fmt::format("{}: there is no job (.json) and no problem (.vrp, .mc, .qubo, .coo) in this directory.", folder.string()));
  return jobs;
}

// Each job of the list as a file of its own, as solve, resume and report need it.
std::vector<BatchJob> jobs_of_list(const fs::path& file, const fs::path& out) {
  std::vector<BatchJob> jobs;
  for (const descriptor::ListedJob& job : descriptor::read_job_list(file)) {
    const fs::path own = out / job.name / "job.json";
    fs::create_directories(own.parent_path());
    if (!fs::exists(own) || core::read_text(own) != job.text) core::write_text_atomically(own, job.text);  // unchanged it stays older than its results
    jobs.push_back({job.name, own});
  }
  return jobs;
}

class Batch {
 public:
  Batch(const BatchOptions& options, const Invocation& invocation, comm::Session& session) : options_(options), invocation_(invocation), session_(session) {}

  /// One job; what is wrong with it is told and kept, and the next may go on.
  ExitCode work(const BatchJob& job, const fs::path& folder) {
    Line line{.name = job.name, .state = "solved", .what = {}};
    ExitCode code = ExitCode::solved;
    try {
      code = solved(job, folder, line);
      if (code == ExitCode::bad_input) {
        line.state = "broken", line.what = "its results could not be written";
        code = ExitCode::solved;  // the others go on
      } else if (code != ExitCode::solved) {
        line.state = "stopped";
      } else {
        const model::RunRecord record = checkpoint::read_record(folder / "result.h5");
        line.cost = model::served_answer(record).cost;
        line.control = record.baseline.answer.cost;
      }
    } catch (const UserError& error) {
      line.state = "broken", line.what = error.what();
    } catch (const core::DataError& error) {
      line.state = "broken", line.what = error.what();
    } catch (const std::exception& error) {
      line.state = "failed", line.what = error.what();
    }
    tell(line);
    lines_.push_back(line);
    return code;
  }

  bool any(std::string_view state) const { return std::ranges::find(lines_, state, &Line::state) != lines_.end(); }

  nlohmann::ordered_json json(ExitCode code, std::size_t jobs) const {
    nlohmann::ordered_json json = {{"schema_version", 1}, {"status", report::status_name(code)}, {"exit_code", static_cast<int>(code)}, {"jobs", jobs}, {"results", nlohmann::ordered_json::array()}};
    for (const Line& line : lines_) {
      nlohmann::ordered_json entry = {{"job", line.name}, {"state", line.state}};
      if (line.has_cost()) entry["cost"] = line.cost, entry["control"] = line.control;
      if (!line.what.empty()) entry["error"] = line.what;
      json["results"].push_back(std::move(entry));
    }
    return json;
  }

 private:
  ExitCode solved(const BatchJob& job, const fs::path& folder, Line& line) {
    SolveOptions options{.file = job.file, .run = options_.run, .seed = {}, .load = {}, .warm_start = {}, .best_known = {}};
    options.run.out = folder;
    options.run.progress = false;
    if (was_done(options, folder)) {
      line.state = "was there";
      return ExitCode::solved;
    }
    std::error_code ignored;
    const fs::path checkpoint = folder / "checkpoint.h5";
    if (fs::exists(checkpoint, ignored) && fs::last_write_time(checkpoint, ignored) > fs::last_write_time(job.file, ignored)) {
      try {
        return resume({.from = folder, .instance = job.file, .run = options.run}, invocation_.next_run(), session_);
      } catch (const UserError&) {  // of another problem or program, or its budget is spent: from the beginning
      }
    }
    return solve(options, invocation_.next_run(), session_);
  }

  static bool was_done(const SolveOptions& options, const fs::path& folder) {
    std::error_code ignored;
    if (!fs::exists(folder / "result.done", ignored)) return false;
    return is_complete(folder, {.file = options.file, .problem_digest = digest_of(load_problem(options.file, {})), .limit = budget_limit(options), .seed = job_seed(options.file)});
  }

  void tell(const Line& line) const {
    if (invocation_.output != OutputMode::text) return;
    const std::string cost = line.has_cost() ? fmt::format("{} (control {})", report::grouped(line.cost, 3), report::grouped(line.control, 3)) : line.what;
    std::fputs(fmt::format("{}: {}{}{}\n", line.name, line.state, cost.empty() ? "" : ", ", cost).c_str(), stderr);
  }

  const BatchOptions& options_;
  const Invocation& invocation_;
  comm::Session& session_;
  std::vector<Line> lines_;
};
}  // namespace

ExitCode batch(const BatchOptions& options, const Invocation& invocation, comm::Session& session) {
  const bool is_folder = fs::is_directory(options.from);
  fs::path named = fs::absolute(options.from).lexically_normal();
  if (!named.has_filename()) named = named.parent_path();  // "jobs/monday/"
  const fs::path out = options.run.out.empty() ? fs::path("runs") / fmt::format("batch-{}", named.stem().string()) : options.run.out;
  const std::vector<BatchJob> jobs = is_folder ? jobs_in(options.from) : jobs_of_list(options.from, out);
  Batch work(options, invocation, session);
  ExitCode code = ExitCode::solved;
  for (const BatchJob& job : jobs) {
    if (session.rank_lost()) {
      std::fputs("tempera: a rank was lost; the batch cannot go on without it. Start it again: what is complete is kept.\n", stderr);
      code = ExitCode::stopped_early;
    } else if (stop_requested()) {
      code = stopped_exit_code();
    } else {
      code = work.work(job, out / job.name);
    }
    if (code != ExitCode::solved) break;
  }
  if (code == ExitCode::solved && work.any("failed")) code = ExitCode::our_fault;
  if (code == ExitCode::solved && work.any("broken")) code = ExitCode::bad_input;
  const std::string json = work.json(code, jobs.size()).dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
  fs::create_directories(out);
  core::write_text_atomically(out / "batch.json", json);
  if (invocation.output == OutputMode::json) fmt::print("{}", json);
  if (invocation.output == OutputMode::text) fmt::print("{} jobs, results in {}\n", jobs.size(), out.string());
  return code;
}

}  // namespace tempera::app
