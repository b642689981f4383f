// Counter-based random streams (Philox4x32-10; Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011).
// A stream is named by what it is for, never by the rank that uses it, so an answer does not depend on the rank count.
#pragma once

#include <Random123/philox.h>

#include <array>
#include <cmath>
#include <cstdint>

namespace tempera::core {

/// Names a stream: the same key gives the same numbers on any machine and rank.
struct StreamKey {
  std::uint64_t seed = 0;      ///< the job's seed
  std::uint32_t domain = 0;    ///< what for: see StreamDomain
  std::uint32_t replica = 0;
  std::uint32_t part = 0;      ///< subproblem
  std::uint32_t step = 0;      ///< round, attempt or sweep
};

/// One number per use, so that no two uses ever share a stream.
enum StreamDomain : std::uint32_t {
  generate_instance = 1,
  anneal_routes = 2,
  swap_replicas = 3,
  split_routes = 4,
  anneal_qubo = 5,
  sample_state = 6,
  anneal_placement = 7,
  perturb_prices = 8,
  simulate_demand = 9,
  tabu_search = 10,
  search_rebalancing = 11,
  tests = 1000,
};

/// Uniform random numbers of one stream. Satisfies UniformRandomBitGenerator (32-bit).
class RandomStream {
 public:
  using result_type = std::uint32_t;

  explicit RandomStream(const StreamKey& key) {
    // Two Philox calls compress the 192-bit name into a 64-bit key and a 64-bit counter prefix.
    const Generator::key_type seed_key = {{low(key.seed), high(key.seed)}};
    const Generator::ctr_type name = {{key.domain, key.replica, key.part, key.step}};
    const Generator::ctr_type mixed = Generator()(name, seed_key);
    key_ = {{mixed[0], mixed[1]}};
    counter_ = {{0, 0, mixed[2], mixed[3]}};
  }

  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return 0xFFFFFFFFu; }

  result_type operator()() {
    if (next_ == block_size) refill();
    return buffer_[next_++];
  }

  /// Uniform integer in [0, bound), bound >= 1. Bias below bound / 2^32 (Lemire's multiply-shift without rejection).
  std::uint32_t below(std::uint32_t bound) {
    return static_cast<std::uint32_t>((std::uint64_t{(*this)()} * bound) >> 32);
  }

  /// Uniform in the open interval (0, 1): never 0, so its logarithm is finite.
  double uniform() { return ((*this)() + 0.5) * 0x1p-32; }

  /// True with probability p.
  bool chance(double p) { return uniform() < p; }

 private:
  using Generator = r123::Philox4x32;
  static constexpr unsigned block_size = 64;

  static std::uint32_t low(std::uint64_t v) { return static_cast<std::uint32_t>(v); }
  static std::uint32_t high(std::uint64_t v) { return static_cast<std::uint32_t>(v >> 32); }

  void refill() {
    for (unsigned i = 0; i < block_size; i += 4) {
      const Generator::ctr_type out = Generator()(counter_, key_);
      for (unsigned j = 0; j < 4; ++j) buffer_[i + j] = out[j];
      if (++counter_[0] == 0) ++counter_[1];
    }
    next_ = 0;
  }

  Generator::key_type key_{};
  Generator::ctr_type counter_{};
  std::array<std::uint32_t, block_size> buffer_{};
  unsigned next_ = block_size;
};

}  // namespace tempera::core
