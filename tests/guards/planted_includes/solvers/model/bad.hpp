// Planted faults for the control of check_layers.cmake; compiled by nobody.
#include <mpi.h>

#include "solvers/routing/sisr.hpp"
inline auto now() { return std::chrono::steady_clock::now(); }
