// Programs as child processes, for tests of whole jobs: with a time limit, captured output, and a count of the processes
// that they leave behind.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "solvers/core/budget.hpp"
#include "tests/support/temporary_folder.hpp"

namespace tempera::tests {

struct ProcessSettings {
  double limit_seconds = 60;                           ///< then it is killed, with all its descendants
  std::filesystem::path folder = {};                   ///< where it runs; empty: here
  std::vector<std::string> environment = {};           ///< "NAME=value", added to this process's own
  std::optional<std::uint64_t> file_size_limit = {};   ///< bytes; a longer file fails as on a full disk
  bool terminal = false;                               ///< stderr is a terminal of 100 columns
};

struct Finished {
  int exit_code = -1;      ///< -1 when a signal ended it
  int signal = 0;
  bool timed_out = false;
  int left_behind = 0;     ///< descendants that outlived it by two seconds (and were killed then)
  double seconds = 0;      ///< wall time
  double cpu_seconds = 0;  ///< of all children of this process while it ran
  std::string out;
  std::string err;
};

/// A running child. Its orphans become children of this process, so that none can hide.
class Process {
 public:
  Process(const std::vector<std::string>& words, const ProcessSettings& settings);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  void send(int signal) const;
  /// Polls until the condition holds. @returns false when the process ended or `seconds` passed before
  bool wait_until(const std::function<bool()>& condition, double seconds);
  Finished wait();

 private:
  void drain_terminal();
  bool ended();

  TemporaryFolder files_;
  double limit_seconds_;
  double cpu_before_;
  core::Stopwatch watch_;
  pid_t pid_ = -1;
  int terminal_ = -1;          // our end of the pseudo terminal
  std::string terminal_text_;
};

/// Starts, waits, and fails the test when the limit was passed or a process was left behind.
Finished run(const std::vector<std::string>& words, const ProcessSettings& settings = {});

}  // namespace tempera::tests
