// What --log-dir leaves: a log per rank and the event trace of the master.
#pragma once

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "solvers/model/run_event.hpp"

namespace spdlog {
class logger;
}

namespace tempera::app {

/// LOG_DIR/rank-0007.log, appended to; every line with its time (UTC), flushed at once, so that a crash loses none. Without a
/// directory nothing is written. @throws UserError when the file cannot be made
class RankLog {
 public:
  RankLog(const std::filesystem::path& folder, int rank);
  void line(const std::string& text);

 private:
  std::shared_ptr<spdlog::logger> logger_;
};

/// One JSON object per line and event, numbered from 0, with seconds that never decrease: LOG_DIR/events-0.jsonl, events-1.jsonl for
/// the first resumed run, and so on. Without a directory nothing is written.
class EventTrace {
 public:
  explicit EventTrace(const std::filesystem::path& folder);
  void note(const model::RunEvent& event);

 private:
  std::ofstream file_;
  std::uint64_t next_ = 0;
};

}  // namespace tempera::app
