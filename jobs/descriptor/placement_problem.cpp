#include "jobs/descriptor/placement_problem.hpp"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>
#include <set>

#include "jobs/descriptor/csv.hpp"
#include "jobs/descriptor/names.hpp"
#include "jobs/descriptor/violation.hpp"
#include "jobs/descriptor/schema.hpp"
#include "solvers/core/error.hpp"

namespace tempera::descriptor {

namespace {
using core::UserError;
using nlohmann::json;

// An object of the job, or a row of a table that says the same.
struct Entry {
  json value;
  std::string where;
};

class Reader {
 public:
  explicit Reader(const Descriptor& job) : job_(job), problem_(*job.problem) {}

  model::PlacementNetwork read() {
    network_.name = problem_.value("name", job_.job_id.empty() ? job_.source.stem().string() : job_.job_id);
    network_.pooling_exponent = problem_.value("pooling_exponent", 2.0);
    network_.lead_time_factor = problem_.value("lead_time_factor", 0.0);
    const std::vector<Entry> stages = entries("stages"), arcs = entries("arcs");
    stop_at_violations();
    sites();
    for (const Entry& entry : stages) stage(entry);
    const std::size_t before = found_.size();
    for (const Entry& entry : arcs) arc(entry);
    const bool arcs_stand = found_.size() == before;  // else who supplies whom is not known
    for (std::size_t i = 0; arcs_stand && i < stages.size(); ++i) promises(network_.stages[i], stages[i].where, supplies_.contains(static_cast<std::int32_t>(i)));
    stop_at_violations();
    model::validate(network_, job_.source.string());  // cycles, capacities
    return network_;
  }

 private:
  void complain(std::string pointer, std::string message) { found_.push_back({std::move(pointer), std::move(message)}); }
  void stop_at_violations() const {
    if (!found_.empty()) throw UserError(as_text(job_.source.string(), found_));
  }

  std::vector<Entry> entries(const std::string& name) {
    const std::string table = name + "_csv", at = "/problem/" + name;
    const bool inside = problem_.contains(name), outside = problem_.contains(table);
    if (inside == outside) {
      complain(at, inside ? fmt::format("stands beside {}; leave one of them out", table) : fmt::format("is missing; give it here, as the table {}, or give /problem/file instead", table));
      return {};
    }
    if (outside) return rows(name, job_.resolve(problem_[table].get<std::string>()));
    std::vector<Entry> list;
    for (std::size_t k = 0; k < problem_[name].size(); ++k) list.push_back({problem_[name][k], fmt::format("{}/{}", at, k)});
    return list;
  }

  // Every row must be what the schema asks of an entry in the job: the columns are its keys.
  std::vector<Entry> rows(const std::string& name, const std::filesystem::path& file) {
    const json entry_schema = json::parse(schema_text("inventory_placement"))["properties"][name]["items"];
    const Table table = read_table(file);
    std::vector<Entry> list;
    for (std::size_t r = 0; r < table.rows.size(); ++r) {
      Entry entry{json::object(), fmt::format("{}:{}", file.string(), table.lines[r])};
      for (std::size_t c = 0; c < table.columns.size(); ++c) {
        const std::string& column = table.columns[c];
        if (table.rows[r][c].empty()) continue;
        const bool number = entry_schema["properties"].contains(column) && entry_schema["properties"][column]["type"] == "number";
        entry.value[column] = number ? json(number_in(table, r, static_cast<int>(c))) : json(table.rows[r][c]);
      }
      for (Violation& violation : violations_of(entry_schema, entry.value, "")) complain(entry.where + (violation.pointer.empty() ? "" : " " + violation.pointer.substr(1)), violation.message);
      list.push_back(std::move(entry));
    }
    return list;
  }

  static std::optional<double> number(const json& value, const char* key) { return value.contains(key) ? std::optional(value[key].get<double>()) : std::nullopt; }

  void sites() {
    const json list = problem_.value("sites", json::array());
    for (std::size_t k = 0; k < list.size(); ++k) {
      network_.sites.push_back({.name = list[k]["name"].get<std::string>(), .storage = list[k]["storage"].get<double>()});
      if (!site_names_.add(network_.sites.back().name)) complain(fmt::format("/problem/sites/{}", k), fmt::format("has the name '{}', which another site has as well; give each its own", network_.sites.back().name));
    }
  }

  // Index of the site, or -1.
  std::int32_t site_of(const Entry& entry) {
    if (!entry.value.contains("site")) return -1;
    const auto name = entry.value["site"].get<std::string>();
    const auto at = site_names_.find(name);
    if (!at) complain(entry.where + "/site", fmt::format("is '{}', but there is no such site{}", name, site_names_.hint(name)));
    return at ? static_cast<std::int32_t>(*at) : -1;
  }

  void stage(const Entry& entry) {
    const json& v = entry.value;
    const std::int32_t site = site_of(entry);
    model::PlacementStage s{.name = v["name"].get<std::string>(), .lead_time = v["lead_time"].get<double>(), .lead_time_deviation = v.value("lead_time_deviation", 0.0),
                            .holding_cost = v["holding_cost"].get<double>(), .supplier_time = v.value("supplier_time", 0.0), .demand_mean = v.value("demand_mean", 0.0),
                            .demand_deviation = v.value("demand_deviation", 0.0), .service_level = number(v, "service_level"), .service_limit = number(v, "service_limit"),
                            .capacity = number(v, "capacity"), .bound = number(v, "bound"), .site = site, .volume = v.value("volume", site < 0 ? 0.0 : 1.0)};
    if (!names_.add(s.name)) complain(entry.where, fmt::format("has the name '{}', which another stage has as well; give each its own", s.name));
    if (s.demand_deviation > 0 && !s.service_level && !s.bound) complain(entry.where, fmt::format("('{}') has demand that varies but no service_level; give one above 0 and below 1", s.name));
    network_.stages.push_back(std::move(s));
  }

  void arc(const Entry& entry) {
    std::array<std::int32_t, 2> ends{};
    for (const std::size_t k : {0, 1}) {
      const char* key = k == 0 ? "from" : "to";
      const auto name = entry.value[key].get<std::string>();
      const auto at = names_.find(name);
      if (!at) return complain(entry.where + "/" + key, fmt::format("is '{}', but there is no such stage{}", name, names_.hint(name)));
      ends[k] = static_cast<std::int32_t>(*at);
    }
    if (ends[0] == ends[1]) return complain(entry.where, "leads from a stage to itself; remove it");
    supplies_.insert(ends[0]);
    network_.arcs.push_back({ends[0], ends[1], entry.value.value("quantity", 1.0)});
  }

  void promises(const model::PlacementStage& s, const std::string& where, bool supplies) {
    if (supplies) return;
    if (!s.bound && s.demand_mean == 0 && s.demand_deviation == 0) complain(where, fmt::format("('{}') supplies no other stage and has no demand; give it demand_mean, or remove it", s.name));
    if (!s.service_limit) complain(where, fmt::format("('{}') supplies no other stage and has no service_limit; give the longest time promised to customers in days, 0 for from stock", s.name));
  }

  const Descriptor& job_;
  const json& problem_;
  model::PlacementNetwork network_;
  Names names_, site_names_;
  std::set<std::int32_t> supplies_;  // stages that supply another
  std::vector<Violation> found_;
};
}  // namespace

model::PlacementNetwork placement_problem(const Descriptor& job) { return Reader(job).read(); }

}  // namespace tempera::descriptor
