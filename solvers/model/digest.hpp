// A 64-bit fingerprint of a problem, so that a checkpoint is never continued on another one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "solvers/model/placement_network.hpp"
#include "solvers/model/qap_problem.hpp"
#include "solvers/model/qubo_problem.hpp"
#include "solvers/model/rebalancing_problem.hpp"
#include "solvers/model/routing_instance.hpp"

namespace tempera::model {

/// FNV-1a over every field that changes an answer (name, comment and node ids excluded). Same on every rank and machine of one endianness.
std::uint64_t digest(const RoutingInstance& instance);
std::uint64_t digest(const PlacementNetwork& network);
std::uint64_t digest(const QuboProblem& problem);
std::uint64_t digest(const QapProblem& problem);
std::uint64_t digest(const RebalancingProblem& problem);

/// Of a text, for what has no struct of its own.
std::uint64_t digest(std::string_view text);

/// 16 hexadecimal digits.
std::string digest_text(std::uint64_t digest);

}  // namespace tempera::model
