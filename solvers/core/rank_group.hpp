// Ranks that compute together on one array. Implemented over MPI and over threads in mpi/comm; alone, here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace tempera::core {

/// `count` blocks of `block` bytes, `stride` bytes apart.
struct StridedBytes {
  std::byte* first = nullptr;
  std::size_t block = 0;
  std::size_t stride = 0;
  std::size_t count = 0;
};

/// Every call but rank() and size() is collective: all ranks make the same calls in the same order, each from one thread.
class RankGroup {
 public:
  virtual ~RankGroup() = default;
  virtual int rank() const = 0;
  virtual int size() const = 0;

  /// Trades `data` for the `data` of `partner`, which calls it with this rank and the same shape. In place.
  virtual void swap_with(int partner, const StridedBytes& data) = 0;
  /// Replaces each value by its sum over the ranks, added in rank order, so that all ranks hold the same bits.
  virtual void sum(std::span<double> values) = 0;
  /// Bytes that swap_with has sent from this rank.
  virtual std::uint64_t bytes_sent() const = 0;
};

/// One process alone.
class SingleRank final : public RankGroup {
 public:
  int rank() const override { return 0; }
  int size() const override { return 1; }
  void swap_with(int, const StridedBytes&) override {}
  void sum(std::span<double>) override {}
  std::uint64_t bytes_sent() const override { return 0; }
};

}  // namespace tempera::core
