#include "solvers/quantum/register.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <utility>

#include "solvers/core/error.hpp"
#include "solvers/quantum/block_swap.hpp"
#include "solvers/quantum/draw.hpp"
#include "solvers/quantum/parts.hpp"
#include "solvers/quantum/qaoa_engine.hpp"

namespace tempera::quantum {

namespace {
constexpr int most_gate_qubits = 4;

template <class Real>
struct BuiltPlan {
  std::vector<typename GatePlan<Real>::Term> terms;
  std::vector<Real> factors;
  GatePlan<Real> plan;
};

// Factors of every lane: row and column of the matrix are put together from the high target bits of the line and the low ones of
// the lane. Where a control inside the lane is 0, the gate is the identity.
template <class Real>
BuiltPlan<Real> make_plan(const std::vector<int>& places, const Matrix& matrix, std::uint64_t controls, int local) {
  constexpr int lane_qubits = Layout<Real>::lane_qubits;
  constexpr std::size_t lanes = Layout<Real>::lanes;
  BuiltPlan<Real> built;
  std::vector<std::size_t> low, high;  // bits of the matrix index
  for (std::size_t j = 0; j < places.size(); ++j) (places[j] < lane_qubits ? low : high).push_back(j);
  std::ranges::sort(high, {}, [&](std::size_t j) { return places[j]; });
  built.plan.group_bits = static_cast<int>(high.size());
  for (std::size_t k = 0; k < high.size(); ++k) built.plan.line_bits[k] = places[high[k]] - lane_qubits;
  built.plan.controls = controls >> lane_qubits;
  built.plan.lines = std::max<std::uint64_t>(1, (std::uint64_t{1} << local) >> lane_qubits);
  const std::uint64_t lane_controls = controls & (lanes - 1);
  const std::size_t size = std::size_t{1} << places.size();
  const auto high_part = [&](int line) {
    std::size_t index = 0;
    for (std::size_t k = 0; k < high.size(); ++k) index |= static_cast<std::size_t>(line >> k & 1) << high[k];
    return index;
  };
  for (int to = 0; to < 1 << high.size(); ++to)
    for (int from = 0; from < 1 << high.size(); ++from)
      for (std::size_t pattern = 0; pattern < std::size_t{1} << low.size(); ++pattern) {
        std::size_t moved = 0, exchange = 0;  // the pattern as bits of the matrix index, and of the lane
        for (std::size_t k = 0; k < low.size(); ++k)
          if (pattern >> k & 1) moved |= std::size_t{1} << low[k], exchange |= std::size_t{1} << places[low[k]];
        std::vector<Real> factors(2 * lanes);
        bool any = false;
        for (std::size_t lane = 0; lane < lanes; ++lane) {
          std::size_t row = high_part(to), column = high_part(from);
          for (const std::size_t j : low) {
            const std::size_t bit = lane >> places[j] & 1;
            row |= bit << j;
            column |= bit << j;
          }
          std::complex<double> factor = matrix[row * size + (column ^ moved)];
          if ((lane & lane_controls) != lane_controls) factor = to == from && exchange == 0 ? 1 : 0;
          factors[lane] = static_cast<Real>(factor.real());
          factors[lanes + lane] = static_cast<Real>(factor.imag());
          any = any || factor != 0.0;
        }
        if (!any) continue;
        built.terms.push_back({.to = to, .from = from, .lanes = static_cast<int>(exchange), .factors = built.factors.size()});
        built.factors.insert(built.factors.end(), factors.begin(), factors.end());
      }
  built.plan.terms = built.terms.data();
  built.plan.term_count = built.terms.size();
  built.plan.factors = built.factors.data();
  return built;
}

// Rows and columns of `matrix` whose bit `bit` has this value.
Matrix fixed(const Matrix& matrix, std::size_t qubits, std::size_t bit, bool value) {
  const std::size_t size = std::size_t{1} << qubits, half = size / 2;
  const auto wide = [&](std::size_t k) {
    const std::size_t below = k & ((std::size_t{1} << bit) - 1);
    return (k - below) << 1 | static_cast<std::size_t>(value) << bit | below;
  };
  Matrix smaller(half * half);
  for (std::size_t r = 0; r < half; ++r)
    for (std::size_t c = 0; c < half; ++c) smaller[r * half + c] = matrix[wide(r) * size + wide(c)];
  return smaller;
}

int checked_rank_qubits(int qubits, int ranks) {
  if (most_ranks(qubits, ranks) != ranks)
    throw core::UserError(fmt::format("{} qubits cannot lie on {} ranks. Use a power of two, at most {} here.", qubits, ranks, most_ranks(qubits, ranks)));
  return std::countr_zero(static_cast<unsigned>(ranks));
}
}  // namespace

template <class Real>
Register<Real>::Register(int qubits, core::RankGroup& ranks, int threads, InstructionSet instructions)
    : qubits_(qubits), ranks_(&ranks), rank_qubits_(checked_rank_qubits(qubits, ranks.size())), local_(qubits - rank_qubits_),
      threads_(local_ < 15 ? 1 : threads), kernels_(&kernels<Real>(instructions)), amplitudes_(Layout<Real>::reals(local_)),
      place_(static_cast<std::size_t>(qubits)) {
  std::iota(place_.begin(), place_.end(), 0);
  qubit_at_ = place_;
  for_parts(amplitudes_.size(), threads_, [&](std::uint64_t first, std::uint64_t count) { std::fill_n(amplitudes_.data() + first, count, Real(0)); });
  if (ranks.rank() == 0) amplitudes_[0] = 1;
}

// ---- gates ----------------------------------------------------------------------------------------------------------------------------

template <class Real>
void Register<Real>::apply_local(std::vector<int> places, const Matrix& matrix, const std::vector<int>& control_places) {
  std::uint64_t controls = 0;
  for (const int place : control_places) controls |= std::uint64_t{1} << place;
  const BuiltPlan<Real> built = make_plan<Real>(places, matrix, controls, local_);
  const auto groups = static_cast<std::int64_t>(built.plan.lines >> built.plan.group_bits);
  const std::int64_t slices = std::min<std::int64_t>(groups, threads_);
#pragma omp parallel for num_threads(threads_) schedule(static)
  for (std::int64_t s = 0; s < slices; ++s)
    kernels_->gate(amplitudes_.data(), built.plan, static_cast<std::uint64_t>(groups * s / slices), static_cast<std::uint64_t>(groups * (s + 1) / slices));
}

template <class Real>
void Register<Real>::apply(const Gate& gate) {
  if (gate.qubits.size() > most_gate_qubits) throw core::UserError(fmt::format("A gate on {} qubits is too wide; split it into gates on at most {}.", gate.qubits.size(), most_gate_qubits));
  for (const auto* list : {&gate.qubits, &gate.controls})
    for (const int q : *list)
      if (q < 0 || q >= qubits_) throw core::UserError(fmt::format("A gate names qubit {}, but the register has qubits 0 to {}.", q, qubits_ - 1));
  const bool diagonal = is_diagonal(gate.matrix);
  if (!diagonal) make_local(gate.qubits);
  std::vector<int> controls;
  for (const int q : gate.controls) {
    const int place = place_[static_cast<std::size_t>(q)];
    if (!on_rank(place)) controls.push_back(place);
    else if (!rank_bit(place)) return;
  }
  std::vector<int> places;
  Matrix matrix = gate.matrix;
  std::size_t left = gate.qubits.size();
  for (std::size_t j = gate.qubits.size(); j-- > 0;) {
    const int place = place_[static_cast<std::size_t>(gate.qubits[j])];
    if (on_rank(place)) matrix = fixed(matrix, left--, j, rank_bit(place));  // a diagonal gate needs no exchange
    else places.insert(places.begin(), place);
  }
  apply_local(places, matrix, controls);
}

template <class Real>
void Register<Real>::run(const Circuit& circuit, int fuse_to) {
  for (const Gate& gate : fuse(circuit.gates, fuse_to)) apply(gate);
}

template <class Real>
void Register<Real>::swap_places(int a, int b) {
  apply_local({a, b}, matrices::swap(), {});
  std::swap(qubit_at_[static_cast<std::size_t>(a)], qubit_at_[static_cast<std::size_t>(b)]);
  for (const int place : {a, b}) place_[static_cast<std::size_t>(qubit_at_[static_cast<std::size_t>(place)])] = place;
}

template <class Real>
void Register<Real>::exchange_rank_places() {
  swap_blocks(amplitudes_.data(), local_, *ranks_, [](std::uint64_t, std::uint64_t) {});
  for (int k = 0; k < rank_qubits_; ++k) {
    const int low = local_ - rank_qubits_ + k, high = local_ + k;
    std::swap(qubit_at_[static_cast<std::size_t>(low)], qubit_at_[static_cast<std::size_t>(high)]);
    for (const int place : {low, high}) place_[static_cast<std::size_t>(qubit_at_[static_cast<std::size_t>(place)])] = place;
  }
}

// Of these qubits, those that would be sent away by the exchange first move below.
template <class Real>
void Register<Real>::make_local(std::span<const int> qubits) {
  const auto place_of = [&](int q) { return place_[static_cast<std::size_t>(q)]; };
  if (std::ranges::none_of(qubits, [&](int q) { return on_rank(place_of(q)); })) return;
  for (const int q : qubits) {
    if (on_rank(place_of(q)) || place_of(q) < local_ - rank_qubits_) continue;
    int free = local_ - rank_qubits_ - 1;
    while (std::ranges::any_of(qubits, [&](int other) { return place_of(other) == free; })) --free;
    swap_places(place_of(q), free);
  }
  exchange_rank_places();
}

template <class Real>
void Register<Real>::restore_order() {
  if (std::ranges::is_sorted(place_)) return;
  bool ranks_right = true;
  for (int p = local_; p < qubits_; ++p) ranks_right = ranks_right && qubit_at_[static_cast<std::size_t>(p)] == p;
  if (!ranks_right) {
    std::vector<int> top(static_cast<std::size_t>(rank_qubits_));
    std::iota(top.begin(), top.end(), local_);
    make_local(top);
    for (int k = 0; k < rank_qubits_; ++k) {
      const int wanted = local_ - rank_qubits_ + k, now = place_[static_cast<std::size_t>(local_ + k)];
      if (now != wanted) swap_places(now, wanted);
    }
    exchange_rank_places();
  }
  for (int q = 0; q < local_; ++q)
    if (place_[static_cast<std::size_t>(q)] != q) swap_places(place_[static_cast<std::size_t>(q)], q);
}

// ---- whole register -------------------------------------------------------------------------------------------------------------------

template <class Real>
std::uint64_t Register<Real>::index_of(std::uint64_t local) const {
  const std::uint64_t in_memory = static_cast<std::uint64_t>(ranks_->rank()) << local_ | local;
  std::uint64_t index = 0;
  for (int p = 0; p < qubits_; ++p) index |= (in_memory >> p & 1) << qubit_at_[static_cast<std::size_t>(p)];
  return index;
}

template <class Real>
std::complex<double> Register<Real>::amplitude(std::uint64_t local) const {
  const Real* const at = amplitudes_.data() + Layout<Real>::offset(local);
  return {at[0], at[Layout<Real>::lanes]};
}

template <class Real>
void Register<Real>::set_amplitude(std::uint64_t local, std::complex<double> value) {
  Real* const at = amplitudes_.data() + Layout<Real>::offset(local);
  at[0] = static_cast<Real>(value.real());
  at[Layout<Real>::lanes] = static_cast<Real>(value.imag());
}

template <class Real>
void Register<Real>::set_uniform() {
  std::iota(place_.begin(), place_.end(), 0);
  qubit_at_ = place_;
  for_parts(std::uint64_t{1} << local_, threads_, [&](std::uint64_t first, std::uint64_t count) {
    for (std::uint64_t i = first; i < first + count; ++i) set_amplitude(i, std::exp2(-0.5 * qubits_));
  });
}

template <class Real>
void Register<Real>::multiply(const std::function<std::complex<double>(std::uint64_t)>& factor) {
  for_parts(std::uint64_t{1} << local_, threads_, [&](std::uint64_t first, std::uint64_t count) {
    for (std::uint64_t i = first; i < first + count; ++i) set_amplitude(i, amplitude(i) * factor(index_of(i)));
  });
}

template <class Real>
template <class Body>
double Register<Real>::sum(const Body& body) const {
  double total = sum_parts(std::uint64_t{1} << local_, threads_, [&](std::uint64_t first, std::uint64_t count) {
    double part = 0;
    for (std::uint64_t i = first; i < first + count; ++i) part += body(i);
    return part;
  });
  ranks_->sum({&total, 1});
  return total;
}

template <class Real>
void Register<Real>::add_mean(std::complex<double> factor) {
  const std::complex<double> mean(sum([&](std::uint64_t i) { return amplitude(i).real(); }), sum([&](std::uint64_t i) { return amplitude(i).imag(); }));
  const std::complex<double> added = factor * mean / std::exp2(qubits_);
  for_parts(std::uint64_t{1} << local_, threads_, [&](std::uint64_t first, std::uint64_t count) {
    for (std::uint64_t i = first; i < first + count; ++i) set_amplitude(i, amplitude(i) + added);
  });
}

template <class Real>
double Register<Real>::norm() const {
  return sum([&](std::uint64_t i) { return std::norm(amplitude(i)); });
}

template <class Real>
double Register<Real>::expectation_z(std::span<const int> string) const {
  std::uint64_t mask = 0;
  for (const int q : string) mask ^= std::uint64_t{1} << place_[static_cast<std::size_t>(q)];  // Z Z = 1
  const std::uint64_t high = static_cast<std::uint64_t>(ranks_->rank()) << local_;
  return sum([&](std::uint64_t i) { return (std::popcount((high | i) & mask) & 1 ? -1 : 1) * std::norm(amplitude(i)); });
}

template <class Real>
double Register<Real>::expectation(const std::function<double(std::uint64_t)>& value) const {
  return sum([&](std::uint64_t i) { return std::norm(amplitude(i)) * value(index_of(i)); });
}

template <class Real>
int Register<Real>::measure(int qubit, core::RandomStream& random) {
  const int q[] = {qubit};
  const double total = norm(), one = (total - expectation_z(q)) / 2;
  const int outcome = random.uniform() * total < one ? 1 : 0;
  const double scale = 1 / std::sqrt(outcome ? one : total - one);
  Matrix keep(4);
  keep[outcome ? 3 : 0] = scale;
  apply({.qubits = {qubit}, .matrix = keep});
  return outcome;
}

template <class Real>
std::vector<std::uint64_t> Register<Real>::draw(std::uint64_t shots, std::uint64_t seed) {
  restore_order();
  return draw_indices(std::uint64_t{1} << local_, *ranks_, threads_, shots, seed, [&](std::uint64_t i) { return std::norm(amplitude(i)); }, [&](std::uint64_t i) { return index_of(i); });
}

template class Register<double>;
template class Register<float>;

}  // namespace tempera::quantum
