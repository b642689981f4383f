#include "solvers/model/placement_referee.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace tempera::model {

namespace {
constexpr double tolerance = 1e-7;
constexpr std::size_t most_violations = 20;

// Demand by plain recursion along the arcs, once per stage.
class Demand {
 public:
  explicit Demand(const PlacementNetwork& net) : net_(net), known_(net.stages.size(), 0), out_(net.stages.size()), values_(net.stages.size()) {
    for (std::size_t a = 0; a < net.arcs.size(); ++a) out_[static_cast<std::size_t>(net.arcs[a].from)].push_back(a);
  }

  struct Value {
    double mean = 0;
    double deviation = 0;
    double level = 0;
  };
  const Value& at(std::size_t i) {
    if (known_[i]) return values_[i];
    const PlacementStage& s = net_.stages[i];
    Value v{s.demand_mean, std::pow(s.demand_deviation, net_.pooling_exponent), s.service_level.value_or(0)};
    for (const std::size_t a : out_[i]) {
      const Value& below = at(static_cast<std::size_t>(net_.arcs[a].to));
      v.mean += net_.arcs[a].quantity * below.mean;
      v.deviation += std::pow(net_.arcs[a].quantity * below.deviation, net_.pooling_exponent);
      v.level = std::max(v.level, below.level);
    }
    v.deviation = std::pow(v.deviation, 1 / net_.pooling_exponent);
    known_[i] = 1;
    return values_[i] = v;
  }

 private:
  const PlacementNetwork& net_;
  std::vector<char> known_;
  std::vector<std::vector<std::size_t>> out_;
  std::vector<Value> values_;
};

// Newton's method on the distribution function itself.
double safety_factor(double level) {
  if (level <= 0.5) return 0;
  double z = 0;
  for (int i = 0; i < 100; ++i) {
    const double tail = 0.5 * std::erfc(z / std::sqrt(2.0));
    const double density = std::exp(-z * z / 2) / std::sqrt(8 * std::atan(1.0));
    const double step = (tail - (1 - level)) / density;
    z += step;
    if (std::abs(step) < 1e-15 * z) break;
  }
  return z;
}

double stock(double bound, double mean, const std::optional<double>& capacity, double t) {
  const auto demand_bound = [&](double days) { return mean * days + bound * std::sqrt(days); };
  if (!capacity) return bound * std::sqrt(t);
  double best = demand_bound(t);
  for (double n = 1; ; ++n) {  // falls for good once the bound grows slower than the capacity
    const double value = demand_bound(t + n) - n * *capacity;
    if (value < best) break;
    best = value;
  }
  return best - mean * t;
}

class Judge {
 public:
  Judge(const PlacementNetwork& net, const PlacementPlan& plan) : net_(net), plan_(plan) {}

  PlacementVerdict run() {
    const std::size_t n = net_.stages.size();
    if (plan_.outbound.size() != n || plan_.inbound.size() != n) {
      complain(fmt::format("the plan has {} outbound and {} inbound service times for {} stages", plan_.outbound.size(), plan_.inbound.size(), n));
      return verdict_;
    }
    for (std::size_t i = 0; i < n; ++i)
      if (!std::isfinite(plan_.outbound[i]) || !std::isfinite(plan_.inbound[i])) {
        complain(fmt::format("{}: a service time is not a number", label(i)));
        return verdict_;
      }
    for (const PlacementArc& arc : net_.arcs) check_arc(static_cast<std::size_t>(arc.from), static_cast<std::size_t>(arc.to));
    Demand demand(net_);
    verdict_.stage_cost.assign(n, 0.0);
    verdict_.stored.assign(net_.sites.size(), 0.0);
    for (std::size_t i = 0; i < n; ++i) check_stage(i, demand.at(i));
    check_sites();
    verdict_.feasible = verdict_.violations.empty();
    return verdict_;
  }

 private:
  std::string label(std::size_t i) const { return net_.stages[i].name.empty() ? fmt::format("stage {}", i) : fmt::format("stage {} ({})", i, net_.stages[i].name); }
  void complain(std::string text) {
    if (verdict_.violations.size() < most_violations) verdict_.violations.push_back(std::move(text));
  }

  void check_arc(std::size_t from, std::size_t to) {
    if (plan_.inbound[to] < plan_.outbound[from] - tolerance)
      complain(fmt::format("{}: inbound service time {} is shorter than the {} that {} promises", label(to), plan_.inbound[to], plan_.outbound[from], label(from)));
  }

  void check_stage(std::size_t i, const Demand::Value& demand) {
    const PlacementStage& s = net_.stages[i];
    const double lead = s.lead_time + net_.lead_time_factor * s.lead_time_deviation;
    const double t = plan_.inbound[i] + lead - plan_.outbound[i];
    if (plan_.outbound[i] < -tolerance) complain(fmt::format("{}: outbound service time {} is below 0", label(i), plan_.outbound[i]));
    if (plan_.inbound[i] < s.supplier_time - tolerance)
      complain(fmt::format("{}: inbound service time {} is shorter than its supplier's {}", label(i), plan_.inbound[i], s.supplier_time));
    if (s.service_limit && plan_.outbound[i] > *s.service_limit + tolerance)
      complain(fmt::format("{}: outbound service time {} is above its limit {}", label(i), plan_.outbound[i], *s.service_limit));
    if (t < -tolerance) complain(fmt::format("{}: net replenishment time {} is below 0", label(i), t));
    const double bound = s.bound ? *s.bound : safety_factor(demand.level) * demand.deviation;
    const double units = stock(bound, demand.mean, s.capacity, t > tolerance ? t : 0.0);
    verdict_.safety_stock += units;
    verdict_.pipeline_stock += demand.mean * lead;
    verdict_.stage_cost[i] = s.holding_cost * units;
    verdict_.cost += verdict_.stage_cost[i];
    if (s.site >= 0) verdict_.stored[static_cast<std::size_t>(s.site)] += s.volume * (units + demand.mean * (t > tolerance ? t : 0.0));
  }

  void check_sites() {
    for (std::size_t k = 0; k < net_.sites.size(); ++k)
      if (const double limit = net_.sites[k].storage; verdict_.stored[k] > limit + 1e-7 * std::max(1.0, limit))
        complain(fmt::format("site {} ({}): {} is stored, above its storage {}", k, net_.sites[k].name, verdict_.stored[k], limit));
  }

  const PlacementNetwork& net_;
  const PlacementPlan& plan_;
  PlacementVerdict verdict_;
};
}  // namespace

PlacementVerdict judge(const PlacementNetwork& network, const PlacementPlan& plan) { return Judge(network, plan).run(); }

}  // namespace tempera::model
