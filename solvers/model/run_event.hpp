// What happens in a run, one thing at a time, in the order in which the master saw it: the event trace.
#pragma once

#include <cstdint>
#include <string>

namespace tempera::model {

enum class EventKind : std::uint8_t {
  run_started,      ///< cost: of the start solution
  task_given,       ///< rank, task, attempt, round
  task_returned,    ///< rank, task, attempt, round
  task_failed,      ///< rank, task, attempt, text: why; it goes elsewhere
  task_lost,        ///< task, text: why; its part keeps the previous solution
  worker_lost,      ///< rank, text: host and reason
  incumbent,        ///< cost
  round_closed,     ///< round: how many are complete; accepted of attempted: swaps so far
  checkpoint,       ///< text: why it could not be written, empty when it was
  stop_requested,   ///< rank on which the request arrived
  run_ended,        ///< cost
};

struct RunEvent {
  EventKind kind = EventKind::run_started;
  double seconds = 0;  ///< of the job, earlier runs of a resumed one included; never decreases
  int rank = -1;
  std::uint64_t task = 0;
  std::uint32_t attempt = 0;
  std::uint32_t round = 0;
  double cost = 0;
  std::uint64_t attempted = 0;
  std::uint64_t accepted = 0;
  std::string text = {};
};

}  // namespace tempera::model
