// Bytes between ranks of one node through memory they share: one copy in and one out, both in the cache, no call of the kernel.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "mpi/comm/mpi_check.hpp"
#include "solvers/core/rank_group.hpp"

namespace tempera::comm {

/// Every rank has two mailboxes that it fills in turn for one reader at a time.
class NodeMailboxes {
 public:
  /// Collective over `communicator`. Reaches nobody where the node gives no shared memory.
  explicit NodeMailboxes(MPI_Comm communicator);
  ~NodeMailboxes();
  NodeMailboxes(const NodeMailboxes&) = delete;
  NodeMailboxes& operator=(const NodeMailboxes&) = delete;

  bool reaches(int rank) const { return !boxes_.empty() && boxes_[static_cast<std::size_t>(rank)] != nullptr; }

  /// Fills the next mailbox for `reader`, as soon as its last reader has emptied it. `fill(bytes, room)` returns how many it wrote.
  template <class Fill>
  std::size_t send(int reader, Fill fill) {
    const std::size_t slot = turn_[static_cast<std::size_t>(reader)];
    std::byte* box = boxes_[static_cast<std::size_t>(rank_)];
    wait_for(box, slot, nobody);
    const std::size_t bytes = fill(box + content(slot), piece_bytes);
    mark(box, slot, static_cast<std::uint32_t>(reader) + 1);
    return bytes;
  }
  /// Empties the mailbox that `writer` filled for this rank. After `send` to the same rank, which takes turns with it.
  template <class Empty>
  void receive(int writer, Empty empty) {
    std::size_t& slot = turn_[static_cast<std::size_t>(writer)];
    std::byte* box = boxes_[static_cast<std::size_t>(writer)];
    wait_for(box, slot, static_cast<std::uint32_t>(rank_) + 1);
    empty(static_cast<const std::byte*>(box) + content(slot));
    mark(box, slot, nobody);
    slot ^= 1;
  }

 private:
  static constexpr std::size_t piece_bytes = 128 << 10;
  static constexpr std::size_t head_bytes = 4096;
  static constexpr std::uint32_t nobody = 0;
  static constexpr std::size_t content(std::size_t slot) { return head_bytes + slot * piece_bytes; }
  void wait_for(std::byte* box, std::size_t slot, std::uint32_t owner) const;
  static void mark(std::byte* box, std::size_t slot, std::uint32_t owner);

  MPI_Comm node_ = MPI_COMM_NULL;
  MPI_Win window_ = MPI_WIN_NULL;
  int rank_ = 0;
  std::vector<std::byte*> boxes_;   // per rank of the communicator; null: on another node
  std::vector<std::size_t> turn_;   // per partner: which of the two comes next, the same on both sides
};

}  // namespace tempera::comm
