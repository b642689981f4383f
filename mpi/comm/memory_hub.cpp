#include "mpi/comm/memory_hub.hpp"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>

namespace tempera::comm {

namespace {
struct Mailbox {
  std::mutex mutex;
  std::condition_variable arrived;
  std::deque<Envelope> messages;
};

using Mailboxes = std::vector<Mailbox>;

class HubTransport final : public Transport {
 public:
  HubTransport(std::shared_ptr<Mailboxes> boxes, int rank) : boxes_(std::move(boxes)), rank_(rank) {}

  int rank() const override { return rank_; }
  int size() const override { return static_cast<int>(boxes_->size()); }

  void send(int to, int tag, std::vector<std::byte> bytes) override {
    Mailbox& box = boxes_->at(static_cast<std::size_t>(to));
    {
      const std::lock_guard lock(box.mutex);
      box.messages.push_back({rank_, tag, std::move(bytes)});
    }
    box.arrived.notify_one();
  }

  std::optional<Envelope> poll() override {
    Mailbox& box = own();
    const std::lock_guard lock(box.mutex);
    if (box.messages.empty()) return std::nullopt;
    Envelope envelope = std::move(box.messages.front());
    box.messages.pop_front();
    return envelope;
  }

  void wait(double seconds) override {
    Mailbox& box = own();
    std::unique_lock lock(box.mutex);
    box.arrived.wait_for(lock, std::chrono::duration<double>(seconds), [&] { return !box.messages.empty(); });
  }

  bool flush(double) override { return true; }

 private:
  Mailbox& own() { return (*boxes_)[static_cast<std::size_t>(rank_)]; }

  std::shared_ptr<Mailboxes> boxes_;
  int rank_;
};
}  // namespace

std::vector<std::unique_ptr<Transport>> make_memory_hub(int ranks) {
  const auto boxes = std::make_shared<Mailboxes>(static_cast<std::size_t>(ranks));
  std::vector<std::unique_ptr<Transport>> transports;
  for (int rank = 0; rank < ranks; ++rank) transports.push_back(std::make_unique<HubTransport>(boxes, rank));
  return transports;
}

}  // namespace tempera::comm
