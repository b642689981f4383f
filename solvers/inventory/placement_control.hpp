// The classical comparison of a placement run: exact where that is quick, else a descent, and CBC on small networks.
#pragma once

#include <cstdint>
#include <string>

#include "solvers/model/placement_problem.hpp"

namespace tempera::inventory {

struct PlacementControl {
  model::PlacementPlan plan;
  std::string method;
  bool fits = true;  ///< false: no plan was found that keeps the storage of every site; `plan` is the nearest
};

/// What may be the control; `automatic` takes what suits the network.
enum class PlacementMethod { automatic, tree, descent, programme };

/// Trees: the exact programme, unless its plan overfills a site. Else a descent by vertex moves from no service times and, where
/// storage is short, from the plans of a programme that prices it; CBC where the network is small and it does better.
/// With a method named that one alone; where it finds no plan, `fits` is false and `plan` is empty.
/// @param programme_seconds  for CBC; 0: without it, and the answer does not depend on time
PlacementControl placement_control(const model::PlacementProblem& problem, std::uint64_t seed, double programme_seconds, PlacementMethod method = PlacementMethod::automatic);

}  // namespace tempera::inventory
