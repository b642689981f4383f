#define TEMPERA_VECTOR_BYTES 16
#define TEMPERA_KERNEL_SET portable_set
#include "solvers/quantum/kernels_impl.hpp"

namespace tempera::quantum {
extern const Kernels<double> portable_double;
extern const Kernels<float> portable_float;
const Kernels<double> portable_double = portable_set::table<double>();
const Kernels<float> portable_float = portable_set::table<float>();
}  // namespace tempera::quantum
