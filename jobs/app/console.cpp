#include "jobs/app/console.hpp"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "io/report/progress_line.hpp"
#include "jobs/app/stop_signal.hpp"

namespace tempera::app {

namespace {
constexpr double terminal_interval_seconds = 1;
constexpr double plain_interval_seconds = 10;

std::size_t terminal_width() {
  winsize size{};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 10 ? size.ws_col - 1u : 79u;
}

// fmt::print throws when the terminal is gone; a run goes on without one.
void print(const std::string& text) { std::fputs(text.c_str(), stderr); }
}  // namespace

Console::Console(bool show_progress, OutputMode output, std::optional<double> best_known, model::Sense sense)
    : progress_(show_progress && output != OutputMode::quiet), quiet_(output == OutputMode::quiet), terminal_(isatty(STDERR_FILENO) == 1), best_known_(best_known), sense_(sense) {
  // No colours anywhere, so NO_COLOR is always respected.
  auto logger = std::make_shared<spdlog::logger>("tempera", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  logger->set_pattern("tempera: %v");
  spdlog::set_default_logger(std::move(logger));
}

Console::~Console() {
  tell(fold_.rest());
  end_line();
}

void Console::tell(const std::vector<std::string>& warnings) {
  for (const std::string& text : warnings) warn(text);
}

cluster::RunHooks Console::hooks() {
  cluster::RunHooks hooks;
  if (progress_) hooks.progress = [this](const cluster::ProgressView& view) { show(view); };
  hooks.progress_seconds = terminal_ ? terminal_interval_seconds : plain_interval_seconds;
  hooks.stop_requested = [this] {
    tell(fold_.due(watch_.seconds()));
    return stop_requested();
  };
  hooks.signalled = [this](int rank, int signal) {
    note_stop_signal(signal);
    note(fmt::format("rank {} was asked to stop by signal {}", rank, signal));
  };
  hooks.warn = [this](const std::string& text) { fold_.add(text, watch_.seconds()); };
  return hooks;
}

void Console::show(const cluster::ProgressView& v) {
  const report::Progress progress{.elapsed_seconds = v.elapsed_seconds, .remaining_seconds = v.remaining_seconds, .cost = v.campaign.incumbent_cost,
                                  .best_known = best_known_, .sense = sense_, .iterations = v.campaign.iterations, .iterations_per_second = v.iterations_per_second,
                                  .replicas = v.campaign.replicas, .parts = v.campaign.parts, .utilisation = v.utilisation, .ranks = v.ranks};
  if (!terminal_) {
    print(report::progress_line(progress, 200) + "\n");
    return;
  }
  const std::string line = report::progress_line(progress, terminal_width());
  print("\r" + line + std::string(shown_ > line.size() ? shown_ - line.size() : 0, ' '));
  shown_ = line.size();
}

void Console::end_line() {
  if (shown_ > 0) print("\n");
  shown_ = 0;
}

void Console::warn(const std::string& text) {
  end_line();
  spdlog::warn("warning: {}", text);
}

void Console::note(const std::string& text) {
  if (quiet_) return;
  end_line();
  spdlog::info("{}", text);
}

}  // namespace tempera::app
