#include "mpi/comm/node_mailboxes.hpp"

#include <algorithm>
#include <atomic>
#include <numeric>
#include <thread>

namespace tempera::comm {

namespace {
using Owner = std::atomic<std::uint32_t>;
static_assert(Owner::is_always_lock_free, "the owner of a mailbox is told between processes");
constexpr std::size_t line_bytes = 64;
constexpr int patience = 200;  // looks before the core is given to somebody else

Owner& owner_of(std::byte* box, std::size_t slot) { return *reinterpret_cast<Owner*>(box + slot * line_bytes); }
}  // namespace

NodeMailboxes::NodeMailboxes(MPI_Comm communicator) {
  int size = 1, node_size = 1;
  check(MPI_Comm_rank(communicator, &rank_), "MPI_Comm_rank");
  check(MPI_Comm_size(communicator, &size), "MPI_Comm_size");
  check(MPI_Comm_split_type(communicator, MPI_COMM_TYPE_SHARED, rank_, MPI_INFO_NULL, &node_), "MPI_Comm_split_type");
  check(MPI_Comm_size(node_, &node_size), "MPI_Comm_size");
  if (node_size == 1) return;
  MPI_Comm_set_errhandler(node_, MPI_ERRORS_RETURN);
  std::byte* own = nullptr;
  const int code = MPI_Win_allocate_shared(head_bytes + 2 * piece_bytes, 1, MPI_INFO_NULL, node_, &own, &window_);
  int works = code == MPI_SUCCESS, all_work = 0;
  check(MPI_Allreduce(&works, &all_work, 1, MPI_INT, MPI_MIN, node_), "MPI_Allreduce");
  if (!all_work) {
    window_ = MPI_WIN_NULL;  // to free it takes all ranks, and not all have one
    return;
  }
  for (std::size_t slot = 0; slot < 2; ++slot) new (own + slot * line_bytes) Owner(nobody);
  boxes_.assign(static_cast<std::size_t>(size), nullptr);
  turn_.assign(static_cast<std::size_t>(size), 0);
  std::vector<int> on_node(static_cast<std::size_t>(node_size)), everywhere(on_node.size());
  std::iota(on_node.begin(), on_node.end(), 0);
  MPI_Group node_group = MPI_GROUP_NULL, group = MPI_GROUP_NULL;
  check(MPI_Comm_group(node_, &node_group), "MPI_Comm_group");
  check(MPI_Comm_group(communicator, &group), "MPI_Comm_group");
  check(MPI_Group_translate_ranks(node_group, node_size, on_node.data(), group, everywhere.data()), "MPI_Group_translate_ranks");
  MPI_Group_free(&node_group);
  MPI_Group_free(&group);
  for (const int mate : on_node) {
    MPI_Aint bytes = 0;
    int unit = 1;
    void* at = nullptr;
    check(MPI_Win_shared_query(window_, mate, &bytes, &unit, &at), "MPI_Win_shared_query");
    boxes_[static_cast<std::size_t>(everywhere[static_cast<std::size_t>(mate)])] = static_cast<std::byte*>(at);
  }
  check(MPI_Barrier(node_), "MPI_Barrier");  // all mailboxes are empty
}

NodeMailboxes::~NodeMailboxes() {
  if (window_ != MPI_WIN_NULL) MPI_Win_free(&window_);
  if (node_ != MPI_COMM_NULL) MPI_Comm_free(&node_);
}

void NodeMailboxes::wait_for(std::byte* box, std::size_t slot, std::uint32_t owner) const {
  const Owner& now = owner_of(box, slot);
  for (int looks = 0; now.load(std::memory_order_acquire) != owner;) {
    if (++looks < patience) continue;
    looks = 0;
    int flag = 0;  // messages to other nodes only move inside of MPI calls
    check(MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, node_, &flag, MPI_STATUS_IGNORE), "MPI_Iprobe");
    std::this_thread::yield();
  }
}

void NodeMailboxes::mark(std::byte* box, std::size_t slot, std::uint32_t owner) { owner_of(box, slot).store(owner, std::memory_order_release); }

}  // namespace tempera::comm
