// How long this process may run at all, whatever its budget says: a batch job is killed at its time limit.
#pragma once

#include <optional>
#include <string>

#include "solvers/core/budget.hpp"

namespace tempera::app {

struct Walltime {
  double stop_after = 0;  ///< seconds of the process at which it winds up, so that its files are written before the end
  std::string reason;     ///< for people: which limit, and how long it is
};

/// Time kept back for winding up: a hundredth of the whole, at least 10 s (a quarter of a very short one), at most 120 s.
double winding_up_seconds(double span_seconds);

/// The earlier of --max-hours and the end of the Slurm allocation (SLURM_JOB_END_TIME, seconds since 1970); nothing when there is
/// neither. Read once: a later jump of the calendar clock changes nothing.
/// @throws UserError when SLURM_JOB_END_TIME is not a number
std::optional<Walltime> allowed_walltime(std::optional<double> max_hours, const core::Stopwatch& started);

}  // namespace tempera::app
