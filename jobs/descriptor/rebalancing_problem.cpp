#include "jobs/descriptor/rebalancing_problem.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <initializer_list>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "jobs/descriptor/csv.hpp"
#include "jobs/descriptor/names.hpp"
#include "solvers/core/error.hpp"

namespace tempera::descriptor {

namespace {
using core::UserError;
using nlohmann::json;

class Reader {
 public:
  explicit Reader(const Descriptor& job) : job_(job), problem_(*job.problem) {}

  model::RebalancingProblem read() {
    p_.name = problem_.value("name", job_.job_id.empty() ? job_.source.stem().string() : job_.job_id);
    p_.days = problem_["days"].get<std::int32_t>();
    scenarios();
    sites();
    skus();
    lanes();
    stop_at_violations();  // the tables below name what stands above
    const std::size_t places = p_.skus.size() * p_.sites.size(), cells = places * static_cast<std::size_t>(p_.days);
    p_.on_hand.assign(places, 0);
    p_.receipts.assign(cells, 0);
    p_.demand.assign(cells * p_.scenarios(), 0);
    stock();
    if (problem_.contains("inbound_csv")) inbound();
    demand();
    stop_at_violations();
    model::validate(p_, job_.source.string());
    return std::move(p_);
  }

 private:
  void complain(std::string where, std::string message) { found_.push_back({std::move(where), std::move(message)}); }
  void stop_at_violations() const {
    if (!found_.empty()) throw UserError(as_text(job_.source.string(), found_));
  }

  // A table whose columns are all there; `wanted` of them must be.
  std::optional<Table> table(const char* key, std::initializer_list<const char*> wanted) {
    const std::filesystem::path file = job_.resolve(problem_[key].get<std::string>());
    Table read;
    try {
      read = read_table(file);
    } catch (const UserError& error) {
      complain(fmt::format("/problem/{}", key), fmt::format("names a table that cannot be used: {}", error.what()));
      return std::nullopt;
    }
    bool whole = true;
    for (const char* column : wanted)
      if (read.column(column) < 0) {
        complain(fmt::format("{}:1", file.string()), fmt::format("there is no column '{}'; the columns are {}, …", column, fmt::join(wanted, ", ")));
        whole = false;
      }
    return whole ? std::optional(std::move(read)) : std::nullopt;
  }

  static std::string where(const Table& t, std::size_t row, const char* column) { return fmt::format("{}:{} {}", t.file.string(), t.lines[row], column); }
  static const std::string& cell(const Table& t, std::size_t row, const char* column) {
    static const std::string empty;
    const int c = t.column(column);
    return c < 0 ? empty : t.rows[row][static_cast<std::size_t>(c)];
  }

  std::optional<double> number_of(const std::string& text) const {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
    return value;
  }

  // A number of 0 or more; `otherwise` where the cell is empty or its column is not there, unless the number is needed.
  double amount(const Table& t, std::size_t row, const char* column, std::optional<double> otherwise = std::nullopt) {
    const std::string& text = cell(t, row, column);
    if (text.empty() && otherwise) return *otherwise;
    const auto value = number_of(text);
    if (!value || *value < 0) complain(where(t, row, column), fmt::format("is '{}'; give a number of 0 or more", text));
    return value.value_or(0);
  }
  std::int32_t whole(const Table& t, std::size_t row, const char* column, std::optional<std::int32_t> otherwise = std::nullopt) {
    const std::string& text = cell(t, row, column);
    if (text.empty() && otherwise) return *otherwise;
    const auto value = number_of(text);
    if (value && *value >= 0 && *value == std::floor(*value) && *value <= 1e9) return static_cast<std::int32_t>(*value);
    complain(where(t, row, column), fmt::format("is '{}'; give a whole number from 0 to 1,000,000,000", text));
    return 0;
  }
  std::optional<std::size_t> named(const Table& t, std::size_t row, const char* column, const Names& names, const char* what) {
    const std::string& text = cell(t, row, column);
    const auto found = names.find(text);
    if (!found) complain(where(t, row, column), fmt::format("is '{}', but there is no such {}{}", text, what, names.hint(text)));
    return found;
  }
  void take_name(Names& names, const std::string& name, const Table& t, std::size_t row, const char* column) {
    if (name.empty()) complain(where(t, row, column), "is empty; give a name");
    else if (!names.add(name)) complain(where(t, row, column), fmt::format("is '{}', which stands there already; give each its own name", name));
  }

  void scenarios() {
    double sum = 0;
    for (const json& scenario : problem_["scenarios"]) {
      const auto name = scenario["name"].get<std::string>();
      if (!scenario_names_.add(name)) complain(fmt::format("/problem/scenarios/{}/name", p_.probability.size()), fmt::format("is \"{}\", which stands there already", name));
      p_.probability.push_back(scenario["probability"].get<double>());
      sum += p_.probability.back();
    }
    if (std::abs(sum - 1) > 1e-6) complain("/problem/scenarios", fmt::format("have probabilities that add up to {}; make it 1", sum));
  }

  void sites() {
    const auto t = table("sites_csv", {"site", "kind"});
    for (std::size_t r = 0; t && r < t->rows.size(); ++r) {
      model::RebalancingSite s{.name = cell(*t, r, "site")};
      take_name(site_names_, s.name, *t, r, "site");
      const std::string& kind = cell(*t, r, "kind");
      if (kind != "supplier" && kind != "site") complain(where(*t, r, "kind"), fmt::format("is '{}'; give supplier or site", kind));
      s.supplier = kind == "supplier";
      s.storage_m3 = amount(*t, r, "storage_m3", std::numeric_limits<double>::infinity());
      s.overflow_cost = amount(*t, r, "overflow_cost", 0);
      if (std::isfinite(s.storage_m3) && cell(*t, r, "overflow_cost").empty())
        complain(where(*t, r, "overflow_cost"), "is empty beside storage_m3; give the price of rented space, money per m3 and day");
      s.pallets_out = whole(*t, r, "pallets_out", model::no_limit);
      s.pallets_in = whole(*t, r, "pallets_in", model::no_limit);
      p_.sites.push_back(std::move(s));
    }
  }

  void skus() {
    const auto t = table("skus_csv", {"sku", "unit_m3", "units_per_pallet", "holding_cost"});
    for (std::size_t r = 0; t && r < t->rows.size(); ++r) {
      model::RebalancingSku s{.name = cell(*t, r, "sku")};
      take_name(sku_names_, s.name, *t, r, "sku");
      s.unit_m3 = amount(*t, r, "unit_m3");
      s.units_per_pallet = amount(*t, r, "units_per_pallet");
      if (s.units_per_pallet <= 0) complain(where(*t, r, "units_per_pallet"), fmt::format("is {}; give a number above 0", s.units_per_pallet));
      s.holding_cost = amount(*t, r, "holding_cost");
      s.shortage_cost = shortage_cost(*t, r, s.holding_cost);
      s.lost_cost = amount(*t, r, "lost_cost", 0);
      p_.skus.push_back(std::move(s));
    }
  }

  double shortage_cost(const Table& t, std::size_t r, double holding) {
    const bool cost = !cell(t, r, "shortage_cost").empty(), target = !cell(t, r, "fill_target").empty();
    if (cost == target) {
      complain(where(t, r, "shortage_cost"), cost ? "stands beside fill_target; leave one of them empty" : "is empty, and so is fill_target; give one of them");
      return 0;
    }
    if (cost) return amount(t, r, "shortage_cost");
    const auto share = number_of(cell(t, r, "fill_target"));
    if (share && *share > 0 && *share < 1) return model::implied_shortage_cost(holding, *share);
    complain(where(t, r, "fill_target"), fmt::format("is '{}'; give a share above 0 and below 1", cell(t, r, "fill_target")));
    return 0;
  }

  void lanes() {
    const auto t = table("lanes_csv", {"from", "to", "lead_days"});
    for (std::size_t r = 0; t && r < t->rows.size(); ++r) {
      const auto from = named(*t, r, "from", site_names_, "site"), to = named(*t, r, "to", site_names_, "site");
      model::RebalancingLane l{.from = static_cast<std::int32_t>(from.value_or(0)), .to = static_cast<std::int32_t>(to.value_or(0))};
      if (from && to && *from == *to) complain(where(*t, r, "to"), fmt::format("is '{}', where the lane comes from", cell(*t, r, "to")));
      else if (to && p_.sites[*to].supplier) complain(where(*t, r, "to"), fmt::format("is '{}', a supplier; suppliers only send", cell(*t, r, "to")));
      l.lead_days = whole(*t, r, "lead_days");
      l.pallet_cost = amount(*t, r, "pallet_cost", 0);
      l.truck_m3 = amount(*t, r, "truck_m3", std::numeric_limits<double>::infinity());
      if (l.truck_m3 <= 0) complain(where(*t, r, "truck_m3"), "is 0; give a number above 0, or leave it empty where no trucks are counted");
      l.truck_cost = amount(*t, r, "truck_cost", 0);
      l.trucks_per_day = whole(*t, r, "trucks_per_day", model::no_limit);
      p_.lanes.push_back(l);
    }
  }

  // A SKU at a site that can hold stock.
  std::optional<std::size_t> place(const Table& t, std::size_t r) {
    const auto sku = named(t, r, "sku", sku_names_, "SKU"), site = named(t, r, "site", site_names_, "site");
    if (!sku || !site) return std::nullopt;
    if (!p_.sites[*site].supplier) return p_.place(*sku, *site);
    complain(where(t, r, "site"), fmt::format("is '{}', a supplier; suppliers hold no stock and see no demand", cell(t, r, "site")));
    return std::nullopt;
  }
  bool first_time(std::set<std::size_t>& seen, std::size_t key, const Table& t, std::size_t r) {
    if (seen.insert(key).second) return true;
    complain(where(t, r, "sku"), fmt::format("is '{}' at '{}', which stands there already; keep one row", cell(t, r, "sku"), cell(t, r, "site")));
    return false;
  }

  void stock() {
    const auto t = table("stock_csv", {"sku", "site", "on_hand"});
    std::set<std::size_t> seen;
    for (std::size_t r = 0; t && r < t->rows.size(); ++r) {
      const double units = amount(*t, r, "on_hand");
      if (const auto at = place(*t, r); at && first_time(seen, *at, *t, r)) p_.on_hand[*at] = units;
    }
  }

  void inbound() {
    const auto t = table("inbound_csv", {"sku", "site", "day", "units"});
    for (std::size_t r = 0; t && r < t->rows.size(); ++r) {
      const double units = amount(*t, r, "units");
      const std::int32_t day = whole(*t, r, "day");
      if (day < 1 || day > p_.days) complain(where(*t, r, "day"), fmt::format("is {}; give 1 to {}", day, p_.days));
      else if (const auto at = place(*t, r)) p_.receipts[*at * static_cast<std::size_t>(p_.days) + static_cast<std::size_t>(day - 1)] += units;
    }
  }

  void demand() {
    const auto t = table("demand_csv", {"sku", "site", "scenario"});
    if (!t) return;
    std::vector<std::string> names;
    for (std::int32_t day = 1; day <= p_.days; ++day) names.push_back(fmt::format("day_{}", day));
    for (const std::string& name : names)
      if (t->column(name) < 0) complain(fmt::format("{}:1", t->file.string()), fmt::format("there is no column '{}'; give day_1 to day_{}", name, p_.days));
    if (!found_.empty()) return;
    std::set<std::size_t> seen;
    const auto days = static_cast<std::size_t>(p_.days);
    for (std::size_t r = 0; r < t->rows.size(); ++r) {
      const auto scenario = named(*t, r, "scenario", scenario_names_, "scenario");
      const auto at = place(*t, r);
      if (!scenario || !at || !first_time(seen, *at * p_.scenarios() + *scenario, *t, r)) continue;
      for (std::size_t d = 0; d < days; ++d) p_.demand[(*at * days + d) * p_.scenarios() + *scenario] = amount(*t, r, names[d].c_str());
    }
  }

  const Descriptor& job_;
  const json& problem_;
  model::RebalancingProblem p_;
  Names site_names_, sku_names_, scenario_names_;
  std::vector<Violation> found_;
};
}  // namespace

model::RebalancingProblem rebalancing_problem(const Descriptor& job) { return Reader(job).read(); }

}  // namespace tempera::descriptor
