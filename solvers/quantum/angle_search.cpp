// The search for angles: a scan of linear ramps, then BOBYQA (M. Powell 2009) without derivatives or L-BFGS with them, by NLopt.
#include <fmt/format.h>
#include <nlopt.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>

#include "solvers/core/error.hpp"
#include "solvers/quantum/angle_table.hpp"
#include "solvers/quantum/qaoa.hpp"

namespace tempera::quantum {

namespace {
// Slopes of the ramp, coarse to fine, in units of ising_scale; dense costs collapse above 0.6, sparse ones above 1.
constexpr std::array slopes = {0.15, 0.25, 0.35, 0.45, 0.6, 0.8, 1.1};

struct CloseOptimiser {
  void operator()(nlopt_opt optimiser) const { nlopt_destroy(optimiser); }
};

template <class Real>
class Search {
 public:
  Search(QaoaEngine<Real>& engine, const SearchOptions& options)
      : engine_(engine), options_(options), scale_(ising_scale(engine.cost())), psi_(engine.make_state()) {
    if (options.depth < 1) throw core::UserError(fmt::format("The depth is {}; give at least 1 layer.", options.depth));
    if (!(options.tail_share > 0 && options.tail_share <= 1)) throw core::UserError(fmt::format("The tail share is {}; give a number above 0 and at most 1.", options.tail_share));
    if (options.search == AngleSearch::lbfgs && (options.tail_share < 1 || options.fourier_terms > 0))
      throw core::UserError("L-BFGS follows the gradient of the expected cost by the angles. Take BOBYQA for a tail mean or Fourier terms.");
    if (options.search == AngleSearch::lbfgs) lambda_ = engine.make_state();
  }

  SearchResult run() {
    if (options_.start) {
      keep(*options_.start, value(*options_.start));
    } else {
      for (const double slope : slopes) {
        if (evaluations_ > 0 && stopped()) break;
        const Angles ramp = linear_ramp(options_.depth, slope, scale_);
        if (keep(ramp, value(ramp))) best_.slope = slope;
      }
      if (options_.search != AngleSearch::ramp_only && !stopped()) {
        const Angles tabled = tabled_angles(options_.depth, engine_.cost());
        if (keep(tabled, value(tabled))) best_.slope = 0;
      }
    }
    if (options_.search == AngleSearch::bobyqa && !stopped()) improve(NLOPT_LN_BOBYQA);
    if (options_.search == AngleSearch::lbfgs && !stopped()) improve(NLOPT_LD_LBFGS);
    best_.evaluations = evaluations_;
    return best_;
  }

 private:
  bool stopped() const { return options_.stop && options_.stop(); }

  double value(const Angles& angles) {
    ++evaluations_;
    const double mean = evaluate(engine_, psi_, angles);
    return options_.tail_share < 1 ? tail_mean(engine_, psi_, options_.tail_share) : mean;
  }

  bool keep(const Angles& angles, double found) {
    if (!best_.angles.gamma.empty() && !(found < best_.value)) return false;
    best_.angles = angles;
    best_.value = found;
    return true;
  }

  // Parameters: gamma times the cost's scale, then beta; or Fourier terms of both added to the start, which is not lost thereby.
  Angles angles_of(const double* x) const {
    const auto terms = static_cast<std::size_t>(options_.fourier_terms);
    if (terms == 0) {
      const auto p = static_cast<std::size_t>(base_.depth());
      Angles angles{.gamma = std::vector<double>(x, x + p), .beta = std::vector<double>(x + p, x + 2 * p)};
      for (double& gamma : angles.gamma) gamma /= scale_;
      return angles;
    }
    Angles angles = fourier(base_.depth(), std::vector<double>(x, x + terms), std::vector<double>(x + terms, x + 2 * terms));
    for (std::size_t l = 0; l < angles.gamma.size(); ++l) {
      angles.gamma[l] = base_.gamma[l] + angles.gamma[l] / scale_;
      angles.beta[l] += base_.beta[l];
    }
    return angles;
  }

  double objective(const double* x, double* gradient) {
    if (stopped()) nlopt_force_stop(optimiser_.get());  // after this circuit
    const Angles angles = angles_of(x);
    if (!gradient) {
      const double found = value(angles);
      keep(angles, found);
      return found;
    }
    ++evaluations_;
    const Gradient found = evaluate_with_gradient(engine_, psi_, lambda_, angles);
    keep(angles, found.value);
    for (std::size_t l = 0; l < angles.gamma.size(); ++l) {
      gradient[l] = found.gamma[l] / scale_;
      gradient[angles.gamma.size() + l] = found.beta[l];
    }
    return found.value;
  }

  void improve(nlopt_algorithm algorithm) {
    base_ = best_.angles;
    const auto terms = static_cast<std::size_t>(options_.fourier_terms);
    std::vector<double> x(2 * (terms > 0 ? terms : static_cast<std::size_t>(base_.depth())));
    for (std::size_t l = 0; terms == 0 && l < base_.gamma.size(); ++l) {
      x[l] = base_.gamma[l] * scale_;
      x[base_.gamma.size() + l] = base_.beta[l];
    }
    optimiser_.reset(nlopt_create(algorithm, static_cast<unsigned>(x.size())));
    nlopt_set_min_objective(optimiser_.get(), [](unsigned, const double* at, double* gradient, void* self) { return static_cast<Search*>(self)->objective(at, gradient); }, this);
    nlopt_set_maxeval(optimiser_.get(), std::max(1, options_.most_evaluations - evaluations_));
    nlopt_set_ftol_abs(optimiser_.get(), 1e-9 * (engine_.scale().most - engine_.scale().least));
    nlopt_set_xtol_abs1(optimiser_.get(), 1e-7);
    if (algorithm == NLOPT_LN_BOBYQA) nlopt_set_initial_step1(optimiser_.get(), 0.1);
    double found = 0;
    nlopt_optimize(optimiser_.get(), x.data(), &found);  // whatever ends it, the best angles seen are kept
  }

  QaoaEngine<Real>& engine_;
  const SearchOptions& options_;
  double scale_;
  QaoaState<Real> psi_, lambda_;
  Angles base_;
  std::unique_ptr<nlopt_opt_s, CloseOptimiser> optimiser_;
  SearchResult best_;
  int evaluations_ = 0;
};
}  // namespace

template <class Real>
SearchResult find_angles(QaoaEngine<Real>& engine, const SearchOptions& options) {
  return Search<Real>(engine, options).run();
}

template SearchResult find_angles(QaoaEngine<double>&, const SearchOptions&);
template SearchResult find_angles(QaoaEngine<float>&, const SearchOptions&);

}  // namespace tempera::quantum
