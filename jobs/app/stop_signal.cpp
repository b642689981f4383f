#include "jobs/app/stop_signal.hpp"

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <limits>

namespace tempera::app {

namespace {
std::atomic<int> requested{0};
static_assert(std::atomic<int>::is_always_lock_free, "set from a signal handler");

core::Stopwatch process_started;
double stop_after = std::numeric_limits<double>::infinity();

bool walltime_is_over() { return process_started.seconds() >= stop_after; }
}  // namespace

void watch_stop_signals() {
  struct sigaction action {};
  action.sa_handler = [](int signal) { note_stop_signal(signal); };
  sigemptyset(&action.sa_mask);
  for (const int signal : {SIGINT, SIGTERM, SIGUSR1}) sigaction(signal, &action, nullptr);
  std::signal(SIGPIPE, SIG_IGN);  // a closed terminal or pipe must not end a night's run
  std::signal(SIGHUP, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);  // a file size limit shows as a failed write, with its message
}

void watch_walltime(const Walltime& allowed, const core::Stopwatch& started) {
  process_started = started;
  stop_after = allowed.stop_after;
}

int stop_signal() { return requested; }

void note_stop_signal(int signal) {
  int none = 0;
  requested.compare_exchange_strong(none, signal);
}

bool stop_requested() { return stop_signal() != 0 || walltime_is_over(); }

core::ExitCode stopped_exit_code() {
  const bool time_is_up = stop_signal() == SIGUSR1 || (stop_signal() == 0 && walltime_is_over());
  return time_is_up && std::getenv("SLURM_JOB_ID") != nullptr ? core::ExitCode::requeue : core::ExitCode::stopped_early;
}

}  // namespace tempera::app
