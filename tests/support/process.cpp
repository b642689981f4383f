#include "tests/support/process.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <pty.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <fstream>
#include <iterator>
#include <map>
#include <system_error>

namespace tempera::tests {

namespace {
constexpr double grace_seconds = 2;  // for descendants to end after the process itself

// Direct children by pid; the exit status once there is one. Orphans of theirs are not in here.
std::map<pid_t, std::optional<int>>& children() {
  static std::map<pid_t, std::optional<int>> all;
  return all;
}

void collect() {
  int status = 0;
  for (pid_t pid = 0; (pid = ::waitpid(-1, &status, WNOHANG)) > 0;)
    if (const auto child = children().find(pid); child != children().end()) child->second = status;
}

pid_t parent_of(const std::filesystem::path& stat_file) {
  std::ifstream file(stat_file);
  std::string text;
  std::getline(file, text);  // empty when the process has just ended
  const std::size_t behind_name = text.rfind(')');
  return behind_name == std::string::npos || behind_name + 4 > text.size() ? -1 : std::atoi(text.c_str() + behind_name + 4);
}

// Children of this process that it did not start itself.
std::vector<pid_t> orphans() {
  std::vector<pid_t> found;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", ignored)) {
    const pid_t pid = std::atoi(entry.path().filename().c_str());
    if (pid > 0 && parent_of(entry.path() / "stat") == ::getpid() && !children().contains(pid)) found.push_back(pid);
  }
  return found;
}

int end_orphans() {
  const core::Stopwatch watch;
  std::vector<pid_t> left = orphans();
  while (!left.empty() && watch.seconds() < grace_seconds) {
    ::usleep(10'000);
    collect();
    left = orphans();
  }
  for (const pid_t pid : left) ::kill(pid, SIGKILL);
  return static_cast<int>(left.size());
}

std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void redirect(const std::filesystem::path& path, int descriptor) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (file < 0 || ::dup2(file, descriptor) < 0) ::_exit(126);
  ::close(file);
}

[[noreturn]] void become(const std::vector<std::string>& words, const ProcessSettings& settings) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // a test that is killed takes its child along
  if (!settings.folder.empty() && ::chdir(settings.folder.c_str()) != 0) ::_exit(126);
  if (settings.file_size_limit) {
    const rlimit limit{*settings.file_size_limit, *settings.file_size_limit};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  for (const std::string& variable : settings.environment) ::putenv(const_cast<char*>(variable.c_str()));
  std::vector<char*> pointers;
  for (const std::string& word : words) pointers.push_back(const_cast<char*>(word.c_str()));
  pointers.push_back(nullptr);
  ::execvp(pointers[0], pointers.data());
  ::_exit(127);
}
// Of all children that were waited for so far, their own waited-for children included.
double children_cpu_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_CHILDREN, &usage);
  const auto seconds = [](const timeval& t) { return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec); };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}
}  // namespace

Process::Process(const std::vector<std::string>& words, const ProcessSettings& settings) : limit_seconds_(settings.limit_seconds), cpu_before_(children_cpu_seconds()) {
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  int their_end = -1;
  winsize size{.ws_row = 25, .ws_col = 100, .ws_xpixel = 0, .ws_ypixel = 0};
  if (settings.terminal && ::openpty(&terminal_, &their_end, nullptr, nullptr, &size) != 0) throw std::system_error(errno, std::generic_category(), "openpty");
  pid_ = ::fork();
  if (pid_ < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (pid_ == 0) {
    redirect(files_ / "out", STDOUT_FILENO);
    if (settings.terminal) ::dup2(their_end, STDERR_FILENO);
    else redirect(files_ / "err", STDERR_FILENO);
    become(words, settings);
  }
  children()[pid_] = std::nullopt;
  if (their_end >= 0) ::close(their_end);
  if (terminal_ >= 0) ::fcntl(terminal_, F_SETFL, O_NONBLOCK);
}

Process::~Process() {
  if (pid_ > 0 && !ended()) {
    ::kill(pid_, SIGKILL);
    while (!ended()) ::usleep(1000);
    end_orphans();
  }
  children().erase(pid_);
  if (terminal_ >= 0) ::close(terminal_);
}

void Process::send(int signal) const { ::kill(pid_, signal); }

bool Process::ended() {
  collect();
  return children()[pid_].has_value();
}

void Process::drain_terminal() {
  if (terminal_ < 0) return;
  char buffer[4096];
  for (ssize_t count = 0; (count = ::read(terminal_, buffer, sizeof buffer)) > 0;) terminal_text_.append(buffer, static_cast<std::size_t>(count));
}

bool Process::wait_until(const std::function<bool()>& condition, double seconds) {
  const core::Stopwatch watch;
  while (!condition()) {
    if (ended() || watch.seconds() > seconds) return false;
    ::usleep(2000);
  }
  return true;
}

Finished Process::wait() {
  Finished finished;
  while (!ended()) {
    drain_terminal();
    if (!finished.timed_out && watch_.seconds() > limit_seconds_) {
      finished.timed_out = true;
      ::kill(pid_, SIGKILL);
    }
    ::usleep(500);
  }
  finished.seconds = watch_.seconds();
  const int status = *children()[pid_];
  if (WIFEXITED(status)) finished.exit_code = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) finished.signal = WTERMSIG(status);
  finished.left_behind = end_orphans();
  finished.cpu_seconds = children_cpu_seconds() - cpu_before_;
  drain_terminal();
  finished.out = content_of(files_ / "out");
  finished.err = terminal_ >= 0 ? terminal_text_ : content_of(files_ / "err");
  return finished;
}

Finished run(const std::vector<std::string>& words, const ProcessSettings& settings) {
  Finished finished = Process(words, settings).wait();
  if (finished.timed_out) ADD_FAILURE() << words.front() << " took more than " << settings.limit_seconds << " s\n" << finished.err;
  if (finished.left_behind > 0) ADD_FAILURE() << words.front() << " left " << finished.left_behind << " processes behind";
  return finished;
}

}  // namespace tempera::tests
