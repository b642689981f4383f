// core::RankGroup over MPI, and over threads of one process.
#pragma once

#include <memory>
#include <vector>

#include "mpi/comm/session.hpp"
#include "solvers/core/rank_group.hpp"

namespace tempera::comm {

/// The first `ranks` ranks of the session's world, on a communicator of their own. Collective over all ranks of the world; empty
/// on the others, which have nothing to do. Lives shorter than the session. @throws DataError when MPI refuses
std::unique_ptr<core::RankGroup> make_rank_group(Session& session, int ranks);

/// `ranks` groups joined in memory, each for a thread of its own.
std::vector<std::unique_ptr<core::RankGroup>> make_memory_rank_groups(int ranks);

}  // namespace tempera::comm
