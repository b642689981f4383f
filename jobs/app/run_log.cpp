#include "jobs/app/run_log.hpp"

#include <fmt/format.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/spdlog.h>

#include <nlohmann/json.hpp>
#include <string_view>

#include "solvers/core/error.hpp"

namespace tempera::app {

namespace fs = std::filesystem;

namespace {
std::string_view name_of(model::EventKind kind) {
  switch (kind) {
    case model::EventKind::run_started: return "run_started";
    case model::EventKind::task_given: return "task_given";
    case model::EventKind::task_returned: return "task_returned";
    case model::EventKind::task_failed: return "task_failed";
    case model::EventKind::task_lost: return "task_lost";
    case model::EventKind::worker_lost: return "worker_lost";
    case model::EventKind::incumbent: return "incumbent";
    case model::EventKind::round_closed: return "round_closed";
    case model::EventKind::checkpoint: return "checkpoint";
    case model::EventKind::stop_requested: return "stop_requested";
    case model::EventKind::run_ended: return "run_ended";
  }
  return "unknown";
}

bool is_of_a_task(model::EventKind kind) { return kind >= model::EventKind::task_given && kind <= model::EventKind::task_lost; }

bool has_cost(model::EventKind kind) {
  using model::EventKind;
  return kind == EventKind::run_started || kind == EventKind::incumbent || kind == EventKind::round_closed || kind == EventKind::checkpoint || kind == EventKind::run_ended;
}

void make(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error || !fs::is_directory(folder))
    throw core::UserError(fmt::format("--log-dir {}: cannot make this directory: {}.", folder.string(), error ? error.message() : "a file of this name is there"));
}
}  // namespace

RankLog::RankLog(const fs::path& folder, int rank) {
  if (folder.empty()) return;
  make(folder);
  const fs::path file = folder / fmt::format("rank-{:04}.log", rank);
  try {
    logger_ = std::make_shared<spdlog::logger>(file.string(), std::make_shared<spdlog::sinks::basic_file_sink_mt>(file.string()));
  } catch (const spdlog::spdlog_ex& error) {
    throw core::UserError(fmt::format("--log-dir: {}.", error.what()));
  }
  logger_->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %v", spdlog::pattern_time_type::utc);
  logger_->flush_on(spdlog::level::info);
}

void RankLog::line(const std::string& text) {
  if (logger_) logger_->info("{}", text);
}

EventTrace::EventTrace(const fs::path& folder) {
  if (folder.empty()) return;
  make(folder);
  fs::path file;
  for (int k = 0; file.empty() || fs::exists(file); ++k) file = folder / fmt::format("events-{}.jsonl", k);
  file_.open(file);
  if (!file_) throw core::UserError(fmt::format("--log-dir: cannot write {}.", file.string()));
}

void EventTrace::note(const model::RunEvent& e) {
  if (!file_.is_open()) return;
  nlohmann::ordered_json json = {{"number", next_++}, {"seconds", e.seconds}, {"event", name_of(e.kind)}};
  if (e.rank >= 0) json["rank"] = e.rank;
  if (is_of_a_task(e.kind)) json.update({{"task", e.task}, {"attempt", e.attempt}, {"round", e.round}});
  if (e.kind == model::EventKind::round_closed) json.update({{"rounds", e.round}, {"swaps_attempted", e.attempted}, {"swaps_accepted", e.accepted}});
  if (has_cost(e.kind)) json["cost"] = e.cost;
  if (!e.text.empty()) json["text"] = e.text;
  file_ << json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) << '\n' << std::flush;  // a full disk loses lines, not the run
}

}  // namespace tempera::app
