#include "mpi/comm/step_keeper.hpp"

#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <string_view>

namespace tempera::comm {

namespace {

// The child's whole life, with nothing but async-signal-safe calls: MPI's threads do not exist here.
[[noreturn]] void hold_until_ready(int step_daemon) {
  for (int signal = 1; signal < NSIG; ++signal) ::signal(signal, SIG_IGN);
  for (int standard = 0; standard < 3; ++standard) ::close(standard);  // or srun would wait for the end of our output
  pollfd daemon{step_daemon, POLLIN, 0};
  while (::poll(&daemon, 1, -1) < 0) {
  }
  ::_exit(0);
}

}  // namespace

bool StepKeeper::needed() {
  const char* name = std::getenv("PMIX_NAMESPACE");
  return name != nullptr && std::string_view(name).starts_with("slurm.");
}

void StepKeeper::start() {
  const auto step_daemon = static_cast<int>(::syscall(SYS_pidfd_open, ::getppid(), 0));
  if (step_daemon < 0) return;
  const auto child = static_cast<pid_t>(::syscall(SYS_clone, SIGCHLD, nullptr, nullptr, nullptr, nullptr));  // no fork handlers of MPI
  if (child == 0) hold_until_ready(step_daemon);
  ::close(step_daemon);
  if (child > 0) child_ = child;
}

StepKeeper::~StepKeeper() {
  if (child_ <= 0) return;
  ::kill(child_, SIGKILL);
  ::waitpid(child_, nullptr, 0);
}

}  // namespace tempera::comm
