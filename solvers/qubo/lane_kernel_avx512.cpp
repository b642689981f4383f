#define TEMPERA_LANE_BUILD avx512_build
#include "solvers/qubo/lane_kernel_impl.hpp"
