#include "jobs/app/walltime.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "io/report/numbers.hpp"
#include "solvers/core/error.hpp"

namespace tempera::app {

namespace {
Walltime within(double span, const std::string& of_what) {
  return {.stop_after = std::max(0.0, span - winding_up_seconds(span)), .reason = fmt::format("{} is {}", of_what, report::duration(span))};
}

// Seconds of this process at which the allocation ends.
std::optional<double> allocation_end(const core::Stopwatch& started) {
  const char* text = std::getenv("SLURM_JOB_END_TIME");
  if (text == nullptr || std::getenv("SLURM_JOB_ID") == nullptr) return std::nullopt;
  char* end = nullptr;
  const double end_time = std::strtod(text, &end);
  if (end == text || *end != '\0') throw core::UserError(fmt::format("SLURM_JOB_END_TIME is '{}', not a number of seconds. Unset it.", text));
  const double left = end_time - core::unix_seconds();
  if (left <= 0) return std::nullopt;  // left over from another allocation, or UNLIMITED
  return started.seconds() + left;
}
}  // namespace

double winding_up_seconds(double span) { return std::clamp(span / 100, std::min(10.0, span / 4), 120.0); }

std::optional<Walltime> allowed_walltime(std::optional<double> max_hours, const core::Stopwatch& started) {
  std::optional<Walltime> allowed;
  if (max_hours) allowed = within(*max_hours * 3600, "--max-hours");
  if (const auto end = allocation_end(started))
    if (Walltime slurm = within(*end, "the time that the allocation has left"); !allowed || slurm.stop_after < allowed->stop_after) allowed = std::move(slurm);
  return allowed;
}

}  // namespace tempera::app
