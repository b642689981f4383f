#include "jobs/app/state_vector_setup.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <string>
#include <thread>

#include "mpi/comm/rank_group.hpp"
#include "solvers/core/error.hpp"
#include "solvers/quantum/qaoa_engine.hpp"

namespace tempera::app {

namespace {
// Ranks of this job on this node, as the launcher tells.
int ranks_on_node(int world) {
  for (const char* name : {"OMPI_COMM_WORLD_LOCAL_SIZE", "MPI_LOCALNRANKS"})
    if (const char* ranks = std::getenv(name)) return std::clamp(std::atoi(ranks), 1, world);
  return world;
}

double available_bytes() {
  std::ifstream file("/proc/meminfo");
  for (std::string word; file >> word;)
    if (word == "MemAvailable:") {
      double kibibytes = 0;
      file >> kibibytes;
      return kibibytes * 1024;
    }
  return 0;  // unknown: nothing is refused
}

std::string gibibytes(std::uint64_t bytes) { return fmt::format("{:.3g} GiB", static_cast<double>(bytes) / (1u << 30)); }
}  // namespace

StateRanks take_ranks(comm::Session& session, int qubits, int threads) {
  StateRanks ranks;
  ranks.world = session.world().size();
  ranks.used = quantum::most_ranks(qubits, ranks.world);
  ranks.group = comm::make_rank_group(session, ranks.used);
  const int share = static_cast<int>(std::thread::hardware_concurrency()) / std::min(ranks_on_node(ranks.world), ranks.used);
  ranks.threads = threads > 0 ? threads : std::max(1, share);
  if (ranks.used < ranks.world && session.world().rank() == 0)
    fmt::print(stderr, "tempera: {} of {} ranks take part, the other {} are idle: a state vector of {} qubits lies on a power of two of at most {} ranks.\n", ranks.used,
               ranks.world, ranks.world - ranks.used, qubits, quantum::most_ranks(qubits, 1 << 30));
  return ranks;
}

void require_memory(core::RankGroup& ranks, int qubits, const std::function<std::uint64_t(int)>& planned, bool print) {
  const int sharers = std::min(ranks_on_node(ranks.size()), ranks.size());
  const double available = available_bytes() / sharers;
  const auto fits = [&](int n) { return available == 0 || static_cast<double>(planned(n)) < 0.95 * available; };
  int most = 0;
  while (most < 40 && fits(most + 1)) ++most;
  std::vector<double> largest(static_cast<std::size_t>(ranks.size()));  // all ranks must decide alike
  largest[static_cast<std::size_t>(ranks.rank())] = most;
  ranks.sum(largest);
  most = static_cast<int>(*std::ranges::min_element(largest));
  if (print && ranks.rank() == 0) fmt::print(stderr, "tempera: {} qubits need {} on each of {} ranks.\n", qubits, gibibytes(planned(qubits)), ranks.size());
  if (qubits > most)
    throw core::UserError(fmt::format("{} qubits need {} on each of {} ranks, but only {} are free for one. The largest number that fits is {} qubits: take fewer qubits, single precision or more nodes.",
                                      qubits, gibibytes(planned(qubits)), ranks.size(), gibibytes(static_cast<std::uint64_t>(available)), most));
}

}  // namespace tempera::app
