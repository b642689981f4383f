#include "mpi/comm/rank_group.hpp"

#include <algorithm>
#include <barrier>
#include <cstring>
#include <utility>

#include "mpi/comm/mpi_check.hpp"
#include "mpi/comm/node_mailboxes.hpp"

namespace tempera::comm {

namespace {
constexpr std::size_t piece_bytes = 256 << 10;  // bounces through the cache

// Walks blocks in order, copying to or from a contiguous piece.
class Blocks {
 public:
  explicit Blocks(const core::StridedBytes& data) : data_(data) {}
  bool done() const { return block_ == data_.count; }

  /// Copies up to `room` bytes out of the blocks; returns how many.
  std::size_t read(std::byte* piece, std::size_t room) {
    return walk(room, [piece](const std::byte* at, std::size_t place, std::size_t n) { std::memcpy(piece + place, at, n); });
  }
  /// Copies `bytes` into the blocks.
  void write(const std::byte* piece, std::size_t bytes) {
    walk(bytes, [piece](std::byte* at, std::size_t place, std::size_t n) { std::memcpy(at, piece + place, n); });
  }

 private:
  template <class Copy>
  std::size_t walk(std::size_t room, Copy copy) {
    std::size_t moved = 0;
    while (!done() && moved < room) {
      const std::size_t bytes = std::min(data_.block - inside_, room - moved);
      copy(data_.first + block_ * data_.stride + inside_, moved, bytes);
      moved += bytes;
      inside_ += bytes;
      if (inside_ == data_.block) inside_ = 0, ++block_;
    }
    return moved;
  }

  core::StridedBytes data_;
  std::size_t block_ = 0;
  std::size_t inside_ = 0;
};

// Freed last: the mailboxes live on a part of it.
class OwnedCommunicator {
 public:
  explicit OwnedCommunicator(MPI_Comm communicator) : communicator_(communicator) {}
  OwnedCommunicator(OwnedCommunicator&& other) noexcept : communicator_(std::exchange(other.communicator_, MPI_COMM_NULL)) {}
  OwnedCommunicator& operator=(OwnedCommunicator&&) = delete;
  ~OwnedCommunicator() {
    if (communicator_ != MPI_COMM_NULL) MPI_Comm_free(&communicator_);
  }
  operator MPI_Comm() const { return communicator_; }

 private:
  MPI_Comm communicator_;
};

class MpiRankGroup final : public core::RankGroup {
 public:
  explicit MpiRankGroup(OwnedCommunicator communicator) : communicator_(std::move(communicator)), mailboxes_(communicator_), out_(piece_bytes), in_(piece_bytes) {
    check(MPI_Comm_rank(communicator_, &rank_), "MPI_Comm_rank");
    check(MPI_Comm_size(communicator_, &size_), "MPI_Comm_size");
  }
  MpiRankGroup(const MpiRankGroup&) = delete;
  MpiRankGroup& operator=(const MpiRankGroup&) = delete;

  int rank() const override { return rank_; }
  int size() const override { return size_; }
  std::uint64_t bytes_sent() const override { return sent_; }

  void swap_with(int partner, const core::StridedBytes& data) override {
    if (mailboxes_.reaches(partner)) return swap_on_node(partner, data);
    Blocks reading(data), writing(data);
    while (!reading.done()) {
      const std::size_t bytes = reading.read(out_.data(), piece_bytes);
      const int count = static_cast<int>(bytes);
      check(MPI_Sendrecv(out_.data(), count, MPI_BYTE, partner, 0, in_.data(), count, MPI_BYTE, partner, 0, communicator_, MPI_STATUS_IGNORE), "MPI_Sendrecv");
      writing.write(in_.data(), bytes);
      sent_ += bytes;
    }
  }

  void sum(std::span<double> values) override {
    const int count = static_cast<int>(values.size());
    std::vector<double> all(values.size() * static_cast<std::size_t>(size_));
    check(MPI_Allgather(values.data(), count, MPI_DOUBLE, all.data(), count, MPI_DOUBLE, communicator_), "MPI_Allgather");
    for (std::size_t k = 0; k < values.size(); ++k) {
      values[k] = 0;
      for (std::size_t r = 0; r < static_cast<std::size_t>(size_); ++r) values[k] += all[r * values.size() + k];
    }
  }

 private:
  void swap_on_node(int partner, const core::StridedBytes& data) {
    Blocks reading(data), writing(data);
    while (!reading.done()) {
      const std::size_t bytes = mailboxes_.send(partner, [&](std::byte* box, std::size_t room) { return reading.read(box, room); });
      mailboxes_.receive(partner, [&](const std::byte* box) { writing.write(box, bytes); });
      sent_ += bytes;
    }
  }

  OwnedCommunicator communicator_;
  NodeMailboxes mailboxes_;
  int rank_ = 0;
  int size_ = 1;
  std::uint64_t sent_ = 0;
  std::vector<std::byte> out_, in_;
};

struct SharedRanks {
  explicit SharedRanks(int ranks) : meeting(ranks), swapped(static_cast<std::size_t>(ranks)), summed(static_cast<std::size_t>(ranks)) {}
  std::barrier<> meeting;
  std::vector<core::StridedBytes> swapped;
  std::vector<std::vector<double>> summed;
};

class MemoryRankGroup final : public core::RankGroup {
 public:
  MemoryRankGroup(std::shared_ptr<SharedRanks> shared, int rank) : shared_(std::move(shared)), rank_(rank) {}

  int rank() const override { return rank_; }
  int size() const override { return static_cast<int>(shared_->swapped.size()); }
  std::uint64_t bytes_sent() const override { return sent_; }

  void swap_with(int partner, const core::StridedBytes& data) override {
    shared_->swapped[static_cast<std::size_t>(rank_)] = data;
    shared_->meeting.arrive_and_wait();
    const core::StridedBytes& theirs = shared_->swapped[static_cast<std::size_t>(partner)];
    for (std::size_t b = 0; rank_ < partner && b < data.count; ++b)
      std::swap_ranges(data.first + b * data.stride, data.first + b * data.stride + data.block, theirs.first + b * theirs.stride);
    sent_ += data.block * data.count;
    shared_->meeting.arrive_and_wait();
  }

  void sum(std::span<double> values) override {
    shared_->summed[static_cast<std::size_t>(rank_)].assign(values.begin(), values.end());
    shared_->meeting.arrive_and_wait();
    for (std::size_t k = 0; k < values.size(); ++k) {
      values[k] = 0;
      for (const auto& other : shared_->summed) values[k] += other[k];
    }
    shared_->meeting.arrive_and_wait();
  }

 private:
  std::shared_ptr<SharedRanks> shared_;
  int rank_;
  std::uint64_t sent_ = 0;
};
}  // namespace

std::unique_ptr<core::RankGroup> make_rank_group(Session& session, int ranks) {
  if (!session.has_mpi()) return ranks == 1 ? std::make_unique<core::SingleRank>() : nullptr;
  MPI_Comm communicator = MPI_COMM_NULL;
  const bool in = session.world().rank() < ranks;
  check(MPI_Comm_split(MPI_COMM_WORLD, in ? 0 : MPI_UNDEFINED, session.world().rank(), &communicator), "MPI_Comm_split");
  return in ? std::make_unique<MpiRankGroup>(OwnedCommunicator(communicator)) : nullptr;
}

std::vector<std::unique_ptr<core::RankGroup>> make_memory_rank_groups(int ranks) {
  const auto shared = std::make_shared<SharedRanks>(ranks);
  std::vector<std::unique_ptr<core::RankGroup>> groups;
  for (int r = 0; r < ranks; ++r) groups.push_back(std::make_unique<MemoryRankGroup>(shared, r));
  return groups;
}

}  // namespace tempera::comm
