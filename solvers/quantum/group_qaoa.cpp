#include "solvers/quantum/group_qaoa.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>

#include "solvers/core/error.hpp"
#include "solvers/quantum/mixers.hpp"
#include "solvers/quantum/ramp_scan.hpp"

namespace tempera::quantum {

namespace {
constexpr std::int64_t slices = 64;  // of the local amplitudes: sums do not depend on the threads

double binomial(int n, int k) { return std::exp(std::lgamma(n + 1.0) - std::lgamma(k + 1.0) - std::lgamma(n - k + 1.0)); }

// Calls body(slice, first, last) for equal pieces of [0, count).
template <class Body>
void over_slices(std::uint64_t count, int threads, const Body& body) {
#pragma omp parallel for num_threads(threads) schedule(static)
  for (std::int64_t s = 0; s < slices; ++s) body(s, count * static_cast<std::uint64_t>(s) / slices, count * static_cast<std::uint64_t>(s + 1) / slices);
}

template <class Value>
double sum_slices(std::uint64_t count, int threads, const Value& value) {
  std::array<double, slices> part{};
  over_slices(count, threads, [&](std::int64_t s, std::uint64_t first, std::uint64_t last) {
    for (std::uint64_t i = first; i < last; ++i) part[static_cast<std::size_t>(s)] += value(i);
  });
  double sum = 0;
  for (const double p : part) sum += p;
  return sum;
}

// The smallest of all ranks, by a table with one place for each.
double least_of(core::RankGroup& ranks, double value) {
  std::vector<double> all(static_cast<std::size_t>(ranks.size()), 0.0);
  all[static_cast<std::size_t>(ranks.rank())] = value;
  ranks.sum(all);
  return *std::ranges::min_element(all);
}
}  // namespace

GroupQaoa::GroupQaoa(const CostPolynomial& cost, std::vector<QubitGroup> groups, core::RankGroup& ranks, int threads)
    : cost_(cost), groups_(std::move(groups)), ranks_(ranks), register_(cost.qubits(), ranks, threads), mask_((std::uint64_t{1} << register_.local_qubits()) - 1),
      threads_(threads) {
  std::uint64_t taken = 0;
  feasible_ = 1;
  for (const QubitGroup& group : groups_) {
    std::uint64_t bits = 0;
    for (const int q : group.qubits) {
      if (q < 0 || q >= cost.qubits() || ((taken | bits) >> q & 1) != 0) throw core::UserError(fmt::format("Qubit {} is in two groups, or not one of the {} qubits.", q, cost.qubits()));
      bits |= std::uint64_t{1} << q;
    }
    const int size = static_cast<int>(group.qubits.size());
    if (group.wanted < 0 || group.wanted > size) throw core::UserError(fmt::format("A group wants {} of its {} qubits to be 1. Give 0 to {}.", group.wanted, size, size));
    taken |= bits;
    group_bits_.push_back(bits);
    feasible_ *= std::round(binomial(size, group.wanted));
  }
  for (int q = 0; q < cost.qubits(); ++q)
    if ((taken >> q & 1) == 0) free_.push_back(q), feasible_ *= 2;
  costs_.resize(mask_ + 1);
  const std::uint64_t high = static_cast<std::uint64_t>(ranks.rank()) << register_.local_qubits();
  std::array<double, slices> least;
  least.fill(std::numeric_limits<double>::max());
  over_slices(mask_ + 1, threads_, [&](std::int64_t s, std::uint64_t first, std::uint64_t last) {
    for (std::uint64_t i = first; i < last; ++i) {
      costs_[i] = cost_.value(high | i);
      if (is_feasible(high | i)) least[static_cast<std::size_t>(s)] = std::min(least[static_cast<std::size_t>(s)], costs_[i]);
    }
  });
  least_ = least_of(ranks_, *std::ranges::min_element(least));
  start();
}

bool GroupQaoa::is_feasible(std::uint64_t index) const {
  for (std::size_t g = 0; g < groups_.size(); ++g)
    if (std::popcount(index & group_bits_[g]) != groups_[g].wanted) return false;
  return true;
}

void GroupQaoa::start() {
  register_.restore_order();
  const double amplitude = 1 / std::sqrt(feasible_);
  over_slices(mask_ + 1, threads_, [&](std::int64_t, std::uint64_t first, std::uint64_t last) {
    for (std::uint64_t i = first; i < last; ++i) register_.set_amplitude(i, is_feasible(register_.index_of(i)) ? amplitude : 0.0);
  });
}

void GroupQaoa::layer(double gamma, double beta, GroupMixer mixer) {
  register_.restore_order();  // costs lie in this order
  register_.multiply([&](std::uint64_t index) { return std::polar(1.0, -gamma * local_cost(index)); });
  if (mixer == GroupMixer::grover) {
    mix_feasible(beta);
    return;
  }
  std::vector<Gate> gates;
  for (const QubitGroup& group : groups_) {
    if (group.qubits.size() < 2) continue;
    const std::vector<Gate> pairs = mixer == GroupMixer::ring ? xy_ring_mixer(group.qubits, beta) : xy_complete_mixer(group.qubits, beta);
    gates.insert(gates.end(), pairs.begin(), pairs.end());
  }
  for (const int q : free_) gates.push_back({.qubits = {q}, .matrix = matrices::rx(2 * beta)});
  for (const Gate& gate : gates) register_.apply(gate);
  register_.restore_order();
}

void GroupQaoa::mix_feasible(double beta) {
  const auto part = [&](auto&& of) { return sum_slices(mask_ + 1, threads_, [&](std::uint64_t i) { return is_feasible(register_.index_of(i)) ? of(register_.amplitude(i)) : 0.0; }); };
  std::array<double, 2> sum{part([](std::complex<double> a) { return a.real(); }), part([](std::complex<double> a) { return a.imag(); })};
  ranks_.sum(sum);
  const std::complex<double> added = (std::polar(1.0, -beta) - 1.0) * std::complex<double>(sum[0], sum[1]) / feasible_;
  over_slices(mask_ + 1, threads_, [&](std::int64_t, std::uint64_t first, std::uint64_t last) {
    for (std::uint64_t i = first; i < last; ++i)
      if (is_feasible(register_.index_of(i))) register_.set_amplitude(i, register_.amplitude(i) + added);
  });
}

double GroupQaoa::expectation() const {
  return register_.expectation([&](std::uint64_t index) { return local_cost(index); });
}

double GroupQaoa::optimum_probability(double margin) const {
  return register_.expectation([&](std::uint64_t index) { return local_cost(index) <= least_ + margin && is_feasible(index) ? 1.0 : 0.0; });
}

double GroupQaoa::infeasible_probability() const {
  return register_.expectation([&](std::uint64_t index) { return is_feasible(index) ? 0.0 : 1.0; });
}

SearchResult scan_ramps(GroupQaoa& engine, const CostPolynomial& cost, int depth, GroupMixer mixer) { return scan_group_ramps(engine, cost, depth, mixer); }

}  // namespace tempera::quantum
