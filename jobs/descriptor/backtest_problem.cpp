#include "jobs/descriptor/backtest_problem.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "jobs/descriptor/names.hpp"
#include "jobs/descriptor/violation.hpp"
#include "solvers/core/error.hpp"

namespace tempera::descriptor {

namespace {
using core::UserError;
using nlohmann::json;

constexpr const char* outside_name = "outside";

const std::map<std::string, model::DemandKind> demand_kinds = {
    {"none", model::DemandKind::none}, {"normal", model::DemandKind::normal}, {"poisson", model::DemandKind::poisson}, {"listed", model::DemandKind::listed}};
const std::map<std::string, model::PolicyKind> policy_kinds = {{"do_nothing", model::PolicyKind::do_nothing},       {"base_stock", model::PolicyKind::base_stock},
                                                               {"echelon_base_stock", model::PolicyKind::echelon_base_stock}, {"reorder_point", model::PolicyKind::reorder_point},
                                                               {"newsvendor", model::PolicyKind::newsvendor},       {"rolling_plan", model::PolicyKind::rolling_plan},
                                                               {"perfect_foresight", model::PolicyKind::perfect_foresight}};

class Reader {
 public:
  explicit Reader(const Descriptor& job) : job_(job), problem_(*job.problem) {}

  model::BacktestJob read() {
    out_.system.name = problem_.value("name", job_.job_id.empty() ? job_.source.stem().string() : job_.job_id);
    out_.system.correlation = problem_.value("correlation", 0.0);
    out_.periods = problem_.value("periods", out_.periods);
    out_.warm_up = problem_.value("warm_up", out_.warm_up);
    out_.scenarios = problem_.value("scenarios", out_.scenarios);
    out_.seed = job_.seed.value_or(out_.seed);
    each("nodes", [&](const json& value, const std::string& where) { node(value, where); });
    each("lanes", [&](const json& value, const std::string& where) { lane(value, where); });
    supply();
    each("policies", [&](const json& value, const std::string& where) { policy(value, where); });
    stop_at_violations();
    model::validate(out_, job_.source.string());  // cycles of lanes
    return out_;
  }

 private:
  void complain(std::string pointer, std::string message) { found_.push_back({std::move(pointer), std::move(message)}); }
  void stop_at_violations() const {
    if (!found_.empty()) throw UserError(as_text(job_.source.string(), found_));
  }

  template <class Take>
  void each(const char* list, Take take) const {
    for (std::size_t k = 0; k < problem_[list].size(); ++k) take(problem_[list][k], fmt::format("/problem/{}/{}", list, k));
  }

  static std::optional<double> number(const json& value, const char* key) { return value.contains(key) ? std::optional(value[key].get<double>()) : std::nullopt; }

  void node(const json& v, const std::string& where) {
    model::SupplyNode n{.name = v["name"].get<std::string>(), .holding_cost = v["holding_cost"].get<double>(), .shortage_cost = v.value("shortage_cost", 0.0),
                        .expedite_cost = number(v, "expedite_cost"), .unmet = v.value("unmet", "backordered") == "lost" ? model::UnmetDemand::lost : model::UnmetDemand::backordered,
                        .on_hand = v.value("on_hand", 0.0), .storage = number(v, "storage"), .demand = {}};
    if (v.contains("demand")) n.demand = demand(v["demand"], where + "/demand");
    if (n.name == outside_name) complain(where + "/name", "is 'outside', which stands for a supplier who always has stock; give another");
    if (!names_.add(n.name)) complain(where + "/name", fmt::format("is '{}', which another node has as well; give each its own", n.name));
    out_.system.nodes.push_back(std::move(n));
  }

  model::DemandModel demand(const json& v, const std::string& where) {
    model::DemandModel d{.kind = demand_kinds.at(v["kind"].get<std::string>()), .mean = v.value("mean", 0.0), .deviation = v.value("deviation", 0.0), .listed = v.value("listed", std::vector<double>{})};
    if (d.kind == model::DemandKind::listed && d.listed.empty()) complain(where + "/listed", "is missing; give one number per period");
    if ((d.kind == model::DemandKind::normal || d.kind == model::DemandKind::poisson) && !v.contains("mean")) complain(where + "/mean", "is missing; give units per period");
    if (d.kind == model::DemandKind::poisson && d.mean > 1e6) complain(where + "/mean", fmt::format("is {}, too large for poisson; give 1,000,000 at most, or normal demand", d.mean));
    return d;
  }

  std::optional<std::int32_t> end(const json& v, const char* key, const std::string& where) {
    const auto name = v[key].get<std::string>();
    if (key == std::string_view("from") && name == outside_name) return model::outside;
    const auto at = names_.find(name);
    if (!at) complain(where + "/" + key, fmt::format("is '{}', but there is no such node{}", name, names_.hint(name)));
    return at ? std::optional(static_cast<std::int32_t>(*at)) : std::nullopt;
  }

  void lane(const json& v, const std::string& where) {
    const auto from = end(v, "from", where), to = end(v, "to", where);
    if (!from || !to) return;
    if (*from == *to) return complain(where, "leads from a node to itself; remove it");
    out_.system.lanes.push_back({.from = *from, .to = *to, .lead_time = v.value("lead_time", 1), .share = v.value("share", 1.0), .unit_cost = v.value("unit_cost", 0.0),
                                 .order_cost = v.value("order_cost", 0.0), .unit_volume = v.value("unit_volume", 0.0)});
  }

  void supply() {
    if (!found_.empty()) return;  // shares of lanes that are not known do not add up
    std::vector<double> sum(out_.system.nodes.size(), 0.0);
    std::vector<char> supplied(sum.size(), 0);
    for (const model::SupplyLane& lane : out_.system.lanes) sum[static_cast<std::size_t>(lane.to)] += lane.share, supplied[static_cast<std::size_t>(lane.to)] = 1;
    for (std::size_t i = 0; i < sum.size(); ++i) {
      const std::string where = fmt::format("/problem/nodes/{}", i), name = out_.system.nodes[i].name;
      if (supplied[i] && std::abs(sum[i] - 1) > 1e-9) complain(where, fmt::format("('{}') is reached by lanes whose shares add up to {:g}; make it 1: an order is split, never placed twice", name, sum[i]));
      if (!supplied[i] && out_.system.nodes[i].on_hand == 0) complain(where, fmt::format("('{}') has no stock and no lane leads to it; give it a lane (from 'outside') or on_hand", name));
    }
  }

  // A number for every node, in their order; empty where the key is missing.
  std::vector<double> by_node(const json& v, const char* key, const std::string& where) {
    if (!v.contains(key)) return {};
    std::vector<double> values(out_.system.nodes.size(), std::nan(""));
    for (const auto& [name, value] : v[key].items()) {
      if (const auto at = names_.find(name)) values[*at] = value.get<double>();
      else complain(where + "/" + key, fmt::format("names '{}', but there is no such node{}", name, names_.hint(name)));
    }
    for (std::size_t i = 0; i < values.size(); ++i)
      if (std::isnan(values[i])) complain(where + "/" + key, fmt::format("has no number for '{}'; give one for every node", out_.system.nodes[i].name));
    return values;
  }

  void policy(const json& v, const std::string& where) {
    model::PolicySpec spec{.name = v.value("name", v["kind"].get<std::string>()), .kind = policy_kinds.at(v["kind"].get<std::string>()), .levels = by_node(v, "levels", where),
                           .reorder_points = by_node(v, "reorder_points", where), .plan = {.horizon = v.value("horizon", 0), .forecasts = v.value("forecasts", 60), .lot = v.value("lot", 0.0)}};
    const bool point = spec.kind == model::PolicyKind::reorder_point, level = point || spec.kind == model::PolicyKind::base_stock || spec.kind == model::PolicyKind::echelon_base_stock;
    if (level && !v.contains("levels")) complain(where + "/levels", "is missing; give a number for every node");
    if (point && !v.contains("reorder_points")) complain(where + "/reorder_points", "is missing; give a number for every node");
    for (std::size_t i = 0; point && i < std::min(spec.levels.size(), spec.reorder_points.size()); ++i)
      if (spec.reorder_points[i] > spec.levels[i])
        complain(where + "/reorder_points", fmt::format("has {:g} for '{}', above its level {:g}; give that or less", spec.reorder_points[i], out_.system.nodes[i].name, spec.levels[i]));
    if (!policy_names_.add(spec.name)) complain(where + "/name", fmt::format("is '{}', which another policy has as well; give each its own", spec.name));
    out_.policies.push_back(std::move(spec));
  }

  const Descriptor& job_;
  const json& problem_;
  model::BacktestJob out_;
  Names names_, policy_names_;
  std::vector<Violation> found_;
};
}  // namespace

model::BacktestJob backtest_problem(const Descriptor& job) { return Reader(job).read(); }

}  // namespace tempera::descriptor
