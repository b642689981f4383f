// Transports without MPI: ranks as threads of one process (tests), or one rank alone (no launcher).
#pragma once

#include <memory>
#include <vector>

#include "mpi/comm/transport.hpp"

namespace tempera::comm {

/// `ranks` transports joined in memory. Each may be used by its own thread; the hub lives as long as one of them.
std::vector<std::unique_ptr<Transport>> make_memory_hub(int ranks);

}  // namespace tempera::comm
