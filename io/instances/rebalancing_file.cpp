#include "io/instances/rebalancing_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "io/instances/text_file.hpp"
#include "solvers/core/atomic_file.hpp"
#include "solvers/core/error.hpp"

namespace tempera::instances {

namespace {
using core::UserError;
using model::RebalancingProblem;
using Out = std::back_insert_iterator<std::string>;

// RFC 4180: quotes where a name needs them.
std::string quoted(const std::string& name) {
  if (name.find_first_of(",\"\n") == std::string::npos) return name;
  std::string text = "\"";
  for (const char c : name) text += c == '"' ? "\"\"" : std::string(1, c);
  return text + "\"";
}

std::string limit(double value) { return std::isinf(value) ? "" : fmt::format("{}", value); }
std::string limit(std::int32_t value) { return value == model::no_limit ? "" : fmt::format("{}", value); }

std::string site_table(const RebalancingProblem& p) {
  std::string text = "site,kind,storage_m3,overflow_cost,pallets_out,pallets_in\n";
  for (const auto& s : p.sites)
    fmt::format_to(Out(text), "{},{},{},{},{},{}\n", quoted(s.name), s.supplier ? "supplier" : "site", limit(s.storage_m3), s.overflow_cost, limit(s.pallets_out), limit(s.pallets_in));
  return text;
}

std::string sku_table(const RebalancingProblem& p) {
  std::string text = "sku,unit_m3,units_per_pallet,holding_cost,shortage_cost,fill_target,lost_cost\n";
  for (const auto& s : p.skus)
    fmt::format_to(Out(text), "{},{},{},{},{},,{}\n", quoted(s.name), s.unit_m3, s.units_per_pallet, s.holding_cost, s.shortage_cost, s.lost_cost);
  return text;
}

std::string lane_table(const RebalancingProblem& p) {
  std::string text = "from,to,lead_days,pallet_cost,truck_m3,truck_cost,trucks_per_day\n";
  for (const auto& l : p.lanes)
    fmt::format_to(Out(text), "{},{},{},{},{},{},{}\n", quoted(p.sites[static_cast<std::size_t>(l.from)].name), quoted(p.sites[static_cast<std::size_t>(l.to)].name), l.lead_days,
                   l.pallet_cost, limit(l.truck_m3), l.truck_cost, limit(l.trucks_per_day));
  return text;
}

template <class Each>
void for_each_place(const RebalancingProblem& p, Each each) {
  for (std::size_t k = 0; k < p.skus.size(); ++k)
    for (std::size_t n = 0; n < p.sites.size(); ++n)
      if (!p.sites[n].supplier) each(k, n, fmt::format("{},{}", quoted(p.skus[k].name), quoted(p.sites[n].name)));
}

std::string stock_table(const RebalancingProblem& p) {
  std::string text = "sku,site,on_hand\n";
  for_each_place(p, [&](std::size_t k, std::size_t n, const std::string& place) { fmt::format_to(Out(text), "{},{}\n", place, p.on_hand[p.place(k, n)]); });
  return text;
}

std::string inbound_table(const RebalancingProblem& p) {
  std::string text = "sku,site,day,units\n";
  for_each_place(p, [&](std::size_t k, std::size_t n, const std::string& place) {
    for (std::size_t t = 0; t < static_cast<std::size_t>(p.days); ++t)
      if (const double units = p.receipts[p.cell(k, n, t)]; units > 0) fmt::format_to(Out(text), "{},{},{}\n", place, t + 1, units);
  });
  return text;
}

std::string demand_table(const RebalancingProblem& p) {
  std::string text = "sku,site,scenario";
  for (std::int32_t day = 1; day <= p.days; ++day) fmt::format_to(Out(text), ",day_{}", day);
  text += '\n';
  for_each_place(p, [&](std::size_t k, std::size_t n, const std::string& place) {
    for (std::size_t s = 0; s < p.scenarios(); ++s) {
      std::string row;
      bool any = false;
      for (std::size_t t = 0; t < static_cast<std::size_t>(p.days); ++t) {
        const double units = p.demand_at(k, n, t)[s];
        any = any || units > 0;
        fmt::format_to(Out(row), ",{}", units);
      }
      if (any) fmt::format_to(Out(text), "{},s{}{}\n", place, s + 1, row);
    }
  });
  return text;
}

std::vector<std::string> cells_of(std::string_view line) {
  std::vector<std::string> found(1);
  bool inside = false;
  for (std::size_t k = 0; k < line.size(); ++k) {
    const char c = line[k];
    if (inside && c == '"' && k + 1 < line.size() && line[k + 1] == '"') found.back() += line[k++];
    else if (c == '"') inside = !inside;
    else if (c == ',' && !inside) found.emplace_back();
    else if (c != '\r') found.back() += c;
  }
  return found;
}

// The plan's table, line by line.
class PlanReader {
 public:
  PlanReader(const std::filesystem::path& path, const RebalancingProblem& problem) : path_(path), problem_(problem) {
    for (std::size_t k = 0; k < problem.skus.size(); ++k) skus_.emplace(problem.skus[k].name, static_cast<std::int32_t>(k));
  }

  model::RebalancingPlan read() {
    const std::string text = read_text(path_);
    model::RebalancingPlan plan;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      ++line_;
      const std::string_view line = std::string_view(text).substr(at, end - at);
      at = end + 1;
      if (line.find_first_not_of(" \r\t") == std::string_view::npos) continue;
      if (columns_.empty()) heading(cells_of(line));
      else plan.push_back(shipment(cells_of(line)));
    }
    if (columns_.empty()) throw UserError(fmt::format("{}: the file is empty. Give the plan.csv of a run.", path_.string()));
    return plan;
  }

 private:
  void heading(const std::vector<std::string>& names) {
    for (const char* wanted : {"lane", "sku", "departs", "pallets"}) {
      const auto found = std::ranges::find(names, wanted);
      if (found == names.end()) throw UserError(fmt::format("{}:1: there is no column '{}'. A plan has lane, sku, departs and pallets.", path_.string(), wanted));
      columns_.push_back(static_cast<std::size_t>(found - names.begin()));
    }
    width_ = names.size();
  }

  std::int32_t whole(const std::string& text, const char* column, std::int32_t most) const {
    std::int32_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value < 1 || value > most)
      throw UserError(fmt::format("{}:{}: {} is '{}'. Give a whole number from 1 to {}.", path_.string(), line_, column, text, most));
    return value;
  }

  model::Shipment shipment(const std::vector<std::string>& cells) const {
    if (cells.size() != width_) throw UserError(fmt::format("{}:{}: has {} cells, the heading has {}.", path_.string(), line_, cells.size(), width_));
    const auto sku = skus_.find(cells[columns_[1]]);
    if (sku == skus_.end()) throw UserError(fmt::format("{}:{}: sku is '{}', but there is no such SKU.", path_.string(), line_, cells[columns_[1]]));
    return {sku->second, whole(cells[columns_[0]], "lane", static_cast<std::int32_t>(problem_.lanes.size())) - 1, whole(cells[columns_[2]], "departs", problem_.days) - 1,
            whole(cells[columns_[3]], "pallets", 1'000'000'000)};
  }

  const std::filesystem::path& path_;
  const RebalancingProblem& problem_;
  std::map<std::string, std::int32_t> skus_;
  std::vector<std::size_t> columns_;
  std::size_t width_ = 0;
  int line_ = 0;
};
}  // namespace

void write_rebalancing_job(const RebalancingProblem& p, const std::filesystem::path& path) {
  nlohmann::ordered_json job = {{"schema_version", 1}, {"job_id", p.name}, {"problem_type", "inventory_rebalancing"}};
  nlohmann::ordered_json& problem = job["problem"];
  problem = {{"name", p.name}, {"days", p.days}, {"scenarios", nlohmann::ordered_json::array()}};
  for (std::size_t s = 0; s < p.scenarios(); ++s) problem["scenarios"].push_back({{"name", fmt::format("s{}", s + 1)}, {"probability", p.probability[s]}});
  const auto beside = [&](const char* key, const char* what, const std::string& text) {
    const std::string name = fmt::format("{}_{}.csv", path.stem().string(), what);
    core::write_text_atomically(path.parent_path() / name, text);
    problem[key] = name;
  };
  beside("sites_csv", "sites", site_table(p));
  beside("skus_csv", "skus", sku_table(p));
  beside("lanes_csv", "lanes", lane_table(p));
  beside("stock_csv", "stock", stock_table(p));
  if (std::ranges::any_of(p.receipts, [](double units) { return units > 0; })) beside("inbound_csv", "inbound", inbound_table(p));
  beside("demand_csv", "demand", demand_table(p));
  core::write_text_atomically(path, job.dump(2) + "\n");
}

std::string shipment_table(const RebalancingProblem& p, const model::RebalancingPlan& plan, ShipmentKind kind) {
  model::RebalancingPlan sorted = plan;
  std::ranges::sort(sorted, {}, [](const model::Shipment& s) { return std::tuple(s.day, s.lane, s.sku); });
  std::string text = "lane,sku,from,to,departs,arrives,pallets,units,m3\n";
  for (const model::Shipment& s : sorted) {
    const model::RebalancingLane& lane = p.lanes[static_cast<std::size_t>(s.lane)];
    const model::RebalancingSku& sku = p.skus[static_cast<std::size_t>(s.sku)];
    const model::RebalancingSite& from = p.sites[static_cast<std::size_t>(lane.from)];
    if (kind != ShipmentKind::all && from.supplier != (kind == ShipmentKind::orders)) continue;
    fmt::format_to(Out(text), "{},{},{},{},{},{},{},{},{:.6g}\n", s.lane + 1, quoted(sku.name), quoted(from.name), quoted(p.sites[static_cast<std::size_t>(lane.to)].name), s.day + 1,
                   s.day + lane.lead_days + 1, s.pallets, s.pallets * sku.units_per_pallet, s.pallets * sku.pallet_m3());
  }
  return text;
}

std::string truck_table(const RebalancingProblem& p, const model::RebalancingPlan& plan) {
  std::map<std::pair<std::int32_t, std::int32_t>, std::pair<double, std::int64_t>> loads;  // by day and lane
  for (const model::Shipment& s : plan) {
    auto& [m3, pallets] = loads[{s.day, s.lane}];
    m3 += s.pallets * p.skus[static_cast<std::size_t>(s.sku)].pallet_m3();
    pallets += s.pallets;
  }
  std::string text = "lane,from,to,departs,trucks,m3,pallets\n";
  for (const auto& [key, load] : loads) {
    const model::RebalancingLane& lane = p.lanes[static_cast<std::size_t>(key.second)];
    const double trucks = lane.has_trucks() ? std::max(0.0, std::ceil((load.first - 1e-6) / lane.truck_m3)) : 0;
    fmt::format_to(Out(text), "{},{},{},{},{},{:.6g},{}\n", key.second + 1, quoted(p.sites[static_cast<std::size_t>(lane.from)].name),
                   quoted(p.sites[static_cast<std::size_t>(lane.to)].name), key.first + 1, trucks, load.first, load.second);
  }
  return text;
}

model::RebalancingPlan read_rebalancing_plan(const std::filesystem::path& path, const RebalancingProblem& problem) { return PlanReader(path, problem).read(); }

}  // namespace tempera::instances
