// What a job asks of the hybrid step.
#pragma once

#include <cstdint>

namespace tempera::model {

struct HybridRequest {
  std::int32_t choices = 20;       ///< decisions at most, 1 to 26
  std::int32_t depth = 4;          ///< layers of the circuit
  std::uint64_t shots = 1000;      ///< of QAOA and of uniform picks
};

}  // namespace tempera::model
