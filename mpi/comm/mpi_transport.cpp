#include "mpi/comm/mpi_transport.hpp"

#include <time.h>

#include <algorithm>
#include <climits>
#include <list>

#include "mpi/comm/mpi_check.hpp"
#include "solvers/core/budget.hpp"

namespace tempera::comm {

namespace {
// Between looks for a message while idle: short at first, so that an answer is not waited for, then long enough to leave
// the core to a rank that works.
constexpr double shortest_nap_seconds = 20e-6;
constexpr double longest_nap_seconds = 500e-6;

void nap(double seconds) {
  const timespec pause{0, static_cast<long>(seconds * 1e9)};
  nanosleep(&pause, nullptr);
}

struct PendingSend {
  std::vector<std::byte> bytes;
  MPI_Request request = MPI_REQUEST_NULL;
};

class MpiTransport final : public Transport {
 public:
  MpiTransport() {
    check(MPI_Comm_rank(MPI_COMM_WORLD, &rank_), "MPI_Comm_rank");
    check(MPI_Comm_size(MPI_COMM_WORLD, &size_), "MPI_Comm_size");
    check(MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN), "MPI_Comm_set_errhandler");
  }

  // Sends still under way when the transport goes are cancelled by the process' end; MPI keeps their buffers alive no longer.
  ~MpiTransport() override {
    for (PendingSend& send : pending_)
      if (send.request != MPI_REQUEST_NULL) MPI_Request_free(&send.request);
  }

  int rank() const override { return rank_; }
  int size() const override { return size_; }

  void send(int to, int tag, std::vector<std::byte> bytes) override {
    if (bytes.size() > INT_MAX) throw core::DataError("a message of " + std::to_string(bytes.size()) + " bytes is above MPI's limit of 2 GiB");
    PendingSend& send = pending_.emplace_back(PendingSend{std::move(bytes), MPI_REQUEST_NULL});
    check(MPI_Isend(send.bytes.data(), static_cast<int>(send.bytes.size()), MPI_BYTE, to, tag, MPI_COMM_WORLD, &send.request), "MPI_Isend");
  }

  // Matched probe and receive: no other receive can take the message in between.
  std::optional<Envelope> poll() override {
    progress_sends();
    int found = 0;
    MPI_Message message;
    MPI_Status status;
    check(MPI_Improbe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &found, &message, &status), "MPI_Improbe");
    if (!found) return std::nullopt;
    int size = 0;
    check(MPI_Get_count(&status, MPI_BYTE, &size), "MPI_Get_count");
    Envelope envelope{status.MPI_SOURCE, status.MPI_TAG, std::vector<std::byte>(static_cast<std::size_t>(size))};
    check(MPI_Mrecv(envelope.bytes.data(), size, MPI_BYTE, &message, MPI_STATUS_IGNORE), "MPI_Mrecv");
    return envelope;
  }

  void wait(double seconds) override {
    const core::Stopwatch watch;
    for (double pause = shortest_nap_seconds;; pause = std::min(2 * pause, longest_nap_seconds)) {
      progress_sends();
      int found = 0;
      check(MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &found, MPI_STATUS_IGNORE), "MPI_Iprobe");
      const double left = seconds - watch.seconds();
      if (found || left <= 0) return;
      nap(std::min(pause, left));
    }
  }

  bool flush(double seconds) override {
    const core::Stopwatch watch;
    for (;;) {
      progress_sends();
      if (pending_.empty()) return true;
      if (watch.seconds() > seconds) return false;
      nap(shortest_nap_seconds);
    }
  }

 private:
  void progress_sends() {
    for (auto send = pending_.begin(); send != pending_.end();) {
      int done = 0;
      check(MPI_Test(&send->request, &done, MPI_STATUS_IGNORE), "MPI_Test");
      send = done ? pending_.erase(send) : std::next(send);
    }
  }

  int rank_ = 0;
  int size_ = 1;
  std::list<PendingSend> pending_;  // a list: buffers must not move while MPI reads them
};
}  // namespace

std::unique_ptr<Transport> make_mpi_transport() { return std::make_unique<MpiTransport>(); }

}  // namespace tempera::comm
