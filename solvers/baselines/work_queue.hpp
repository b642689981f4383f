// The local search's list of what to look at next.
#pragma once

#include <cstdint>
#include <vector>

namespace tempera::baselines {

/// Visits whose surroundings changed, first in first out, each at most once: don't-look bits.
/// Source: Bentley, "Fast algorithms for geometric traveling salesman problems" (1992)
class WorkQueue {
 public:
  explicit WorkQueue(int nodes) : waiting_(static_cast<std::size_t>(nodes), false) {}
  bool empty() const { return head_ == queue_.size(); }
  void push(std::int32_t node) {
    if (static_cast<std::size_t>(node) >= waiting_.size()) waiting_.resize(static_cast<std::size_t>(node) + 1, false);
    if (waiting_[static_cast<std::size_t>(node)]) return;
    waiting_[static_cast<std::size_t>(node)] = true;
    queue_.push_back(node);
  }
  std::int32_t pop() {
    const std::int32_t node = queue_[head_++];
    waiting_[static_cast<std::size_t>(node)] = false;
    if (head_ > 4096 && head_ * 2 > queue_.size()) {
      queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(head_));
      head_ = 0;
    }
    return node;
  }

 private:
  std::vector<std::int32_t> queue_;
  std::size_t head_ = 0;
  std::vector<bool> waiting_;
};

}  // namespace tempera::baselines
