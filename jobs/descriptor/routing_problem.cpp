#include "jobs/descriptor/routing_problem.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>

#include "jobs/descriptor/csv.hpp"
#include "jobs/descriptor/customer_table.hpp"
#include "jobs/descriptor/explain.hpp"
#include "jobs/descriptor/fleet_problem.hpp"
#include "solvers/core/error.hpp"
#include "solvers/model/time_windows.hpp"

namespace tempera::descriptor {

namespace {
using core::UserError;
using nlohmann::json;

constexpr double longest_way = 2'000'000;  // seconds, 23 days: milliseconds in 32 bits

struct Stop {
  std::string id;
  std::optional<model::Point> place;
  std::int64_t demand = 0;
  std::optional<std::pair<double, double>> window;  ///< seconds
  double service = 0;                               ///< seconds
  std::string where;  ///< pointer or file:line, for messages
  bool is_depot = false, optional = false;
  double prize = 0;
};

class Reader {
 public:
  explicit Reader(const Descriptor& job) : job_(job), problem_(*job.problem), vehicles_(vehicles_of(*job.problem)) {}

  model::RoutingInstance read() {
    check_keys();
    stop_at_violations();
    read_depot();
    if (problem_.contains("customers")) read_customers();
    else read_customer_table();
    if (fleet() && !has_fleet(problem_)) vehicles_["vehicles"][0]["count"] = stops_.size() - 1;
    read_further_depots();
    check_stops();
    if (fleet()) check_fleet(vehicles_, fleet_stops(), keeps_time() && !has_travel_times(), found_);
    check_times();
    read_matrices();
    stop_at_violations();
    open_depots();
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
    if (!has("depot") && !has("depots")) complain("/problem/depot", "is missing; give an object with x and y, or give /problem/file instead");
    if (has("depot") && has("depots")) complain("/problem/depots", "stands beside depot; leave one of them out");
    if (!has("vehicle") && !has("vehicles")) complain("/problem/vehicle", "is missing; give an object with the capacity");
    if (has("vehicle") && has("vehicles")) complain("/problem/vehicles", "stands beside vehicle; leave one of them out");
    for (const char* key : {"depots", "max_vehicles"})
      if (has(key) && !has("vehicles")) complain(fmt::format("/problem/{}", key), "needs vehicles; give them as a list, each with id, count and capacity");
    if (has("customers") == has("customers_csv")) complain("/problem/customers", has("customers") ? "stands beside customers_csv; leave one of them out" : "is missing; give them here, or a table as customers_csv");
    if (has("distance_matrix_m") && has("distance_matrix_csv")) complain("/problem/distance_matrix_m", "stands beside distance_matrix_csv; leave one of them out");
    if (has("travel_time_matrix_s") && has("travel_time_matrix_csv")) complain("/problem/travel_time_matrix_s", "stands beside travel_time_matrix_csv; leave one of them out");
    if (has_travel_times() && has("vehicle") && problem_["vehicle"].contains("speed_m_per_s")) refuse_speed("/problem/vehicle");
    if (has_travel_times() && has("vehicles"))
      for (std::size_t k = 0; k < problem_["vehicles"].size(); ++k)
        if (problem_["vehicles"][k].contains("speed_m_per_s")) refuse_speed(fmt::format("/problem/vehicles/{}", k));
    if (!has_travel_times() && has("vehicles"))
      for (std::size_t k = 0; k < problem_["vehicles"].size(); ++k)
        if (problem_["vehicles"][k].contains("travel_time_factor"))
          complain(fmt::format("/problem/vehicles/{}/travel_time_factor", k), "needs travel times; give travel_time_matrix_s or travel_time_matrix_csv, or a speed_m_per_s instead");
  }
  void refuse_speed(const std::string& vehicle) { complain(vehicle + "/speed_m_per_s", "stands beside travel times, which say how long everything takes; leave one of them out (vehicles have a travel_time_factor)"); }

  static std::optional<model::Point> place_of(const json& value) {
    if (!value.contains("x") || !value.contains("y")) return std::nullopt;
    return model::Point{value["x"].get<double>(), value["y"].get<double>()};
  }

  static std::optional<std::pair<double, double>> window_of(const json& value) {
    if (!value.contains("window_s")) return std::nullopt;
    return std::pair{value["window_s"][0].get<double>(), value["window_s"][1].get<double>()};
  }

  // What fleet_problem reads. Only a fleet tells time and distance apart: with travel times a single kind of vehicle is one, of as
  // many vehicles as there are customers.
  static json vehicles_of(const json& problem) {
    json chosen = json::object();
    for (const char* key : {"vehicles", "max_vehicles", "objective"})
      if (problem.contains(key)) chosen[key] = problem[key];
    if (has_fleet(problem) || !has_travel_times(problem) || !problem.contains("vehicle")) return chosen;
    json vehicle = problem["vehicle"];
    vehicle["id"] = "vehicle";
    vehicle["count"] = 0;  // read() sets it, once the customers are known
    chosen["vehicles"] = json::array({vehicle});
    return chosen;
  }
  bool fleet() const { return has_fleet(vehicles_); }
  model::Objective objective() const { return asked_objective(job_).value_or(model::Objective::distance); }

  Stop depot_of(const json& depot, std::string where) const {
    return {depot.value("id", "depot"), place_of(depot), 0, window_of(depot), 0, std::move(where), true};
  }
  void read_depot() {
    if (problem_.contains("depots")) stops_.push_back(depot_of(problem_["depots"][0], "/problem/depots/0"));
    else stops_.push_back(depot_of(problem_["depot"], "/problem/depot"));
  }
  // Behind the customers, as RoutingInstance has them.
  void read_further_depots() {
    if (!problem_.contains("depots")) return;
    for (std::size_t k = 1; k < problem_["depots"].size(); ++k) stops_.push_back(depot_of(problem_["depots"][k], fmt::format("/problem/depots/{}", k)));
  }

  // Who has a prize may be left out, unless required.
  void read_prize(const json& customer, Stop& stop) {
    if (!customer.contains("prize") && !customer.contains("required")) return;
    if (!has_fleet(problem_)) return complain(stop.where, "has a prize or says whether it is required, which needs /problem/vehicles");
    stop.optional = !customer.value("required", !customer.contains("prize"));
    if (stop.optional) stop.prize = customer.value("prize", 0.0);
    else if (customer.contains("prize")) complain(stop.where + "/prize", "stands beside required; who is required has no prize, leave one of them out");
  }

  std::vector<FleetStop> fleet_stops() const {
    std::vector<FleetStop> stops;
    for (const Stop& stop : stops_) stops.push_back({stop.id, stop.is_depot, stop.optional, stop.prize});
    return stops;
  }

  void read_customers() {
    const json& customers = problem_["customers"];
    for (std::size_t k = 0; k < customers.size(); ++k) add_customer(customers[k], fmt::format("/problem/customers/{}", k));
  }

  // Every row must be what the schema asks of a customer in the job.
  void read_customer_table() {
    const CustomerTable table(job_.resolve(problem_["customers_csv"].get<std::string>()), found_);
    stop_at_violations();
    for (std::size_t k = 0; k < table.customers().size(); ++k) add_customer(table.customers()[k], table.where(k));
  }

  void add_customer(const json& customer, std::string where) {
    Stop stop{customer["id"].get<std::string>(), place_of(customer), customer["demand"].get<std::int64_t>(), window_of(customer), customer.value("service_s", 0.0), std::move(where)};
    read_prize(customer, stop);
    stops_.push_back(std::move(stop));
  }

  static bool has_travel_times(const json& problem) { return problem.contains("travel_time_matrix_s") || problem.contains("travel_time_matrix_csv"); }
  bool has_travel_times() const { return has_travel_times(problem_); }
  bool has_matrix() const { return problem_.contains("distance_matrix_m") || problem_.contains("distance_matrix_csv"); }
  std::int64_t capacity() const { return problem_["vehicle"]["capacity"].get<std::int64_t>(); }

  void check_stops() {
    std::map<std::string, std::string> first;
    for (const Stop& stop : stops_) {
      if (const auto [at, fresh] = first.emplace(stop.id, stop.where); !fresh) complain(stop.where, fmt::format("has the id '{}', which {} has as well; give each its own", stop.id, at->second));
      if (!stop.place && !has_matrix()) complain(stop.where, "has no x and y; give both, or a distance matrix");
      if (problem_.contains("vehicle") && stop.demand > capacity()) complain(stop.where, fmt::format("('{}') has a demand of {}, but /problem/vehicle/capacity is {}; split the customer or give larger vehicles", stop.id, stop.demand, capacity()));
    }
  }

  bool keeps_time() const {
    const bool lasts = fleet() ? fleet_keeps_time(vehicles_) : problem_["vehicle"].contains("max_duration_s");
    return lasts || has_travel_times() || std::ranges::any_of(stops_, [](const Stop& stop) { return stop.window || stop.service > 0; });
  }

  bool has_windows() const {
    return std::ranges::any_of(stops_, [](const Stop& stop) { return !stop.is_depot && stop.window; });
  }

  // Where only service and durations count, a depot without hours is open from 0 for as long as a route may take.
  void open_depots() {
    if (!keeps_time()) return;
    for (Stop& stop : stops_)
      if (stop.is_depot && !stop.window) stop.window = {0, hours_of(stop)};
  }

  // Seconds that the one kind of vehicle may be out. In a fleet who is left out hears of the shift, not of hours that nobody gave.
  double longest_shift() const {
    constexpr double unlimited = std::numeric_limits<double>::max();
    return fleet() ? unlimited : problem_["vehicle"].value("max_duration_s", unlimited);
  }

  // What the unit of time can hold is enough, unless it ends within a tour of four days.
  double hours_of(const Stop& depot) const {
    constexpr double longest_tour = 4 * 86'400;
    const double wanted = std::min(longest_route(), longest_shift()), countable = static_cast<double>(model::latest_time(stops_.size()) - 1) / units_per_second(rounding());
    if (countable < std::min(wanted, longest_tour))
      throw UserError(fmt::format("{}: {} ('{}') has no opening hours, and with rounding {} time can be counted up to {:.0f} s for {} places; give the hours as window_s, or a coarser rounding.",
                                  job_.source.string(), depot.where, depot.id, model::name_of(rounding()), countable, stops_.size()));
    return std::min(wanted, countable);
  }
  model::Rounding rounding() const { return asked_rounding(job_).value_or(model::Rounding::nearest); }

  // Seconds, not less than any route takes, with all that rounding adds to its legs and stops.
  double longest_route() const {
    double service = 0, way = 0;
    for (const Stop& stop : stops_) service += stop.service;
    if (has_travel_times()) {
      way = std::ranges::max(travel_times_);
      if (problem_.contains("vehicles"))
        for (const json& vehicle : problem_["vehicles"]) way = std::max(way, std::ranges::max(travel_times_) * vehicle.value("travel_time_factor", 1.0));
    } else {
      way = (farthest() + 3) / slowest_speed();  // a leg and a stop are rounded by up to a metre each, and a slow vehicle's time once more
    }
    return std::ceil(service + (static_cast<double>(stops_.size()) + 1) * (way + 1));
  }
  double slowest_speed() const {
    if (!fleet()) return problem_["vehicle"]["speed_m_per_s"].get<double>();
    double slowest = std::numeric_limits<double>::max();
    for (const json& vehicle : vehicles_["vehicles"]) slowest = std::min(slowest, vehicle["speed_m_per_s"].get<double>());
    return slowest;
  }
  // Metres between two places, at most.
  double farthest() const {
    if (has_matrix()) return std::ranges::max(matrix_);
    double left = 0, right = 0, low = 0, high = 0;  // the origin is as good a corner as any: a bound
    for (const Stop& stop : stops_) {
      left = std::min(left, stop.place->x), right = std::max(right, stop.place->x);
      low = std::min(low, stop.place->y), high = std::max(high, stop.place->y);
    }
    return std::hypot(right - left, high - low);
  }

  void check_times() {
    if (!keeps_time()) return;
    if (!fleet() && !problem_["vehicle"].contains("speed_m_per_s")) complain("/problem/vehicle/speed_m_per_s", "is missing; windows, service and durations need it");
    for (const Stop& stop : stops_) {
      if (stop.is_depot && !stop.window && has_windows()) complain(stop.where + "/window_s", "is missing beside the windows of customers; give the opening hours, as [start, end] in seconds");
      if (stop.window && stop.window->second < stop.window->first)
        complain(stop.where, fmt::format("('{}') has a window from {} to {}; give one that opens before it closes", stop.id, stop.window->first, stop.window->second));
    }
  }

  // Seconds to distance units; a value that misses a whole number by the last bits of a double counts as it.
  template <class Round>
  static model::Distance scaled(double seconds, double units_per_second, Round round) {
    const double exact = seconds * units_per_second, nearest = std::round(exact);
    if (exact > 1e15) return model::Distance(1'000'000'000'000'000);
    return model::Distance(static_cast<std::int64_t>(std::abs(exact - nearest) < 1e-6 ? nearest : round(exact)));
  }

  // Time counts in what the first vehicle drives meanwhile, or in milliseconds.
  double units_per_second(model::Rounding rounding) const {
    if (has_travel_times()) return 1000;
    const double speed = fleet() ? reference_speed(vehicles_) : problem_["vehicle"]["speed_m_per_s"].get<double>();
    return speed * static_cast<double>(model::units_per_distance(rounding));
  }

  model::Timetable timetable(model::Rounding rounding) const {
    const auto up = [](double v) { return std::ceil(v); };
    const auto down = [](double v) { return std::floor(v); };
    model::Timetable times;
    const double scale = units_per_second(rounding);
    times.units_per_second = scale;
    for (const Stop& stop : stops_) {
      const auto window = stop.window.value_or(opening_hours());
      times.earliest.push_back(scaled(window.first, scale, up));
      times.latest.push_back(scaled(window.second, scale, down));
      times.service.push_back(scaled(stop.service, scale, up));
    }
    if (!fleet() && problem_["vehicle"].contains("max_duration_s")) times.max_duration = scaled(problem_["vehicle"]["max_duration_s"].get<double>(), scale, down);
    for (const double seconds : travel_times_) times.travel.push_back(static_cast<std::int32_t>(scaled(seconds, scale, up).value));
    check_reach(times, scale);
    return times;
  }

  // A customer without a window has those of the depots together.
  std::pair<double, double> opening_hours() const {
    std::pair<double, double> hours = *stops_[0].window;
    for (const Stop& stop : stops_)
      if (stop.is_depot && stop.window) hours = {std::min(hours.first, stop.window->first), std::max(hours.second, stop.window->second)};
    return hours;
  }

  // In the job's words, which the instance no longer knows.
  void check_reach(const model::Timetable& times, double scale) const {
    const std::string where = job_.source.string();
    const auto opening = stops_[0].window.value_or(std::pair{0.0, 0.0});  // a customer without a window has the depot's
    for (std::size_t k = 0; k < stops_.size(); ++k)
      if (times.latest[k] < times.earliest[k])
        throw UserError(fmt::format("{}: {} ('{}') has a window of {} to {} s that is too narrow for the unit of time at {} units a second; widen it or give a finer rounding.",
                                    where, stops_[k].where, stops_[k].id, stops_[k].window.value_or(opening).first, stops_[k].window.value_or(opening).second, scale));
  }

  void read_matrices() {
    matrix_ = square("distance_matrix_m", "distance_matrix_csv", "distances are 0 or more", std::numeric_limits<double>::max());
    travel_times_ = square("travel_time_matrix_s", "travel_time_matrix_csv", "travel times are 0 to 2,000,000 s", longest_way);
  }

  // Row after row; empty when the job has neither key.
  std::vector<double> square(const char* inside, const char* csv, const char* range, double most) {
    std::vector<std::vector<double>> rows;
    std::string where = fmt::format("/problem/{}", inside);
    const bool in_table = !problem_.contains(inside);
    const auto row_at = [&](std::size_t r) { return in_table ? fmt::format("{}: row {}", where, r + 1) : fmt::format("{}/{}", where, r); };
    const auto cell_at = [&](std::size_t r, std::size_t k) { return in_table ? fmt::format("{}, cell {},", row_at(r), k + 1) : fmt::format("{}/{}", row_at(r), k); };
    if (!in_table) {
      rows = rows_of(problem_[inside], where);
    } else if (problem_.contains(csv)) {
      where = job_.resolve(problem_[csv].get<std::string>()).string();
      rows = read_number_table(where);
    } else {
      return {};
    }
    if (rows.size() != stops_.size()) complain(where, fmt::format("has {} rows; give {}, one per depot and customer", rows.size(), stops_.size()));
    std::vector<double> numbers;
    if (rows.size() == stops_.size()) numbers.reserve(stops_.size() * stops_.size());
    for (std::size_t r = 0; r < rows.size(); ++r) {
      const std::vector<double>& row = rows[r];
      if (row.size() != stops_.size()) complain(row_at(r), fmt::format("has {} numbers; give {}, one per depot and customer", row.size(), stops_.size()));
      for (std::size_t k = 0; k < row.size(); ++k)
        if (row[k] < 0 || row[k] > most) complain(cell_at(r, k), fmt::format("is {}; {}", row[k], range));
      numbers.insert(numbers.end(), row.begin(), row.end());
    }
    return numbers;
  }

  std::vector<std::vector<double>> rows_of(const json& given, const std::string& where) {
    std::vector<std::vector<double>> rows;
    for (const json& row : given) {
      const std::string at = fmt::format("{}/{}", where, rows.size());
      if (!row.is_array()) {
        complain(at, fmt::format("is {}; give an array of numbers", shown(row)));
        return rows;
      }
      std::vector<double>& numbers = rows.emplace_back();
      for (std::size_t k = 0; k < row.size(); ++k) {
        if (!row[k].is_number()) {
          complain(fmt::format("{}/{}", at, k), fmt::format("is {}; give a number", shown(row[k])));
          return rows;
        }
        numbers.push_back(row[k].get<double>());
      }
    }
    return rows;
  }

  model::RoutingInstance instance() const {
    model::RoutingInstance in;
    in.name = problem_.value("name", job_.job_id.empty() ? job_.source.stem().string() : job_.job_id);
    in.rounding = rounding();
    in.edge_weight = has_matrix() ? model::EdgeWeight::explicit_matrix : model::EdgeWeight::euclidean;
    in.matrix = matrix_;
    if (fleet()) in.fleet = fleet_of(vehicles_, fleet_stops(), in.rounding, keeps_time() ? units_per_second(in.rounding) : 0, job_.source.string());
    in.capacity = model::Load(in.fleet ? std::ranges::max(in.fleet->types, {}, &model::VehicleType::capacity).capacity.value : capacity());
    bool placed = true;
    for (const Stop& stop : stops_) placed = placed && stop.place;
    for (std::size_t k = 0; k < stops_.size(); ++k) {
      if (placed) in.points.push_back(*stops_[k].place);
      in.demand.emplace_back(stops_[k].demand);
      in.node_ids.push_back(static_cast<std::int64_t>(k));
      in.labels.push_back(stops_[k].id);
    }
    if (!fleet() && problem_["vehicle"].contains("max_distance_m"))
      in.max_route_length = model::Distance(static_cast<std::int64_t>(std::floor(problem_["vehicle"]["max_distance_m"].get<double>() * static_cast<double>(model::units_per_distance(in.rounding)))));
    if (keeps_time()) in.timetable = timetable(in.rounding);
    if (in.fleet && objective() == model::Objective::vehicles) model::put_vehicles_first(in, job_.source.string());
    if (in.fleet) model::price_missing_customers(in, job_.source.string());
    model::validate(in, job_.source.string());
    if (in.fleet) return in;
    model::set_objective(in, objective());
    model::validate(in, job_.source.string());  // again: vehicles may have their price now
    return in;
  }

  const Descriptor& job_;
  const json& problem_;
  std::vector<Violation> found_;
  std::vector<Stop> stops_;
  json vehicles_;                      ///< the problem's keys about them
  std::vector<double> matrix_;         ///< metres
  std::vector<double> travel_times_;   ///< seconds
};

// Keys that say the same as the named file would.
void refuse_extras(const Descriptor& job) {
  std::vector<Violation> found;
  for (const auto& [key, ignored] : job.problem->items())
    if (key != "file" && key != "rounding" && key != "objective") found.push_back({"/problem/" + key, "stands beside /problem/file; leave one of them out"});
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

std::optional<model::Objective> asked_objective(const Descriptor& job) {
  if (!job.problem->contains("objective")) return std::nullopt;
  return model::objective_from_name(job.problem->at("objective").get<std::string>());
}

Descriptor asked_again(const Descriptor& job, std::optional<model::Rounding> rounding, std::optional<model::Objective> objective) {
  Descriptor changed = job;
  json problem = *job.problem;
  if (rounding) problem["rounding"] = model::name_of(*rounding);
  if (objective) problem["objective"] = model::name_of(*objective);
  changed.problem = std::make_shared<const json>(std::move(problem));
  return changed;
}

model::RoutingInstance routing_problem(const Descriptor& job) { return Reader(job).read(); }

}  // namespace tempera::descriptor
