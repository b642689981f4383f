#define TEMPERA_LANE_BUILD avx2_build
#include "solvers/qubo/lane_kernel_impl.hpp"
