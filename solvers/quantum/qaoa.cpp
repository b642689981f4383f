#include "solvers/quantum/qaoa.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>

#include "solvers/core/error.hpp"
#include "solvers/quantum/draw.hpp"
#include "solvers/quantum/parts.hpp"

namespace tempera::quantum {

// ---- angles -------------------------------------------------------------------------------------------------------------------------

Angles linear_ramp(int depth, double slope, double scale) {
  Angles angles;
  for (int l = 0; l < depth; ++l) {
    const double time = (l + 0.5) / depth;
    angles.gamma.push_back(slope * time / scale);
    angles.beta.push_back(-slope * (1 - time));
  }
  return angles;
}

Angles fourier(int depth, const std::vector<double>& u, const std::vector<double>& v) {
  Angles angles{.gamma = std::vector<double>(static_cast<std::size_t>(depth)), .beta = std::vector<double>(static_cast<std::size_t>(depth))};
  for (std::size_t l = 0; l < angles.gamma.size(); ++l) {
    const double step = (static_cast<double>(l) + 0.5) * std::numbers::pi / depth;
    for (std::size_t k = 0; k < u.size(); ++k) angles.gamma[l] += u[k] * std::sin((static_cast<double>(k) + 0.5) * step);
    for (std::size_t k = 0; k < v.size(); ++k) angles.beta[l] += v[k] * std::cos((static_cast<double>(k) + 0.5) * step);
  }
  return angles;
}

Angles stretched(const Angles& angles, int depth) {
  const auto on_curve = [&](const std::vector<double>& values) {
    std::vector<double> longer;
    const auto size = static_cast<double>(values.size());
    for (int l = 0; l < depth; ++l) {
      const double at = std::clamp((l + 0.5) / depth * size - 0.5, 0.0, size - 1);
      const auto below = static_cast<std::size_t>(at);
      const std::size_t above = std::min(below + 1, values.size() - 1);
      const double part = at - static_cast<double>(below);
      longer.push_back((1 - part) * values[below] + part * values[above]);
    }
    return longer;
  };
  return {.gamma = on_curve(angles.gamma), .beta = on_curve(angles.beta)};
}

double ising_scale(const CostPolynomial& cost) {
  std::vector<double> fields(cost.linear.size());
  double sum = 0;
  std::size_t terms = 0;
  for (std::size_t i = 0; i < fields.size(); ++i) fields[i] = -cost.linear[i] / 2;
  for (const Coupling& c : cost.couplings) {
    fields[static_cast<std::size_t>(c.i)] -= c.weight / 4;
    fields[static_cast<std::size_t>(c.j)] -= c.weight / 4;
    sum += c.weight * c.weight / 16;
    terms += c.weight != 0;
  }
  for (const double h : fields) sum += h * h, terms += h != 0;
  return terms == 0 || sum == 0 ? 1 : std::sqrt(sum / static_cast<double>(terms));
}

// ---- values and derivatives -----------------------------------------------------------------------------------------------------------

template <class Real>
double evaluate(QaoaEngine<Real>& engine, QaoaState<Real>& state, const Angles& angles) {
  engine.start(state);
  for (std::size_t l = 0; l < angles.gamma.size(); ++l) engine.layer(state, angles.gamma[l], angles.beta[l]);
  return engine.expectation(state);
}

// Undoes the layers on psi and on lambda = C psi. The phase of layer l+1 and the mixer of layer l are undone together: that is
// again a layer. After it both derivatives of layer l can be read, since C commutes with the phases and sum X with the mixer.
template <class Real>
Gradient evaluate_with_gradient(QaoaEngine<Real>& engine, QaoaState<Real>& psi, QaoaState<Real>& lambda, const Angles& angles) {
  const std::size_t depth = angles.gamma.size();
  Gradient gradient{.value = evaluate(engine, psi, angles), .gamma = std::vector<double>(depth), .beta = std::vector<double>(depth)};
  const double norm = engine.norm(psi);
  engine.times_cost(psi, lambda);
  for (std::size_t l = depth; l-- > 0;) {
    const double later = l + 1 < depth ? angles.gamma[l + 1] : 0;
    const LayerGradient both = engine.layer_with_overlaps(psi, lambda, -later, -angles.beta[l]);
    gradient.gamma[l] = both.gamma / norm;
    gradient.beta[l] = both.beta / norm;
  }
  return gradient;
}

// ---- distribution of the cost -----------------------------------------------------------------------------------------------------------

namespace {
constexpr std::size_t most_levels = 65536;

// Probability at each of 65,536 levels of stored cost, and the sum of probability times cost there.
struct Histogram {
  std::vector<double> mass = std::vector<double>(most_levels);
  std::vector<double> moment = std::vector<double>(most_levels);
};

template <class Real>
Histogram histogram(QaoaEngine<Real>& engine, const QaoaState<Real>& state) {
  const CostScale& scale = engine.scale();
  const double range = scale.most - scale.least;
  const double per_level = range > 0 ? (most_levels - 1) / range : 0;
  constexpr int slices = 8;  // fixed, so that the sums do not depend on the threads
  const std::uint64_t size = std::uint64_t{1} << engine.local_qubits();
  std::vector<Histogram> parts(size < most_levels ? 1 : slices);
  const auto count = static_cast<std::int64_t>(parts.size());
  engine.stored_cost(state, 0);  // builds the diagonal, if need be, before threads read it
#pragma omp parallel for num_threads(engine.threads()) schedule(static)
  for (std::int64_t s = 0; s < count; ++s) {
    Histogram& part = parts[static_cast<std::size_t>(s)];
    for (std::uint64_t i = size * static_cast<std::uint64_t>(s) / parts.size(); i < size * static_cast<std::uint64_t>(s + 1) / parts.size(); ++i) {
      const double cost = engine.stored_cost(state, i), p = engine.probability(state, i);
      const auto level = std::min(most_levels - 1, static_cast<std::size_t>(std::max(0.0, (cost - scale.least) * per_level + 0.5)));
      part.mass[level] += p;
      part.moment[level] += p * cost;
    }
  }
  for (std::size_t s = 1; s < parts.size(); ++s)
    for (std::size_t k = 0; k < most_levels; ++k) parts[0].mass[k] += parts[s].mass[k], parts[0].moment[k] += parts[s].moment[k];
  engine.ranks().sum(parts[0].mass);
  engine.ranks().sum(parts[0].moment);
  return std::move(parts[0]);
}
}  // namespace

template <class Real>
double tail_mean(QaoaEngine<Real>& engine, const QaoaState<Real>& state, double share) {
  if (!(share > 0 && share <= 1)) throw core::UserError("The share of a tail mean must be above 0 and at most 1.");
  const Histogram h = histogram(engine, state);
  const double wanted = share * engine.norm(state);
  double mass = 0, moment = 0;
  for (std::size_t k = 0; k < most_levels && mass < wanted; ++k) {
    if (h.mass[k] <= 0) continue;
    const double taken = std::min(h.mass[k], wanted - mass);
    mass += taken;
    moment += h.moment[k] * (taken / h.mass[k]);
  }
  return moment / mass;
}

template <class Real>
double optimum_probability(QaoaEngine<Real>& engine, const QaoaState<Real>& state, double margin) {
  engine.stored_cost(state, 0);
  double sum = sum_parts(std::uint64_t{1} << engine.local_qubits(), engine.threads(), [&](std::uint64_t first, std::uint64_t count) {
    double part = 0;
    for (std::uint64_t i = first; i < first + count; ++i)
      if (engine.stored_cost(state, i) <= engine.scale().least + margin) part += engine.probability(state, i);
    return part;
  });
  engine.ranks().sum({&sum, 1});
  return sum / engine.norm(state);
}

// ---- samples ------------------------------------------------------------------------------------------------------------------------------

template <class Real>
std::vector<Sample> draw_samples(QaoaEngine<Real>& engine, QaoaState<Real>& state, std::uint64_t shots, std::uint64_t seed) {
  engine.restore_order(state);
  const auto drawn = draw_indices(std::uint64_t{1} << engine.local_qubits(), engine.ranks(), engine.threads(), shots, seed,
                                  [&](std::uint64_t i) { return engine.probability(state, i); }, [&](std::uint64_t i) { return engine.index_of(state, i); });
  std::map<std::uint64_t, std::uint64_t> counts;
  for (const std::uint64_t index : drawn) ++counts[index];
  std::vector<Sample> samples;
  for (const auto& [index, count] : counts) samples.push_back({index, engine.cost().value(index), count});
  std::ranges::stable_sort(samples, {}, &Sample::cost);
  return samples;
}

#define TEMPERA_INSTANTIATE(Real)                                                                                      \
  template double evaluate(QaoaEngine<Real>&, QaoaState<Real>&, const Angles&);                                        \
  template Gradient evaluate_with_gradient(QaoaEngine<Real>&, QaoaState<Real>&, QaoaState<Real>&, const Angles&);      \
  template double tail_mean(QaoaEngine<Real>&, const QaoaState<Real>&, double);                                        \
  template double optimum_probability(QaoaEngine<Real>&, const QaoaState<Real>&, double);                              \
  template std::vector<Sample> draw_samples(QaoaEngine<Real>&, QaoaState<Real>&, std::uint64_t, std::uint64_t);
TEMPERA_INSTANTIATE(double)
TEMPERA_INSTANTIATE(float)
#undef TEMPERA_INSTANTIATE

}  // namespace tempera::quantum
