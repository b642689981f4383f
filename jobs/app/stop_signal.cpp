#include "jobs/app/stop_signal.hpp"

#include <atomic>
#include <csignal>

namespace tempera::app {

namespace {
std::atomic<int> requested{0};
static_assert(std::atomic<int>::is_always_lock_free, "set from a signal handler");
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

int stop_signal() { return requested; }

void note_stop_signal(int signal) {
  int none = 0;
  requested.compare_exchange_strong(none, signal);
}

}  // namespace tempera::app
