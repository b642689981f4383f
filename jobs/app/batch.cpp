// tempera batch: every job of a directory or of a list. With fewer jobs than ranks one after another over all ranks; else each job on one rank, all ranks at once.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>

#include "io/checkpoint/run_file.hpp"
#include "io/report/numbers.hpp"
#include "io/report/result_json.hpp"
#include "jobs/app/batch_jobs.hpp"
#include "jobs/app/commands.hpp"
#include "jobs/app/load.hpp"
#include "jobs/app/stop_signal.hpp"
#include "jobs/app/wanted_run.hpp"
#include "mpi/cluster/protocol.hpp"
#include "solvers/core/atomic_file.hpp"

namespace tempera::app {

namespace {
namespace fs = std::filesystem;
using core::ExitCode;
using core::UserError;
using Json = nlohmann::ordered_json;

struct Line {
  std::string name, state, what;   // what: why it failed
  double cost = 0, control = 0;
  bool is_backtest = false;
  bool has_cost() const { return !is_backtest && (state == "solved" || state == "was there"); }
};

Json line_json(const Line& line) { return {{"job", line.name}, {"state", line.state}, {"what", line.what}, {"cost", line.cost}, {"control", line.control}, {"backtest", line.is_backtest}}; }
Line line_of(const Json& json) {
  Line line{.name = json["job"], .state = json["state"], .what = json["what"], .cost = json["cost"], .control = json["control"]};
  line.is_backtest = json["backtest"];
  return line;
}

void tell(const Line& line, const Invocation& invocation) {
  if (invocation.output != OutputMode::text) return;
  const std::string cost = line.has_cost() ? fmt::format("{} (control {})", report::grouped(line.cost, 3), report::grouped(line.control, 3)) : line.what;
  std::fputs(fmt::format("{}: {}{}{}\n", line.name, line.state, cost.empty() ? "" : ", ", cost).c_str(), stderr);
}

class Batch {
 public:
  Batch(const BatchOptions& options, const Invocation& invocation, comm::Session& session) : options_(options), invocation_(invocation), session_(session) {}

  /// One job; what is wrong with it is told and kept, and the next may go on.
  ExitCode work(const BatchJob& job, const fs::path& folder) {
    Line line{.name = job.name, .state = "solved", .what = {}};
    ExitCode code = ExitCode::solved;
    try {
      if (!job.broken.empty()) throw UserError(job.broken);
      code = solved(job, folder, line);
      if (code == ExitCode::bad_input) {
        line.state = "broken", line.what = "its results could not be written";
        code = ExitCode::solved;  // the others go on
      } else if (code != ExitCode::solved) {
        line.state = "stopped";
      } else if (!line.is_backtest) {
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
    lines_.push_back(line);
    return code;
  }

  const Line& latest() const { return lines_.back(); }
  void add(const Line& line) { lines_.push_back(line); }

  bool any(std::string_view state) const { return std::ranges::find(lines_, state, &Line::state) != lines_.end(); }

  // In the order of the jobs, whoever solved them.
  Json json(ExitCode code, const std::vector<BatchJob>& jobs, int ranks_per_job) {
    std::ranges::stable_sort(lines_, {}, [&](const Line& line) { return std::ranges::find(jobs, line.name, &BatchJob::name) - jobs.begin(); });
    Json json = {{"schema_version", 1}, {"status", report::status_name(code)}, {"exit_code", static_cast<int>(code)}, {"jobs", jobs.size()}, {"ranks_per_job", ranks_per_job}, {"results", Json::array()}};
    for (const Line& line : lines_) {
      Json entry = {{"job", line.name}, {"state", line.state}};
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
    if (!options.run.log_dir.empty()) options.run.log_dir /= job.name;
    if (is_backtest(job.file)) {
      line.is_backtest = true;
      return played(job, folder, line);
    }
    const WantedRun wanted = wanted_run(options, digest_of(load_problem(options.file, {})));
    if (is_complete(folder, wanted)) {
      line.state = "was there";
      return ExitCode::solved;
    }
    if (can_go_on(folder, wanted)) {
      try {
        return resume({.from = folder, .instance = job.file, .run = options.run}, invocation_.next_run(), session_);
      } catch (const UserError&) {  // of another program, or its budget is spent: from the beginning
      }
    }
    return solve(options, invocation_.next_run(), session_);
  }

  static bool is_backtest(const fs::path& file) {
    const auto job = read_job(file);
    return job && job->problem_type == "backtest";
  }

  ExitCode played(const BatchJob& job, const fs::path& folder, Line& line) {
    std::error_code ignored;
    if (fs::exists(folder / "result.done", ignored) && fs::last_write_time(folder / "result.done", ignored) >= fs::last_write_time(job.file, ignored)) {
      line.state = "was there";
      return ExitCode::solved;
    }
    return backtest({.file = job.file, .out = folder}, invocation_.next_run(), session_);
  }

  const BatchOptions& options_;
  const Invocation& invocation_;
  comm::Session& session_;
  std::vector<Line> lines_;
};
}  // namespace

namespace {
// Until something stops it; @param done  told of every job
ExitCode work_all(Batch& work, const std::vector<BatchJob>& jobs, const fs::path& out, const comm::Session& session, const std::function<void(const Line&)>& done) {
  for (const BatchJob& job : jobs) {
    if (session.rank_lost()) {
      std::fputs("tempera: a rank was lost; the batch cannot go on without it. Start it again: what is complete is kept.\n", stderr);
      return ExitCode::stopped_early;
    }
    if (stop_requested()) return stopped_exit_code();
    const ExitCode code = work.work(job, out / job.name);
    done(work.latest());
    if (code != ExitCode::solved) return code;
  }
  return ExitCode::solved;
}

// Seconds that a job may take, as far as its own word goes; a broken one takes none.
double seconds_of(const BatchJob& job, const BatchOptions& options) {
  try {
    const core::BudgetLimit limit = with_job(options.run, read_job(job.file)).limit;
    return limit.seconds.value_or(static_cast<double>(limit.iterations.value_or(0)) * 1e-5);
  } catch (const UserError&) {
    return 0;
  }
}

// Whether the time a job may take is in its own word.
bool is_timed(const BatchJob& job, const BatchOptions& options) {
  try {
    const std::optional<descriptor::Descriptor> read = read_job(job.file);
    return !(read && read->problem_type == "backtest") && with_job(options.run, read).limit.seconds.has_value();
  } catch (const UserError&) {
    return true;  // ends at once
  }
}

struct Share {
  std::vector<BatchJob> jobs;
  double seconds = 0;
};

// The longest jobs first, each to the rank that has least to do.
std::vector<Share> shared_out(const std::vector<BatchJob>& jobs, const BatchOptions& options, int ranks) {
  std::vector<std::pair<double, const BatchJob*>> order;
  for (const BatchJob& job : jobs) order.emplace_back(seconds_of(job, options), &job);
  std::ranges::stable_sort(order, std::greater<>{}, [](const auto& entry) { return entry.first; });
  std::vector<Share> shares(static_cast<std::size_t>(ranks));
  for (const auto& [seconds, job] : order) {
    Share& least = *std::ranges::min_element(shares, {}, [](const Share& share) { return std::pair(share.seconds, share.jobs.size()); });
    least.jobs.push_back(*job);
    least.seconds += seconds;
  }
  return shares;
}

std::string share_text(const Share& share, const fs::path& out) {
  Json json = {{"out", out.string()}, {"jobs", Json::array()}};
  for (const BatchJob& job : share.jobs) json["jobs"].push_back({{"name", job.name}, {"file", job.file.string()}});
  return json.dump();
}

// What the other ranks say of their jobs; whoever is silent for longer than a whole job may take is lost. Where that is not known (jobs that
// count iterations) there is no patience to lose: the launcher ends the batch with a rank that dies.
ExitCode gathered(Batch& work, comm::Session& session, const Invocation& invocation, double patience) {
  comm::Transport& world = session.world();
  ExitCode code = ExitCode::solved;
  core::Stopwatch silence;
  for (int busy = world.size() - 1; busy > 0;) {
    const std::optional<comm::Envelope> envelope = world.poll();
    if (!envelope || envelope->tag != cluster::tag_shared) {
      if (!envelope) world.wait(0.02);
      if (stop_requested()) return stopped_exit_code();
      if (silence.seconds() < patience) continue;
      std::fputs(fmt::format("tempera: {} ranks have been silent for {:.0f} s; the batch ends without them. Start it again: what is complete is kept.\n", busy, patience).c_str(), stderr);
      session.mark_rank_lost();
      return ExitCode::stopped_early;
    }
    silence = {};
    const Json said = Json::parse(cluster::decode_text(envelope->bytes));
    if (said.contains("end")) {
      --busy;
      if (said["end"] != 0) code = static_cast<ExitCode>(said["end"].get<int>());
      continue;
    }
    work.add(line_of(said));
    tell(work.latest(), invocation);
  }
  return code;
}

ExitCode over_shares(Batch& work, const std::vector<BatchJob>& jobs, const BatchOptions& options, const fs::path& out, const Invocation& invocation, comm::Session& session, comm::Session& alone) {
  const std::vector<Share> shares = shared_out(jobs, options, session.world().size());
  for (int rank = 1; rank < session.world().size(); ++rank) session.world().send(rank, cluster::tag_share, cluster::encode_text(share_text(shares[static_cast<std::size_t>(rank)], out)));
  const ExitCode own = work_all(work, shares[0].jobs, out, alone, [&](const Line& line) { tell(line, invocation); });
  const double longest = std::ranges::max(shares, {}, &Share::seconds).seconds;
  const bool known = std::ranges::all_of(jobs, [&](const BatchJob& job) { return is_timed(job, options); });
  const double patience = known ? 60 + 2 * longest + 10 * options.run.worker_timeout_seconds : std::numeric_limits<double>::infinity();
  const ExitCode others = gathered(work, session, invocation, patience);
  return own != ExitCode::solved ? own : others;
}
}  // namespace

std::optional<int> share_batch(const BatchOptions& options, const Invocation& invocation, comm::Session& session) {
  comm::Transport& world = session.world();
  std::optional<comm::Envelope> envelope;
  while (!(envelope = world.poll())) world.wait(0.05);
  if (envelope->tag == cluster::tag_leave) return cluster::decode_number(envelope->bytes);
  const std::string text = cluster::decode_text(envelope->bytes);
  if (text.empty()) return std::nullopt;
  const Json share = Json::parse(text);
  std::vector<BatchJob> jobs;
  for (const Json& job : share["jobs"]) jobs.push_back({job["name"].get<std::string>(), job["file"].get<std::string>()});
  comm::Session alone{comm::Session::Alone{}};
  Batch work(options, invocation, alone);
  const auto say = [&](const Json& json) { world.send(0, cluster::tag_shared, cluster::encode_text(json.dump(-1, ' ', false, Json::error_handler_t::replace))); };
  const ExitCode code = work_all(work, jobs, share["out"].get<std::string>(), alone, [&](const Line& line) { say(line_json(line)); });
  say({{"end", static_cast<int>(code)}});
  return std::nullopt;
}

ExitCode batch(const BatchOptions& options, const Invocation& invocation, comm::Session& session) {
  fs::path named = fs::absolute(options.from).lexically_normal();
  if (!named.has_filename()) named = named.parent_path();  // "jobs/monday/"
  const fs::path out = options.run.out.empty() ? fs::path("runs") / fmt::format("batch-{}", named.stem().string()) : options.run.out;
  const std::vector<BatchJob> jobs = batch_jobs(options.from, out);
  const int ranks = session.world().size();
  const bool apart = ranks > 1 && (options.spread == Spread::always || (options.spread == Spread::automatic && jobs.size() >= static_cast<std::size_t>(ranks)));
  comm::Session alone{comm::Session::Alone{}};
  Batch work(options, invocation, apart ? alone : session);
  ExitCode code = ExitCode::solved;
  if (apart) {
    code = over_shares(work, jobs, options, out, invocation, session, alone);
  } else {
    for (int rank = 1; rank < ranks; ++rank) session.world().send(rank, cluster::tag_share, cluster::encode_text(""));
    code = work_all(work, jobs, out, session, [&](const Line& line) { tell(line, invocation); });
  }
  if (code == ExitCode::solved && work.any("failed")) code = ExitCode::our_fault;
  if (code == ExitCode::solved && work.any("broken")) code = ExitCode::bad_input;
  const std::string json = work.json(code, jobs, apart ? 1 : ranks).dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
  fs::create_directories(out);
  core::write_text_atomically(out / "batch.json", json);
  if (invocation.output == OutputMode::json) fmt::print("{}", json);
  if (invocation.output == OutputMode::text) fmt::print("{} jobs, results in {}\n", jobs.size(), out.string());
  return code;
}

}  // namespace tempera::app
