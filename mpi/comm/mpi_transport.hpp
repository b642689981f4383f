// Transport over MPI_COMM_WORLD. Made by Session only.
#pragma once

#include <memory>

#include "mpi/comm/transport.hpp"

namespace tempera::comm {

/// MPI must be initialised, and stay so while the transport lives. Point-to-point only: a rank that died hangs nobody.
std::unique_ptr<Transport> make_mpi_transport();

}  // namespace tempera::comm
