// QAOA: the angles and how to choose them, gradients, the tail of the distribution, samples. The cost is minimised.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "solvers/quantum/qaoa_engine.hpp"

namespace tempera::quantum {

/// Layer l applies exp(-i beta[l] sum X) exp(-i gamma[l] C).
struct Angles {
  std::vector<double> gamma;
  std::vector<double> beta;
  int depth() const { return static_cast<int>(gamma.size()); }
};

/// gamma_l = slope (l + 1/2) / p / scale, beta_l = -slope (1 - (l + 1/2) / p): an annealing schedule of p steps. `scale` is the
/// root mean square of the cost's Ising coefficients (ising_scale), so that one slope suits costs of any unit. beta < 0 since C is
/// minimised and the start is the highest state of sum X.
Angles linear_ramp(int depth, double slope, double scale);

/// gamma_l = sum_k u_k sin((k + 1/2)(l + 1/2) pi / p), beta_l = sum_k v_k cos((k + 1/2)(l + 1/2) pi / p).
/// Source: Zhou, Wang, Choi, Pichler, Lukin, Phys. Rev. X 10, 021067 (2020), eq. 8.
Angles fourier(int depth, const std::vector<double>& u, const std::vector<double>& v);

/// Angles of a deeper circuit on the curve of these, by linear interpolation (same source, appendix B).
Angles stretched(const Angles& angles, int depth);

/// Root mean square of the fields and couplings of the cost as an Ising model; 1 for a constant cost.
double ising_scale(const CostPolynomial& cost);

/// Prepares the state of these angles and returns its expected cost. Collective.
template <class Real>
double evaluate(QaoaEngine<Real>& engine, QaoaState<Real>& state, const Angles& angles);

/// The expected cost and its derivatives by both angles of every layer, by one backward pass over two states. Collective.
struct Gradient {
  double value = 0;
  std::vector<double> gamma;
  std::vector<double> beta;
};
template <class Real>
Gradient evaluate_with_gradient(QaoaEngine<Real>& engine, QaoaState<Real>& psi, QaoaState<Real>& lambda, const Angles& angles);

/// Mean of the lowest `share` of the cost's distribution (conditional value at risk), 0 < share <= 1. Costs stored as float are
/// taken at 65,536 equal levels. Collective.
template <class Real>
double tail_mean(QaoaEngine<Real>& engine, const QaoaState<Real>& state, double share);

/// Total probability of the indices whose stored cost is within `margin` of the least cost. Collective.
template <class Real>
double optimum_probability(QaoaEngine<Real>& engine, const QaoaState<Real>& state, double margin);

enum class AngleSearch { ramp_only, bobyqa, lbfgs };

struct SearchOptions {
  AngleSearch search = AngleSearch::lbfgs;
  int depth = 4;
  double tail_share = 1;                 ///< below 1: the tail mean is minimised, which has no gradient here: BOBYQA only
  int fourier_terms = 0;                 ///< above 0: BOBYQA moves this many terms for each angle kind, not 2 p angles
  int most_evaluations = 200;
  std::optional<Angles> start = {};      ///< empty: the best of a scan of linear ramps and, unless ramps alone are asked for, the table's angles
  std::function<bool()> stop = {};       ///< may be empty; the search ends with the best so far when it says so. One rank only
};

struct SearchResult {
  Angles angles;
  double value = 0;                      ///< expected cost, or tail mean
  int evaluations = 0;
  double slope = 0;                      ///< of the ramp that was best; 0 when a start was given or the table was better
};

/// Scans the slopes of linear ramps and the table of angles (angle_table.hpp), then improves the best. Deterministic; every rank finds the same angles. Collective.
/// @throws UserError for a depth below 1, a share outside (0, 1], or L-BFGS asked to minimise a tail
template <class Real>
SearchResult find_angles(QaoaEngine<Real>& engine, const SearchOptions& options);

/// Bit strings drawn from the state in one pass, with their exact costs. The same on any number of ranks. Collective.
struct Sample {
  std::uint64_t index = 0;
  double cost = 0;
  std::uint64_t count = 0;
};
/// @returns distinct samples, lowest cost first. Leaves `state` in index order.
template <class Real>
std::vector<Sample> draw_samples(QaoaEngine<Real>& engine, QaoaState<Real>& state, std::uint64_t shots, std::uint64_t seed);

}  // namespace tempera::quantum
