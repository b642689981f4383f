// What asks a run to stop before its budget is spent: SIGINT, SIGTERM or SIGUSR1 on any rank, or the end of the wall time. It
// then checkpoints, writes what it has and leaves with exit code 3, or 75 where its allocation should run it again.
#pragma once

#include "jobs/app/walltime.hpp"
#include "solvers/core/budget.hpp"
#include "solvers/core/error.hpp"

namespace tempera::app {

void watch_stop_signals();
/// From now on the end of the wall time asks too.
void watch_walltime(const Walltime& allowed, const core::Stopwatch& started);

/// The first signal that asked this process, or the rank that told this one, to stop; 0 while none did.
int stop_signal();
/// Another rank got this signal.
void note_stop_signal(int signal);
/// Asked between small pieces of work by whatever takes long.
bool stop_requested();

/// 75 inside an allocation whose time is up (by the clock, or by SIGUSR1, the warning that batch scripts send), 3 otherwise: who
/// interrupts or cancels a run does not want it back.
core::ExitCode stopped_exit_code();

}  // namespace tempera::app
