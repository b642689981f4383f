// What every command on a state vector settles first: which ranks take part, how many threads, and whether the memory is there.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "mpi/comm/session.hpp"
#include "solvers/core/rank_group.hpp"

namespace tempera::app {

/// The ranks of a state vector of this many qubits. Collective over the world.
struct StateRanks {
  std::unique_ptr<core::RankGroup> group;   ///< empty on an idle rank
  int used = 1;
  int world = 1;
  int threads = 1;                          ///< of this rank
};

/// @param threads  wanted for each rank; 0: an equal share of the processors
StateRanks take_ranks(comm::Session& session, int qubits, int threads);

/// Compares what each rank plans to hold with what is free on its node; prints the plan to stderr on rank 0. Collective.
/// @param planned  bytes of one rank for so many qubits
/// @throws UserError on all ranks, with the largest number of qubits that fits
void require_memory(core::RankGroup& ranks, int qubits, const std::function<std::uint64_t(int)>& planned, bool print);

}  // namespace tempera::app
