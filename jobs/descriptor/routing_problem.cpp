#include "jobs/descriptor/routing_problem.hpp"

#include <fmt/format.h>

#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "jobs/descriptor/csv.hpp"
#include "jobs/descriptor/explain.hpp"
#include "solvers/core/error.hpp"

namespace tempera::descriptor {

namespace {
using core::UserError;
using nlohmann::json;

struct Stop {
  std::string id;
  std::optional<model::Point> place;
  std::int64_t demand = 0;
  std::string where;  ///< pointer or file:line, for messages
};

class Reader {
 public:
  explicit Reader(const Descriptor& job) : job_(job), problem_(*job.problem) {}

  model::RoutingInstance read() {
    check_keys();
    stop_at_violations();
    read_depot();
    if (problem_.contains("customers")) read_customers();
    else read_customer_table();
    check_stops();
    read_matrix();
    stop_at_violations();
    return instance();
  }

 private:
  void complain(std::string pointer, std::string message) { found_.push_back({std::move(pointer), std::move(message)}); }
  void stop_at_violations() const {
    if (!found_.empty()) throw UserError(as_text(job_.source.string(), found_));
  }

  // What a schema of one object cannot say: which keys go together.
  void check_keys() {
    const auto has = [&](const char* key) { return problem_.contains(key); };
    if (!has("depot")) complain("/problem/depot", "is missing; give an object with x and y, or give /problem/file instead");
    if (!has("vehicle")) complain("/problem/vehicle", "is missing; give an object with the capacity");
    if (has("customers") == has("customers_csv")) complain("/problem/customers", has("customers") ? "stands beside customers_csv; leave one of them out" : "is missing; give them here, or a table as customers_csv");
    if (has("distance_matrix_m") && has("distance_matrix_csv")) complain("/problem/distance_matrix_m", "stands beside distance_matrix_csv; leave one of them out");
  }

  static std::optional<model::Point> place_of(const json& value) {
    if (!value.contains("x") || !value.contains("y")) return std::nullopt;
    return model::Point{value["x"].get<double>(), value["y"].get<double>()};
  }

  void read_depot() {
    const json& depot = problem_["depot"];
    stops_.push_back({depot.value("id", "depot"), place_of(depot), 0, "/problem/depot"});
  }

  void read_customers() {
    const json& customers = problem_["customers"];
    for (std::size_t k = 0; k < customers.size(); ++k)
      stops_.push_back({customers[k]["id"].get<std::string>(), place_of(customers[k]), customers[k]["demand"].get<std::int64_t>(), fmt::format("/problem/customers/{}", k)});
  }

  void read_customer_table() {
    const Table table = read_table(job_.resolve(problem_["customers_csv"].get<std::string>()));
    const int id = table.column("id"), x = table.column("x"), y = table.column("y"), demand = table.column("demand");
    if (id < 0 || demand < 0)
      throw UserError(fmt::format("{}:1: there is no column '{}'. The columns are id, x, y, demand.", table.file.string(), id < 0 ? "id" : "demand"));
    for (std::size_t r = 0; r < table.rows.size(); ++r) {
      const double wanted = number_in(table, r, demand);
      const std::string where = fmt::format("{}:{}", table.file.string(), table.lines[r]);
      if (wanted < 0 || wanted != std::floor(wanted) || wanted > 1e9) throw UserError(fmt::format("{}: demand is {}; give a whole number from 0 to 1,000,000,000.", where, wanted));
      std::optional<model::Point> place;
      if (x >= 0 && y >= 0) place = model::Point{number_in(table, r, x), number_in(table, r, y)};
      stops_.push_back({table.rows[r][static_cast<std::size_t>(id)], place, static_cast<std::int64_t>(wanted), where});
    }
  }

  bool has_matrix() const { return problem_.contains("distance_matrix_m") || problem_.contains("distance_matrix_csv"); }
  std::int64_t capacity() const { return problem_["vehicle"]["capacity"].get<std::int64_t>(); }

  void check_stops() {
    std::map<std::string, std::string> first;
    for (const Stop& stop : stops_) {
      if (const auto [at, fresh] = first.emplace(stop.id, stop.where); !fresh) complain(stop.where, fmt::format("has the id '{}', which {} has as well; give each its own", stop.id, at->second));
      if (!stop.place && !has_matrix()) complain(stop.where, "has no x and y; give both, or a distance matrix");
      if (stop.demand > capacity()) complain(stop.where, fmt::format("('{}') has a demand of {}, but /problem/vehicle/capacity is {}; split the customer or give larger vehicles", stop.id, stop.demand, capacity()));
    }
  }

  void read_matrix() {
    if (!has_matrix()) return;
    const bool inside = problem_.contains("distance_matrix_m");
    const std::string where = inside ? "/problem/distance_matrix_m" : job_.resolve(problem_["distance_matrix_csv"].get<std::string>()).string();
    if (inside) take_rows(problem_["distance_matrix_m"], where);
    else for (const std::vector<double>& row : read_number_table(where)) add_row(row, where);
    if (rows_ != stops_.size()) complain(where, fmt::format("has {} rows; give {}, the depot's and one per customer", rows_, stops_.size()));
  }

  void take_rows(const json& rows, const std::string& where) {
    for (const json& row : rows) {
      std::vector<double> numbers;
      const std::string at = fmt::format("{}/{}", where, rows_);
      if (!row.is_array()) return complain(at, fmt::format("is {}; give an array of numbers", shown(row)));
      for (std::size_t k = 0; k < row.size(); ++k) {
        if (!row[k].is_number()) return complain(fmt::format("{}/{}", at, k), fmt::format("is {}; give a number", shown(row[k])));
        numbers.push_back(row[k].get<double>());
      }
      add_row(numbers, where);
    }
  }

  void add_row(const std::vector<double>& row, const std::string& where) {
    if (row.size() != stops_.size()) complain(fmt::format("{}/{}", where, rows_), fmt::format("has {} numbers; give {}, to the depot and to every customer", row.size(), stops_.size()));
    for (std::size_t k = 0; k < row.size(); ++k)
      if (row[k] < 0) complain(fmt::format("{}/{}/{}", where, rows_, k), fmt::format("is {}; distances are 0 or more", row[k]));
    matrix_.insert(matrix_.end(), row.begin(), row.end());
    ++rows_;
  }

  model::RoutingInstance instance() const {
    model::RoutingInstance in;
    in.name = problem_.value("name", job_.job_id.empty() ? job_.source.stem().string() : job_.job_id);
    in.rounding = asked_rounding(job_).value_or(model::Rounding::nearest);
    in.edge_weight = has_matrix() ? model::EdgeWeight::explicit_matrix : model::EdgeWeight::euclidean;
    in.matrix = matrix_;
    in.capacity = model::Load(capacity());
    bool placed = true;
    for (const Stop& stop : stops_) placed = placed && stop.place;
    for (std::size_t k = 0; k < stops_.size(); ++k) {
      if (placed) in.points.push_back(*stops_[k].place);
      in.demand.emplace_back(stops_[k].demand);
      in.node_ids.push_back(static_cast<std::int64_t>(k));
      in.labels.push_back(stops_[k].id);
    }
    const json& vehicle = problem_["vehicle"];
    if (vehicle.contains("max_distance_m"))
      in.max_route_length = model::Distance(static_cast<std::int64_t>(std::floor(vehicle["max_distance_m"].get<double>() * static_cast<double>(model::units_per_distance(in.rounding)))));
    model::validate(in, job_.source.string());
    return in;
  }

  const Descriptor& job_;
  const json& problem_;
  std::vector<Violation> found_;
  std::vector<Stop> stops_;
  std::vector<double> matrix_;
  std::size_t rows_ = 0;
};

// Keys that say the same as the named file would.
void refuse_extras(const Descriptor& job) {
  std::vector<Violation> found;
  for (const auto& [key, ignored] : job.problem->items())
    if (key != "file" && key != "rounding") found.push_back({"/problem/" + key, "stands beside /problem/file; leave one of them out"});
  if (!found.empty()) throw UserError(as_text(job.source.string(), found));
}
}  // namespace

bool names_a_file(const Descriptor& job) { return job.problem->contains("file"); }

std::filesystem::path named_file(const Descriptor& job) {
  refuse_extras(job);
  return job.resolve(job.problem->at("file").get<std::string>());
}

std::optional<model::Rounding> asked_rounding(const Descriptor& job) {
  if (!job.problem->contains("rounding")) return std::nullopt;
  return model::rounding_from_name(job.problem->at("rounding").get<std::string>());
}

model::RoutingInstance routing_problem(const Descriptor& job) { return Reader(job).read(); }

}  // namespace tempera::descriptor
