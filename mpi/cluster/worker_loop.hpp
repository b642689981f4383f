// The life of a rank that is not the master.
#pragma once

#include "mpi/comm/transport.hpp"

namespace tempera::cluster {

/// Serves the master until it says Leave; returns the exit code that it orders. Works tasks in slices and looks for
/// messages between them. A task that throws is reported and the loop goes on. Not collective.
int run_worker(comm::Transport& transport);

}  // namespace tempera::cluster
