#define TEMPERA_VECTOR_BYTES 64
#define TEMPERA_KERNEL_SET avx512_set
#include "solvers/quantum/kernels_impl.hpp"

namespace tempera::quantum {
extern const Kernels<double> avx512_double;
extern const Kernels<float> avx512_float;
const Kernels<double> avx512_double = avx512_set::table<double>();
const Kernels<float> avx512_float = avx512_set::table<float>();
}  // namespace tempera::quantum
