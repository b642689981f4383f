#include "solvers/hybrid/choice_truth.hpp"

#include <fmt/format.h>

#include <array>
#include <bit>
#include <limits>

#include "solvers/core/error.hpp"
#include "solvers/model/top_choice.hpp"

namespace tempera::hybrid {

namespace {
constexpr std::size_t most_optima = 4096;

// One state with its energy and its rows; a flip touches one variable's couplings and rows.
class Walker {
 public:
  Walker(const model::BinaryProgram& program, const model::QuboProblem& qubo) : rows_of_(program.linear.size()) {
    for (std::int32_t i = 0; i < qubo.variables(); ++i) {
      linear_[static_cast<std::size_t>(i)] = qubo.linear[static_cast<std::size_t>(i)];
      const auto columns = qubo.columns_of(i);
      const auto weights = qubo.couplings_of(i);
      for (std::size_t k = 0; k < columns.size(); ++k) coupling_[static_cast<std::size_t>(i)][static_cast<std::size_t>(columns[k])] = weights[k];
    }
    for (const model::BinaryRow& row : program.rows) {
      const bool exact = row.kind == model::RowKind::exactly;
      for (const std::int32_t i : row.members) rows_of_[static_cast<std::size_t>(i)].push_back(limits_.size());
      limits_.push_back({exact ? row.wanted : 0, exact ? row.wanted : 1, 0});
      broken_ += exact && row.wanted > 0;
    }
  }

  void flip(std::size_t i) {
    const bool on = state_ >> i & 1;
    std::int64_t change = linear_[i];
    for (std::uint64_t rest = state_ & ~(std::uint64_t{1} << i); rest; rest &= rest - 1) change += coupling_[i][static_cast<std::size_t>(std::countr_zero(rest))];
    energy_ += on ? -change : change;
    state_ ^= std::uint64_t{1} << i;
    for (const std::size_t r : rows_of_[i]) {
      Limits& row = limits_[r];
      broken_ -= row.ones < row.least || row.ones > row.most;
      row.ones += on ? -1 : 1;
      broken_ += row.ones < row.least || row.ones > row.most;
    }
  }

  std::uint64_t state() const { return state_; }
  std::int64_t energy() const { return energy_; }
  bool feasible() const { return broken_ == 0; }

 private:
  struct Limits {
    std::int32_t least, most, ones;
  };
  std::array<std::int64_t, model::most_choices> linear_{};
  std::array<std::array<std::int64_t, model::most_choices>, model::most_choices> coupling_{};
  std::vector<std::vector<std::size_t>> rows_of_;
  std::vector<Limits> limits_;
  std::uint64_t state_ = 0;
  std::int64_t energy_ = 0;
  std::int64_t broken_ = 0;
};
}  // namespace

ChoiceTruth look_at_all(const model::BinaryProgram& program, const model::QuboProblem& qubo) {
  const int n = program.variables();
  TEMPERA_ASSERT(n >= 1 && n <= model::most_choices && qubo.variables() == n, fmt::format("{} decisions", n));
  Walker walker(program, qubo);
  ChoiceTruth truth{.least_feasible = std::numeric_limits<std::int64_t>::max(), .least_infeasible = std::numeric_limits<std::int64_t>::max(), .optima = {}};
  for (std::uint64_t k = 1;; ++k) {
    const std::int64_t energy = walker.energy();
    if (!walker.feasible()) {
      truth.least_infeasible = std::min(truth.least_infeasible, energy);
    } else {
      ++truth.feasible;
      if (energy < truth.least_feasible) truth.least_feasible = energy, truth.optimal = 0, truth.optima.clear();
      if (energy == truth.least_feasible) {
        ++truth.optimal;
        if (truth.optima.size() < most_optima) truth.optima.push_back(walker.state());
      }
    }
    if (k == std::uint64_t{1} << n) return truth;
    walker.flip(static_cast<std::size_t>(std::countr_zero(k)));
  }
}

}  // namespace tempera::hybrid
