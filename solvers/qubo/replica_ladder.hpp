// What a campaign needs of an engine: one temperature ladder of replicas that goes on sweep by sweep, whatever the moves.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "solvers/core/random.hpp"

namespace tempera::qubo {

/// A state with its energy in units; `values` as in model::Answer::ints.
struct Found {
  std::int64_t energy = 0;
  std::vector<std::int32_t> values;
};

/// A state from elsewhere that takes the place of the replica on a rung.
struct Guest {
  std::int64_t rung = -1;            ///< -1: in the middle, where the energy of a good state fits
  std::vector<std::int32_t> values;  ///< as in Found
};

/// The state of a ladder between two tasks: enough to go on anywhere as if nothing had happened. Empty: not begun.
struct LadderImage {
  std::vector<std::int32_t> ints;
  std::vector<double> reals;
};

/// Everything random inside follows from the key given to `begin`. One virtual call covers whole sweeps.
class ReplicaLadder {
 public:
  virtual ~ReplicaLadder() = default;

  /// Starts a task: from an image or, where that is empty, from random states; then the guests come in. Forgets the best.
  virtual void begin(const LadderImage& image, const core::StreamKey& key, std::span<const Guest> guests) = 0;
  /// Makes `sweeps` sweeps, each with a swap pass.
  virtual void sweep(std::uint64_t sweeps) = 0;
  virtual LadderImage image() const = 0;

  /// The best since `begin`.
  virtual const Found& best() const = 0;
  /// The state on a rung; 0 is the coldest.
  virtual Found at(std::size_t rung) const = 0;
  virtual std::size_t rungs() const = 0;
  std::vector<Found> coldest(std::size_t count) const {
    std::vector<Found> found;
    for (std::size_t rung = 0; rung < count && rung < rungs(); ++rung) found.push_back(at(rung));
    return found;
  }

  virtual std::uint64_t attempts_per_sweep() const = 0;  ///< moves tried, all replicas
  virtual std::uint64_t round_trips() const = 0;
  virtual std::vector<double> acceptance() const = 0;    ///< of swaps, per pair from the coldest, since the first start
  virtual std::vector<double> temperatures() const = 0;  ///< units, from the coldest
};

}  // namespace tempera::qubo
