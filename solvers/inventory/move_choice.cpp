#include "solvers/inventory/move_choice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>

#include "solvers/core/error.hpp"
#include "solvers/inventory/cost_units.hpp"
#include "solvers/inventory/rebalancing_search.hpp"
#include "solvers/model/rebalancing_referee.hpp"

namespace tempera::inventory {

namespace {
using model::RebalancingPlan;
using model::RebalancingProblem;

// Pallets more (or less) at up to two places of one SKU.
struct Move {
  std::size_t sku = 0;
  std::array<std::pair<std::size_t, std::int32_t>, 2> change{};  // lane-day, pallets
  std::size_t site = 0;                                          // that gains or loses
  double gain = 0;
};

// The incumbent taken apart, so that a few SKUs can be priced anew.
class Ground {
 public:
  Ground(const RebalancingProblem& problem, std::span<const model::Shipment> plan)
      : p_(problem), days_(static_cast<std::size_t>(problem.days)), flow_(problem.skus.size()), total_(problem), limits_(hard_limits(problem)) {
    const std::vector<std::int32_t> still(problem.lanes.size() * days_);
    for (auto& flow : flow_) flow = still;
    for (const model::Shipment& s : plan) flow_[static_cast<std::size_t>(s.sku)][static_cast<std::size_t>(s.lane) * days_ + static_cast<std::size_t>(s.day)] += s.pallets;
    for (std::size_t k = 0; k < flow_.size(); ++k) {
      const SkuEffect effect = effect_of(problem, k, flow_[k]);
      total_.add(effect.use);
      own_ += effect.cost;
    }
    cost_ = own_ + shared_cost(problem, total_);
  }

  double cost() const { return cost_; }
  const std::vector<std::int32_t>& flow(std::size_t sku) const { return flow_[sku]; }

  /// True cost with these moves made; nothing when that is infeasible.
  std::optional<double> with(std::span<const Move* const> moves) const {
    std::map<std::size_t, std::vector<std::int32_t>> changed;
    for (const Move* move : moves) {
      auto& flow = changed.try_emplace(move->sku, flow_[move->sku]).first->second;
      for (const auto& [arc, pallets] : move->change) flow[arc] += pallets;
    }
    SharedUse use = total_;
    double own = own_;
    for (const auto& [sku, flow] : changed) {
      if (std::ranges::any_of(flow, [](std::int32_t pallets) { return pallets < 0; })) return std::nullopt;
      const SkuEffect before = effect_of(p_, sku, flow_[sku]), after = effect_of(p_, sku, flow);
      if (!after.possible) return std::nullopt;
      use.add(before.use, -1);
      use.add(after.use);
      own += after.cost - before.cost;
    }
    if (!within(use, limits_)) return std::nullopt;
    return own + shared_cost(p_, use);
  }

 private:
  const RebalancingProblem& p_;
  std::size_t days_;
  std::vector<std::vector<std::int32_t>> flow_;
  SharedUse total_, limits_;
  double own_ = 0, cost_ = 0;
};

std::vector<Move> priced_moves(const RebalancingProblem& p, const Ground& ground, std::size_t looked_at) {
  const auto days = static_cast<std::size_t>(p.days);
  std::vector<std::size_t> skus(p.skus.size());
  std::iota(skus.begin(), skus.end(), std::size_t{0});
  std::ranges::stable_sort(skus, std::greater<>{}, [&](std::size_t k) { return p.skus[k].shortage_cost * p.skus[k].units_per_pallet; });
  std::vector<Move> moves;
  std::size_t seen = 0;
  const auto look = [&](std::size_t sku, std::size_t arc, std::int32_t pallets, std::size_t other, std::int32_t back) {
    if (seen++ >= looked_at) return;
    Move move{.sku = sku, .change = {{{arc, pallets}, {other, back}}}, .site = static_cast<std::size_t>(p.lanes[arc / days].to)};
    const Move* one[] = {&move};
    const auto cost = ground.with(one);
    if (!cost) return;
    move.gain = ground.cost() - *cost;
    moves.push_back(move);
  };
  for (const std::size_t sku : skus)
    for (std::size_t a = 0; a < p.lanes.size() && seen < looked_at; ++a)
      for (std::size_t t = 0; t + static_cast<std::size_t>(p.lanes[a].lead_days) < days; ++t) {
        const std::size_t arc = a * days + t;
        look(sku, arc, 1, arc, 0);
        if (ground.flow(sku)[arc] == 0) continue;
        look(sku, arc, -1, arc, 0);
        if (t > 0) look(sku, arc - 1, 1, arc, -1);
        if (t + 1 + static_cast<std::size_t>(p.lanes[a].lead_days) < days) look(sku, arc + 1, 1, arc, -1);
      }
  return moves;
}

// The best of every site in turn.
std::vector<Move> dealt(const RebalancingProblem& p, std::vector<Move> moves, std::size_t choices) {
  std::ranges::stable_sort(moves, std::greater<>{}, &Move::gain);
  std::vector<std::vector<Move>> of_site(p.sites.size());
  for (const Move& move : moves) of_site[move.site].push_back(move);
  std::vector<Move> taken;
  for (std::size_t rank = 0; rank < moves.size() && taken.size() < choices; ++rank)
    for (const std::vector<Move>& best : of_site)
      if (rank < best.size() && taken.size() < choices) taken.push_back(best[rank]);
  return taken;
}

class MoveChoice final : public model::TopChoice {
 public:
  MoveChoice(const RebalancingProblem& problem, std::span<const model::Shipment> plan, const Ground& ground, std::vector<Move> moves, std::size_t candidates)
      : p_(problem), moves_(std::move(moves)), candidates_(candidates) {
    for (const model::Shipment& s : plan) pallets_[{s.sku, s.lane, s.day}] += s.pallets;
    program_.name = "moves";
    program_.offset = ground.cost();
    double swing = 1;
    for (const Move& move : moves_) {
      program_.linear.push_back(-move.gain);
      swing += std::abs(move.gain);
    }
    for (std::size_t i = 0; i < moves_.size(); ++i)
      for (std::size_t j = i + 1; j < moves_.size(); ++j) couple(ground, i, j, swing);
    for (model::BinaryRow& row : program_.rows) row.penalty = swing;
  }

  const model::BinaryProgram& program() const override { return program_; }
  std::size_t candidates() const override { return candidates_; }

  std::optional<model::Answer> decode(std::span<const std::int32_t> taken) const override {
    std::vector<std::size_t> made;
    for (std::size_t m = 0; m < moves_.size(); ++m)
      if (taken[m]) made.push_back(m);
    std::ranges::stable_sort(made, std::greater<>{}, [&](std::size_t m) { return moves_[m].gain; });
    for (;; made.pop_back()) {
      const RebalancingPlan plan = plan_with(made);
      if (const model::RebalancingVerdict verdict = model::judge(p_, plan); verdict.feasible)
        return model::Answer{.cost = verdict.cost.total(), .cost_units = cost_units(verdict.cost.total()), .ints = model::flatten(plan), .reals = {}};
      if (made.empty()) return std::nullopt;
    }
  }

 private:
  void couple(const Ground& ground, std::size_t i, std::size_t j, double& swing) {
    const Move* both[] = {&moves_[i], &moves_[j]};
    const auto a = static_cast<std::int32_t>(i), b = static_cast<std::int32_t>(j);
    const auto cost = ground.with(both);
    if (!cost) {
      program_.rows.push_back({.members = {a, b}, .kind = model::RowKind::at_most_one, .wanted = 1, .penalty = 0});
      return;
    }
    const double second = *cost - ground.cost() + moves_[i].gain + moves_[j].gain;
    if (std::abs(second) <= 1e-9 * std::abs(ground.cost())) return;
    program_.couplings.push_back({a, b, second});
    swing += std::abs(second);
  }

  RebalancingPlan plan_with(const std::vector<std::size_t>& made) const {
    auto pallets = pallets_;
    for (const std::size_t m : made)
      for (const auto& [arc, more] : moves_[m].change)
        if (more != 0)
          pallets[{static_cast<std::int32_t>(moves_[m].sku), static_cast<std::int32_t>(arc / static_cast<std::size_t>(p_.days)),
                   static_cast<std::int32_t>(arc % static_cast<std::size_t>(p_.days))}] += more;
    RebalancingPlan plan;
    for (const auto& [place, count] : pallets)
      if (count != 0) plan.push_back({place[0], place[1], place[2], count});
    return plan;
  }

  const RebalancingProblem& p_;
  std::vector<Move> moves_;
  std::size_t candidates_;
  std::map<std::array<std::int32_t, 3>, std::int32_t> pallets_;
  model::BinaryProgram program_;
};
}  // namespace

std::unique_ptr<model::TopChoice> move_choice(const RebalancingProblem& problem, std::span<const model::Shipment> plan, int choices, std::size_t looked_at) {
  TEMPERA_ASSERT(choices >= 1 && choices <= model::most_choices, fmt::format("{} decisions", choices));
  const Ground ground(problem, plan);
  std::vector<Move> moves = priced_moves(problem, ground, looked_at);
  if (moves.empty()) return nullptr;
  const std::size_t candidates = moves.size();
  return std::make_unique<MoveChoice>(problem, plan, ground, dealt(problem, std::move(moves), static_cast<std::size_t>(choices)), candidates);
}

}  // namespace tempera::inventory
