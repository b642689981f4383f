// How fast the coupling graph grows with distance: tells sheets from bulks and random graphs.
#pragma once

#include "solvers/model/qubo_problem.hpp"

namespace tempera::qubo {

/// Mean ratio of the variables within 8 couplings of a variable to those within 4, over at most 16 variables spread evenly:
/// about 4 on a two-dimensional lattice, 8 on a cubic one, more on a random graph, and huge where a quarter of the
/// graph lies within 4.
double growth_ratio(const model::QuboProblem& problem);

/// Clusters of variables in which two replicas differ stay small on such a graph, so that exchanging them is a local move.
inline bool is_sheet(const model::QuboProblem& problem) { return problem.variables() >= 200 && growth_ratio(problem) < 5.5; }

}  // namespace tempera::qubo
