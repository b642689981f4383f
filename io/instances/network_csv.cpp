// Comma-separated stage lists; see network_txt.hpp.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "io/instances/network_txt.hpp"
#include "io/instances/text_file.hpp"
#include "io/instances/text_scan.hpp"

namespace tempera::instances {

namespace {
using model::PlacementNetwork;
using model::PlacementStage;

struct Row {
  int line = 0;
  std::vector<std::string_view> cells;
};

std::vector<std::string_view> split_cells(std::string_view line) {
  std::vector<std::string_view> cells;
  for (;;) {
    const std::size_t comma = line.find(',');
    cells.push_back(trimmed(line.substr(0, comma)));
    if (comma == std::string_view::npos) return cells;
    line.remove_prefix(comma + 1);
  }
}

class StageListReader {
 public:
  StageListReader(std::string_view text, std::string_view source) : source_(source) {
    LineReader lines(text);
    while (lines.next()) rows_.push_back({lines.number(), split_cells(lines.line())});
    if (rows_.empty()) fail_at(source_, 1, "the file has no heading \"stage_id,lead_time,...\".");
    heading_ = rows_.front();
    rows_.erase(rows_.begin());
  }

  PlacementNetwork run() {
    PlacementNetwork network;
    network.name = std::filesystem::path(source_).stem().string();
    cost_column_ = column("cost_rate") ? *column("cost_rate") : required("cost");
    for (const Row& row : rows_) network.stages.push_back(stage(row));
    for (std::size_t i = 0; i < rows_.size(); ++i) arcs(rows_[i], static_cast<std::int32_t>(i), network);
    network.pooling_exponent = pooling();
    accumulate(network);
    model::validate(network, source_);
    return network;
  }

 private:
  std::optional<std::size_t> column(std::string_view name) const {
    const auto at = std::ranges::find(heading_.cells, name);
    if (at == heading_.cells.end()) return std::nullopt;
    return static_cast<std::size_t>(at - heading_.cells.begin());
  }
  std::size_t required(std::string_view name) const {
    if (const auto at = column(name)) return *at;
    fail_at(source_, heading_.line, fmt::format("the heading has no column {}.", name));
  }
  static std::string_view cell(const Row& row, std::size_t at) { return at < row.cells.size() ? row.cells[at] : std::string_view{}; }

  std::optional<double> number(const Row& row, std::size_t at, std::string_view name) const {
    const std::string_view word = cell(row, at);
    if (word.empty()) return std::nullopt;
    const auto value = to_number(word);
    if (!value || !std::isfinite(*value)) fail_at(source_, row.line, fmt::format("column {} is {}, which is not a number.", name, shown(word)));
    if (*value < 0) fail_at(source_, row.line, fmt::format("column {} is {}, but must not be negative.", name, word));
    return value;
  }
  std::optional<double> number(const Row& row, std::string_view name) const {
    const auto at = column(name);
    return at ? number(row, *at, name) : std::nullopt;
  }

  PlacementStage stage(const Row& row) {
    PlacementStage s;
    s.name = std::string(cell(row, required("stage_id")));
    if (s.name.empty()) fail_at(source_, row.line, "column stage_id is empty.");
    if (!numbers_.emplace(s.name, static_cast<std::int32_t>(numbers_.size())).second)
      fail_at(source_, row.line, fmt::format("stage {} stands twice.", shown(s.name)));
    const auto lead = number(row, required("lead_time"), "lead_time");
    if (!lead) fail_at(source_, row.line, fmt::format("column lead_time of stage {} is empty.", shown(s.name)));
    s.lead_time = *lead;
    s.service_limit = number(row, "max_s_time");
    s.holding_cost = number(row, cost_column_, "cost").value_or(0.0);
    s.demand_mean = number(row, "ext_demand_mean").value_or(0.0);
    s.demand_deviation = number(row, "ext_demand_std").value_or(0.0);
    factors_.push_back(number(row, "ext_demand_thres").value_or(0.0));
    if (s.demand_deviation > 0 && factors_.back() == 0)
      fail_at(source_, row.line, fmt::format("stage {} has demand but no safety factor in column ext_demand_thres.", shown(s.name)));
    return s;
  }

  void arcs(const Row& row, std::int32_t to, PlacementNetwork& network) {
    const std::size_t first = required("up_stages");
    for (std::size_t k = first; k + 1 < row.cells.size() && !row.cells[k].empty(); k += 2) {
      const auto from = numbers_.find(std::string(row.cells[k]));
      if (from == numbers_.end()) fail_at(source_, row.line, fmt::format("column up_stages names {}, which is no stage of this file.", shown(row.cells[k])));
      const auto quantity = number(row, k + 1, "up_stages");
      if (!quantity) fail_at(source_, row.line, fmt::format("column up_stages gives no quantity of {}.", shown(row.cells[k])));
      network.arcs.push_back({from->second, to, *quantity});
    }
  }

  double pooling() const {
    std::optional<double> common;
    for (const Row& row : rows_)
      if (const auto p = number(row, "risk_pool")) {
        if (common && *common != *p) fail_at(source_, row.line, fmt::format("column risk_pool is {}, but {} in a line above: give one pooling exponent.", *p, *common));
        common = p;
      }
    return common.value_or(2.0);
  }

  // Costs add up downstream, the bound z * sigma and the mean upstream.
  void accumulate(PlacementNetwork& network) const {
    const auto order = model::topological_order(network);
    if (!order) model::validate(network, source_);  // throws, naming the cycle
    std::vector<double> powered(network.stages.size());
    for (std::size_t i = 0; i < powered.size(); ++i)
      powered[i] = std::pow(factors_[i] * network.stages[i].demand_deviation, network.pooling_exponent);
    for (const std::int32_t i : *order)
      for (const model::PlacementArc& arc : network.arcs)
        if (arc.from == i) network.stages[static_cast<std::size_t>(arc.to)].holding_cost += arc.quantity * network.stages[static_cast<std::size_t>(i)].holding_cost;
    for (auto i = order->rbegin(); i != order->rend(); ++i) {
      for (const model::PlacementArc& arc : network.arcs)
        if (arc.from == *i) powered[static_cast<std::size_t>(*i)] += std::pow(arc.quantity, network.pooling_exponent) * powered[static_cast<std::size_t>(arc.to)];
      network.stages[static_cast<std::size_t>(*i)].bound = std::pow(powered[static_cast<std::size_t>(*i)], 1 / network.pooling_exponent);
    }
  }

  std::string_view source_;
  Row heading_;
  std::vector<Row> rows_;
  std::size_t cost_column_ = 0;
  std::map<std::string, std::int32_t> numbers_;
  std::vector<double> factors_;
};
}  // namespace

PlacementNetwork parse_network_csv(std::string_view text, std::string_view source) { return StageListReader(text, source).run(); }

PlacementNetwork read_network_csv(const std::filesystem::path& path) { return parse_network_csv(read_text(path), path.string()); }

}  // namespace tempera::instances
