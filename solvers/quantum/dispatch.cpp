#include <fmt/format.h>

#include "solvers/core/error.hpp"
#include "solvers/quantum/kernels.hpp"

namespace tempera::quantum {

extern const Kernels<double> portable_double;
extern const Kernels<float> portable_float;
#ifdef TEMPERA_X86
extern const Kernels<double> avx2_double, avx512_double;
extern const Kernels<float> avx2_float, avx512_float;
#endif

std::string_view name_of(InstructionSet set) {
  return set == InstructionSet::avx512 ? "AVX-512" : set == InstructionSet::avx2 ? "AVX2" : "portable";
}

bool runs_here(InstructionSet set) {
#ifdef TEMPERA_X86
  if (set == InstructionSet::avx2) return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  if (set == InstructionSet::avx512) return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
#endif
  return set == InstructionSet::portable;
}

InstructionSet best_instruction_set() {
  for (const InstructionSet set : {InstructionSet::avx512, InstructionSet::avx2})
    if (runs_here(set)) return set;
  return InstructionSet::portable;
}

template <class Real>
const Kernels<Real>& kernels(InstructionSet set) {
  if (!runs_here(set)) throw core::UserError(fmt::format("This machine does not run {} instructions.", name_of(set)));
  if constexpr (sizeof(Real) == 8) {
#ifdef TEMPERA_X86
    if (set == InstructionSet::avx512) return avx512_double;
    if (set == InstructionSet::avx2) return avx2_double;
#endif
    return portable_double;
  } else {
#ifdef TEMPERA_X86
    if (set == InstructionSet::avx512) return avx512_float;
    if (set == InstructionSet::avx2) return avx2_float;
#endif
    return portable_float;
  }
}

template const Kernels<double>& kernels<double>(InstructionSet);
template const Kernels<float>& kernels<float>(InstructionSet);

}  // namespace tempera::quantum
