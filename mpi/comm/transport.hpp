// Point-to-point messages between the ranks of a run. Behind it: MPI, one process alone, or an in-memory hub for tests.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace tempera::comm {

struct Envelope {
  int source = 0;
  int tag = 0;
  std::vector<std::byte> bytes;
};

/// Used by one thread. Messages of one source to one destination arrive in the order they were sent.
class Transport {
 public:
  virtual ~Transport() = default;
  virtual int rank() const = 0;
  virtual int size() const = 0;

  /// Returns at once; the bytes are kept until delivered. A rank may send to itself. @throws DataError when MPI refuses.
  virtual void send(int to, int tag, std::vector<std::byte> bytes) = 0;
  /// The next message, if one is there. Never blocks; also moves pending sends along.
  virtual std::optional<Envelope> poll() = 0;
  /// Sleeps until a message may be there or `seconds` are over. Does not burn the core.
  virtual void wait(double seconds) = 0;
  /// Waits until all sends are delivered or `seconds` are over; true when delivered.
  virtual bool flush(double seconds) = 0;
};

}  // namespace tempera::comm
