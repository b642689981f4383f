#include "solvers/qubo/lane_kernel.hpp"

#include "solvers/qubo/dense_kernel.hpp"

namespace tempera::qubo {

namespace portable_build {
void sweep(const DenseSystem<std::int8_t>& system);
void sweep(const DenseSystem<std::int16_t>& system);
void sweep(const DenseSystem<std::int32_t>& system);
void sweep(const LaneSystem<std::int16_t>& system);
void sweep(const LaneSystem<std::int32_t>& system);
}  // namespace portable_build
#if defined(__x86_64__)
namespace avx2_build {
void sweep(const DenseSystem<std::int8_t>& system);
void sweep(const DenseSystem<std::int16_t>& system);
void sweep(const DenseSystem<std::int32_t>& system);
void sweep(const LaneSystem<std::int16_t>& system);
void sweep(const LaneSystem<std::int32_t>& system);
}  // namespace avx2_build
namespace avx512_build {
void sweep(const DenseSystem<std::int8_t>& system);
void sweep(const DenseSystem<std::int16_t>& system);
void sweep(const DenseSystem<std::int32_t>& system);
void sweep(const LaneSystem<std::int16_t>& system);
void sweep(const LaneSystem<std::int32_t>& system);
}  // namespace avx512_build
#endif

std::string_view name_of(Isa isa) {
  switch (isa) {
    case Isa::portable: return "portable";
    case Isa::avx2: return "AVX2";
    case Isa::avx512: return "AVX-512";
  }
  return "";
}

bool is_supported(Isa isa) {
#if defined(__x86_64__)
  if (isa == Isa::avx512) return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
  if (isa == Isa::avx2) return __builtin_cpu_supports("avx2");
#endif
  return isa == Isa::portable;
}

Isa best_isa() {
  for (const Isa isa : {Isa::avx512, Isa::avx2})
    if (is_supported(isa)) return isa;
  return Isa::portable;
}

namespace {
template <class System>
auto sweep_of(Isa isa) -> void (*)(const System&) {
#if defined(__x86_64__)
  if (isa == Isa::avx512) return &avx512_build::sweep;
  if (isa == Isa::avx2) return &avx2_build::sweep;
#endif
  (void)isa;
  return &portable_build::sweep;
}
}  // namespace

LaneSweep<std::int16_t> lane_sweep_16(Isa isa) { return sweep_of<LaneSystem<std::int16_t>>(isa); }
LaneSweep<std::int32_t> lane_sweep_32(Isa isa) { return sweep_of<LaneSystem<std::int32_t>>(isa); }
DenseSweep<std::int8_t> dense_sweep_8(Isa isa) { return sweep_of<DenseSystem<std::int8_t>>(isa); }
DenseSweep<std::int16_t> dense_sweep_16(Isa isa) { return sweep_of<DenseSystem<std::int16_t>>(isa); }
DenseSweep<std::int32_t> dense_sweep_32(Isa isa) { return sweep_of<DenseSystem<std::int32_t>>(isa); }

}  // namespace tempera::qubo
