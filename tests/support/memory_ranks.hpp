// Ranks as threads of one process: what computes over a RankGroup can be tried without MPI.
#pragma once

#include <thread>
#include <vector>

#include "mpi/comm/rank_group.hpp"

namespace tempera::tests {

/// Calls body(group) on so many ranks at once, and waits for all.
template <class Body>
void on_ranks(int ranks, const Body& body) {
  auto groups = comm::make_memory_rank_groups(ranks);
  std::vector<std::thread> threads;
  for (auto& group : groups) threads.emplace_back([&body, &group] { body(*group); });
  for (std::thread& thread : threads) thread.join();
}

}  // namespace tempera::tests
