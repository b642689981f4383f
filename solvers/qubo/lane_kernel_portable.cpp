#define TEMPERA_LANE_BUILD portable_build
#include "solvers/qubo/lane_kernel_impl.hpp"
