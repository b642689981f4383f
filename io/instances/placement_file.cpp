#include "io/instances/placement_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "io/instances/text_file.hpp"
#include "io/instances/text_scan.hpp"
#include "solvers/core/atomic_file.hpp"
#include "solvers/model/placement_problem.hpp"

namespace tempera::instances {

namespace {
constexpr std::string_view heading = "stage,name,outbound_days,inbound_days,net_replenishment_days,safety_stock_units,cost_money";

std::string quoted(const std::string& name) {
  if (name.find_first_of(",\"\n") == std::string::npos) return name;
  std::string out = "\"";
  for (const char c : name) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + '"';
}

// Micro-days, without trailing zeros.
std::string days(double value) {
  std::string text = fmt::format("{:.6f}", value + 0.0);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text == "-0" ? "0" : text;
}

// Fields of a line; a quoted one may hold commas.
std::vector<std::string> fields_of(std::string_view line) {
  std::vector<std::string> fields(1);
  bool inside = false;
  for (const char c : line) {
    if (c == '"') inside = !inside;
    else if (c == ',' && !inside) fields.emplace_back();
    else fields.back() += c;
  }
  return fields;
}

class PlanReader {
 public:
  PlanReader(std::string_view text, std::string_view source, const model::PlacementNetwork& network) : lines_(text), source_(source), network_(network) {}

  model::PlacementPlan run() {
    if (!lines_.next()) fail_at(source_, 1, "the file is empty. A plan opens with \"stage,name,outbound_days,...\".");
    const std::vector<std::string> names = fields_of(lines_.line());
    const auto stage = column(names, "stage"), outbound = column(names, "outbound_days"), inbound = column(names, "inbound_days");
    if (!stage || !outbound) fail(fmt::format("the heading has no column {}. A plan opens with \"stage,name,outbound_days,...\".", stage ? "outbound_days" : "stage"));
    constexpr double none = std::numeric_limits<double>::quiet_NaN();
    const std::size_t n = network_.stages.size();
    model::PlacementPlan plan{std::vector<double>(n, none), std::vector<double>(n, none)};
    while (lines_.next()) {
      const std::vector<std::string> fields = fields_of(lines_.line());
      const std::size_t i = stage_of(fields, *stage);
      if (!std::isnan(plan.outbound[i])) fail(fmt::format("stage {} stands twice.", i));
      plan.outbound[i] = number(fields, *outbound, "outbound_days");
      if (inbound) plan.inbound[i] = number(fields, *inbound, "inbound_days");
    }
    const auto missing = std::ranges::find_if(plan.outbound, [](double s) { return std::isnan(s); });
    if (missing != plan.outbound.end()) fail(fmt::format("stage {} is missing: the network has stages 0 to {}.", missing - plan.outbound.begin(), n - 1));
    if (!inbound) fill_inbound(plan);
    return plan;
  }

 private:
  [[noreturn]] void fail(const std::string& text) const { fail_at(source_, lines_.number(), text); }

  static std::optional<std::size_t> column(const std::vector<std::string>& names, std::string_view name) {
    const auto at = std::ranges::find(names, name);
    if (at == names.end()) return std::nullopt;
    return static_cast<std::size_t>(at - names.begin());
  }
  static std::string_view field(const std::vector<std::string>& fields, std::size_t at) { return at < fields.size() ? trimmed(fields[at]) : std::string_view{}; }

  std::size_t stage_of(const std::vector<std::string>& fields, std::size_t at) const {
    const auto stage = to_whole(field(fields, at));
    if (!stage || *stage < 0 || *stage >= network_.size())
      fail(fmt::format("column stage is {}, but stages are 0 to {}.", shown(field(fields, at)), network_.size() - 1));
    return static_cast<std::size_t>(*stage);
  }
  double number(const std::vector<std::string>& fields, std::size_t at, std::string_view name) const {
    const auto value = to_number(field(fields, at));
    if (!value || !std::isfinite(*value)) fail(fmt::format("column {} is {}, which is not a number.", name, shown(field(fields, at))));
    return *value;
  }
  void fill_inbound(model::PlacementPlan& plan) const {
    for (std::size_t i = 0; i < plan.inbound.size(); ++i) plan.inbound[i] = network_.stages[i].supplier_time;
    for (const model::PlacementArc& arc : network_.arcs)
      plan.inbound[static_cast<std::size_t>(arc.to)] = std::max(plan.inbound[static_cast<std::size_t>(arc.to)], plan.outbound[static_cast<std::size_t>(arc.from)]);
  }

  LineReader lines_;
  std::string_view source_;
  const model::PlacementNetwork& network_;
};
}  // namespace

std::string placement_plan_text(const model::PlacementNetwork& network, const model::PlacementPlan& plan) {
  const std::vector<model::StageCost> costs = model::stage_costs(network);
  std::string text(heading);
  text += '\n';
  for (std::size_t i = 0; i < network.stages.size(); ++i) {
    const double t = std::max(0.0, plan.inbound[i] + network.planned_lead_time(static_cast<int>(i)) - plan.outbound[i]);
    const double shown_time = t < 1e-7 ? 0.0 : t;
    text += fmt::format("{},{},{},{},{},{:.6g},{:.10g}\n", i, quoted(network.stages[i].name), days(plan.outbound[i]), days(plan.inbound[i]), days(shown_time),
                        costs[i].safety_stock(shown_time), costs[i](shown_time));
  }
  return text;
}

void write_placement_plan(const std::filesystem::path& path, const model::PlacementNetwork& network, const model::PlacementPlan& plan) {
  core::write_text_atomically(path, placement_plan_text(network, plan));
}

model::PlacementPlan parse_placement_plan(std::string_view text, std::string_view source, const model::PlacementNetwork& network) {
  return PlanReader(text, source, network).run();
}

model::PlacementPlan read_placement_plan(const std::filesystem::path& path, const model::PlacementNetwork& network) {
  return parse_placement_plan(read_text(path), path.string(), network);
}

}  // namespace tempera::instances
