// Angles that were good on many problems: a start for the search on another.
#pragma once

#include "solvers/quantum/qaoa.hpp"

namespace tempera::quantum {

/// Mean optimal angles of complete Ising models (Sherrington and Kirkpatrick), rescaled to the couplings and the mean degree of this
/// cost; above depth 8 those of depth 8, stretched. Computed by Tempera: tests/bench/angle_table.
Angles tabled_angles(int depth, const CostPolynomial& cost);

}  // namespace tempera::quantum
