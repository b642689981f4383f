#define TEMPERA_VECTOR_BYTES 32
#define TEMPERA_KERNEL_SET avx2_set
#include "solvers/quantum/kernels_impl.hpp"

namespace tempera::quantum {
extern const Kernels<double> avx2_double;
extern const Kernels<float> avx2_float;
const Kernels<double> avx2_double = avx2_set::table<double>();
const Kernels<float> avx2_float = avx2_set::table<float>();
}  // namespace tempera::quantum
