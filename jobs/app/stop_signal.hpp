// SIGINT, SIGTERM and SIGUSR1 ask the run to stop; it then checkpoints, writes what it has and leaves with exit code 3.
#pragma once

namespace tempera::app {

void watch_stop_signals();
bool stop_requested();

}  // namespace tempera::app
