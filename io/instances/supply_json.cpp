#include "io/instances/supply_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "io/instances/text_file.hpp"
#include "solvers/core/error.hpp"
#include "solvers/core/nearest_name.hpp"

namespace tempera::instances {

namespace {
using Json = nlohmann::json;

// One object of the job: knows where it stands, refuses what it does not expect.
class Fields {
 public:
  Fields(const Json& json, std::string_view source, std::string where) : json_(json), source_(source), where_(std::move(where)) {
    if (!json.is_object()) fail("", fmt::format("is {}, but must be an object {{…}}.", shown(json)));
  }

  void allow(std::initializer_list<std::string_view> known) const {
    const std::vector<std::string_view> names(known);
    for (const auto& item : json_.items()) {
      if (std::ranges::find(names, item.key()) != names.end()) continue;
      const auto nearest = core::nearest_name(item.key(), names);
      fail("/" + item.key(), fmt::format("is no known field. {}Known: {}.", nearest ? fmt::format("Did you mean {}? ", *nearest) : "", fmt::join(names, ", ")));
    }
  }

  double number(const char* name, double otherwise) const { return optional_number(name).value_or(otherwise); }
  double number(const char* name) const {
    const auto value = optional_number(name);
    if (!value) fail(std::string("/") + name, "is missing. Give a number.");
    return *value;
  }
  std::optional<double> optional_number(const char* name) const {
    const auto at = json_.find(name);
    if (at == json_.end() || at->is_null()) return std::nullopt;
    if (!at->is_number()) fail(std::string("/") + name, fmt::format("is {}, but must be a number.", shown(*at)));
    return at->get<double>();
  }
  std::int64_t whole(const char* name, std::int64_t otherwise) const {
    const auto value = optional_number(name);
    if (!value) return otherwise;
    if (*value != std::floor(*value) || std::abs(*value) > 2e9) fail(std::string("/") + name, fmt::format("is {}, but must be a whole number below 2,000,000,000.", *value));
    return static_cast<std::int64_t>(*value);
  }
  std::string text(const char* name, const std::string& otherwise = {}) const {
    const auto at = json_.find(name);
    if (at == json_.end()) return otherwise;
    if (!at->is_string()) fail(std::string("/") + name, fmt::format("is {}, but must be a text in quotes.", shown(*at)));
    return at->get<std::string>();
  }
  template <class Enum>
  Enum one_of(const char* name, std::initializer_list<std::pair<std::string_view, Enum>> choices, std::optional<Enum> otherwise) const {
    if (!json_.contains(name) && otherwise) return *otherwise;
    const std::string word = text(name);
    std::vector<std::string_view> names;
    for (const auto& [key, value] : choices) {
      if (key == word) return value;
      names.push_back(key);
    }
    fail(std::string("/") + name, fmt::format("is \"{}\", but must be one of: {}.", word, fmt::join(names, ", ")));
  }
  std::vector<Fields> list(const char* name) const {
    const auto at = json_.find(name);
    if (at == json_.end() || !at->is_array()) fail(std::string("/") + name, at == json_.end() ? "is missing. Give a list […]." : fmt::format("is {}, but must be a list […].", shown(*at)));
    std::vector<Fields> rows;
    for (std::size_t k = 0; k < at->size(); ++k) rows.emplace_back((*at)[k], source_, fmt::format("{}/{}/{}", where_, name, k));
    return rows;
  }
  std::optional<Fields> object(const char* name) const {
    const auto at = json_.find(name);
    if (at == json_.end()) return std::nullopt;
    return Fields(*at, source_, fmt::format("{}/{}", where_, name));
  }
  std::vector<double> numbers(const char* name) const {
    const auto at = json_.find(name);
    if (at == json_.end()) return {};
    if (!at->is_array()) fail(std::string("/") + name, fmt::format("is {}, but must be a list of numbers.", shown(*at)));
    std::vector<double> values;
    for (std::size_t k = 0; k < at->size(); ++k) {
      if (!(*at)[k].is_number()) fail(fmt::format("/{}/{}", name, k), fmt::format("is {}, but must be a number.", shown((*at)[k])));
      values.push_back((*at)[k].get<double>());
    }
    return values;
  }

  const Json& json() const { return json_; }
  [[noreturn]] void fail(const std::string& field, const std::string& what) const {
    throw core::UserError(fmt::format("{} {}{} {}", source_, where_, field.empty() && where_.empty() ? "/" : field, what));
  }
  static std::string shown(const Json& value) {
    std::string text = value.dump(-1, ' ', true, Json::error_handler_t::replace);
    return text.size() > 40 ? text.substr(0, 37) + "..." : text;
  }

 private:
  const Json& json_;
  std::string_view source_;
  std::string where_;
};

Json parse(std::string_view text, std::string_view source) {
  try {
    return Json::parse(text);
  } catch (const Json::parse_error& error) {
    throw core::UserError(fmt::format("{}: is no valid JSON at byte {}: {}.", source, error.byte, error.what()));
  }
}

// Names of stages or nodes, to be looked up by arcs and policies.
class Names {
 public:
  explicit Names(std::string what) : what_(std::move(what)) {}
  void add(const std::string& name, const Fields& row) {
    if (name.empty()) row.fail("/name", "is missing or empty. Every " + what_ + " needs a name.");
    if (!numbers_.emplace(name, static_cast<std::int32_t>(numbers_.size())).second) row.fail("/name", fmt::format("is \"{}\", which another {} has already.", name, what_));
  }
  std::int32_t find(const std::string& name, const Fields& row, const char* field) const {
    const auto at = numbers_.find(name);
    if (at != numbers_.end()) return at->second;
    std::vector<std::string_view> views;
    for (const auto& [known, number] : numbers_) views.push_back(known);
    const auto nearest = core::nearest_name(name, views);
    row.fail(std::string("/") + field, fmt::format("is \"{}\", but there is no such {}.{}", name, what_, nearest ? fmt::format(" Did you mean \"{}\"?", *nearest) : ""));
  }
  std::size_t size() const { return numbers_.size(); }

 private:
  std::string what_;
  std::map<std::string, std::int32_t> numbers_;
};

model::PlacementStage stage_of(const Fields& row, const Names& sites) {
  row.allow({"name", "lead_time", "lead_time_deviation", "holding_cost", "supplier_time", "demand_mean", "demand_deviation", "service_level", "service_limit", "capacity", "bound", "site", "volume"});
  const std::string site = row.text("site");
  return {.name = row.text("name"), .lead_time = row.number("lead_time"), .lead_time_deviation = row.number("lead_time_deviation", 0),
          .holding_cost = row.number("holding_cost"), .supplier_time = row.number("supplier_time", 0), .demand_mean = row.number("demand_mean", 0),
          .demand_deviation = row.number("demand_deviation", 0), .service_level = row.optional_number("service_level"),
          .service_limit = row.optional_number("service_limit"), .capacity = row.optional_number("capacity"), .bound = row.optional_number("bound"),
          .site = site.empty() ? -1 : sites.find(site, row, "site"), .volume = row.number("volume", site.empty() ? 0.0 : 1.0)};
}

model::DemandModel demand_of(const Fields& row) {
  using enum model::DemandKind;
  row.allow({"kind", "mean", "deviation", "listed"});
  return {.kind = row.one_of<model::DemandKind>("kind", {{"none", none}, {"normal", normal}, {"poisson", poisson}, {"listed", listed}}, std::nullopt),
          .mean = row.number("mean", 0), .deviation = row.number("deviation", 0), .listed = row.numbers("listed")};
}

model::SupplyNode node_of(const Fields& row) {
  row.allow({"name", "holding_cost", "shortage_cost", "expedite_cost", "unmet", "on_hand", "storage", "demand"});
  const auto demand = row.object("demand");
  return {.name = row.text("name"), .holding_cost = row.number("holding_cost"), .shortage_cost = row.number("shortage_cost", 0),
          .expedite_cost = row.optional_number("expedite_cost"),
          .unmet = row.one_of<model::UnmetDemand>("unmet", {{"backordered", model::UnmetDemand::backordered}, {"lost", model::UnmetDemand::lost}}, model::UnmetDemand::backordered),
          .on_hand = row.number("on_hand", 0), .storage = row.optional_number("storage"), .demand = demand ? demand_of(*demand) : model::DemandModel{}};
}

model::SupplyLane lane_of(const Fields& row, const Names& names) {
  row.allow({"from", "to", "lead_time", "share", "unit_cost", "order_cost", "unit_volume"});
  const std::string from = row.text("from");
  return {.from = from == "outside" ? model::outside : names.find(from, row, "from"), .to = names.find(row.text("to"), row, "to"),
          .lead_time = static_cast<std::int32_t>(row.whole("lead_time", 1)), .share = row.number("share", 1), .unit_cost = row.number("unit_cost", 0),
          .order_cost = row.number("order_cost", 0), .unit_volume = row.number("unit_volume", 0)};
}

// {"hub": 100, …} in the order of the nodes; every node must be named.
std::vector<double> by_node(const Fields& row, const char* field, const Names& names) {
  const auto object = row.object(field);
  if (!object) return {};
  std::vector<double> values(names.size(), std::nan(""));
  for (const auto& item : object->json().items()) values[static_cast<std::size_t>(names.find(item.key(), row, field))] = object->number(item.key().c_str());
  if (std::ranges::any_of(values, [](double v) { return std::isnan(v); })) row.fail(std::string("/") + field, fmt::format("names {} of {} nodes. Give every node a number.", object->json().size(), names.size()));
  return values;
}

model::PolicySpec policy_of(const Fields& row, const Names& names) {
  using enum model::PolicyKind;
  row.allow({"name", "kind", "levels", "reorder_points", "horizon", "forecasts", "lot"});
  const auto kind = row.one_of<model::PolicyKind>("kind", {{"do_nothing", do_nothing}, {"base_stock", base_stock}, {"echelon_base_stock", echelon_base_stock},
                                                           {"reorder_point", reorder_point}, {"newsvendor", newsvendor}, {"rolling_plan", rolling_plan},
                                                           {"perfect_foresight", perfect_foresight}}, std::nullopt);
  return {.name = row.text("name", row.text("kind")), .kind = kind, .levels = by_node(row, "levels", names), .reorder_points = by_node(row, "reorder_points", names),
          .plan = {.horizon = static_cast<std::int32_t>(row.whole("horizon", 0)), .forecasts = static_cast<std::int32_t>(row.whole("forecasts", 60)), .lot = row.number("lot", 0)}};
}
}  // namespace

std::string json_type(std::string_view text, std::string_view source) {
  const Json json = parse(text, source);
  return Fields(json, source, "").text("type");
}

model::PlacementNetwork parse_placement_json(std::string_view text, std::string_view source) {
  const Json json = parse(text, source);
  const Fields top(json, source, "");
  top.allow({"type", "name", "stages", "arcs", "pooling_exponent", "lead_time_factor", "sites"});
  model::PlacementNetwork network;
  network.name = top.text("name", std::filesystem::path(source).stem().string());
  network.pooling_exponent = top.number("pooling_exponent", 2);
  network.lead_time_factor = top.number("lead_time_factor", 0);
  Names sites("site"), names("stage");
  if (top.json().contains("sites"))
    for (const Fields& row : top.list("sites")) {
      row.allow({"name", "storage"});
      network.sites.push_back({.name = row.text("name"), .storage = row.number("storage")});
      sites.add(network.sites.back().name, row);
    }
  for (const Fields& row : top.list("stages")) {
    network.stages.push_back(stage_of(row, sites));
    names.add(network.stages.back().name, row);
  }
  for (const Fields& row : top.list("arcs")) {
    row.allow({"from", "to", "quantity"});
    network.arcs.push_back({names.find(row.text("from"), row, "from"), names.find(row.text("to"), row, "to"), row.number("quantity", 1)});
  }
  model::validate(network, source);
  return network;
}

model::BacktestJob parse_backtest_json(std::string_view text, std::string_view source) {
  const Json json = parse(text, source);
  const Fields top(json, source, "");
  top.allow({"type", "name", "nodes", "lanes", "policies", "periods", "warm_up", "scenarios", "seed", "correlation"});
  model::BacktestJob job;
  job.system.name = top.text("name", std::filesystem::path(source).stem().string());
  job.system.correlation = top.number("correlation", 0);
  job.periods = static_cast<std::int32_t>(top.whole("periods", job.periods));
  job.warm_up = static_cast<std::int32_t>(top.whole("warm_up", job.warm_up));
  job.scenarios = static_cast<std::int32_t>(top.whole("scenarios", job.scenarios));
  job.seed = static_cast<std::uint64_t>(std::max<std::int64_t>(0, top.whole("seed", 1)));
  Names names("node");
  for (const Fields& row : top.list("nodes")) {
    job.system.nodes.push_back(node_of(row));
    names.add(job.system.nodes.back().name, row);
  }
  for (const Fields& row : top.list("lanes")) job.system.lanes.push_back(lane_of(row, names));
  for (const Fields& row : top.list("policies")) job.policies.push_back(policy_of(row, names));
  model::validate(job, source);
  return job;
}

model::PlacementNetwork read_placement_json(const std::filesystem::path& path) { return parse_placement_json(read_text(path), path.string()); }
model::BacktestJob read_backtest_json(const std::filesystem::path& path) { return parse_backtest_json(read_text(path), path.string()); }

}  // namespace tempera::instances
