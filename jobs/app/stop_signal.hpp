// SIGINT, SIGTERM and SIGUSR1 ask the run to stop; it then checkpoints, writes what it has and leaves with exit code 3 (or 75).
#pragma once

namespace tempera::app {

void watch_stop_signals();
/// The first signal that asked this process, or the rank that told this one, to stop; 0 while none did.
int stop_signal();
inline bool stop_requested() { return stop_signal() != 0; }
/// Another rank got this signal.
void note_stop_signal(int signal);

}  // namespace tempera::app
