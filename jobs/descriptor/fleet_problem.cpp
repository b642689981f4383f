#include "jobs/descriptor/fleet_problem.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <string_view>

#include "solvers/core/error.hpp"

namespace tempera::descriptor {

namespace {
using nlohmann::json;

constexpr std::int64_t finest_money = 1'000'000'000;
constexpr double largest_money = 4e18;  // of any one amount, in its smallest unit
constexpr double double_noise = 1e-6;  // of a unit: 0.1 x 30 is 3

class FleetChecker {
 public:
  FleetChecker(const json& problem, std::span<const FleetStop> stops, bool by_speed, std::vector<Violation>& found) : problem_(problem), stops_(stops), by_speed_(by_speed), found_(found) {
    for (const FleetStop& stop : stops)
      if (stop.is_depot) depots_.push_back(stop.id);
  }

  void run() {
    if (problem_.value("objective", "distance") == "vehicles")
      if (const auto optional = std::ranges::find(stops_, true, &FleetStop::optional); optional != stops_.end())
        complain("/problem/objective", fmt::format("is 'vehicles', with which nobody optional would be served ('{}' is); leave it out and give the vehicles a fixed_cost, or let everybody be required", optional->id));
    priced_ = std::ranges::any_of(stops_, [](const FleetStop& stop) { return stop.prize > 0; });
    for (const json& vehicle : vehicles()) priced_ = priced_ || vehicle.contains("fixed_cost") || vehicle.contains("cost_per_km") || vehicle.contains("cost_per_m");
    std::map<std::string, std::size_t> first;
    for (std::size_t k = 0; k < vehicles().size(); ++k) {
      const std::string id = vehicles()[k]["id"].get<std::string>();
      if (const auto [at, fresh] = first.emplace(id, k); !fresh) complain(where(k), fmt::format("has the id '{}', which /problem/vehicles/{} has as well; give each its own", id, at->second));
      check(vehicles()[k], k);
    }
  }

 private:
  const json& vehicles() const { return problem_["vehicles"]; }
  static std::string where(std::size_t k) { return fmt::format("/problem/vehicles/{}", k); }
  void complain(std::string pointer, std::string message) { found_.push_back({std::move(pointer), std::move(message)}); }

  void check(const json& vehicle, std::size_t k) {
    const std::string id = vehicle["id"].get<std::string>();
    const bool by_km = vehicle.contains("cost_per_km"), by_m = vehicle.contains("cost_per_m");
    if (by_km && by_m) complain(where(k) + "/cost_per_m", "stands beside cost_per_km; leave one of them out");
    if (priced_ && !by_km && !by_m)
      complain(where(k), fmt::format("('{}') has no cost_per_km, but other costs or prizes are given; say what a kilometre costs (0 if nothing)", id));
    if (by_speed_ && !vehicle.contains("speed_m_per_s")) complain(where(k) + "/speed_m_per_s", "is missing; windows, service and durations need it");
    check_depot(vehicle, k);
  }

  void check_depot(const json& vehicle, std::size_t k) {
    if (!vehicle.contains("depot")) {
      if (depots_.size() > 1) complain(where(k) + "/depot", fmt::format("is missing; name one of {}", fmt::join(depots_, ", ")));
      return;
    }
    const std::string named = vehicle["depot"].get<std::string>();
    if (std::ranges::find(depots_, named) != depots_.end()) return;
    complain(where(k) + "/depot", fmt::format("is '{}', which is no depot; give one of {}", named, fmt::join(depots_, ", ")));
  }

  const json& problem_;
  std::span<const FleetStop> stops_;
  bool by_speed_;
  std::vector<Violation>& found_;
  std::vector<std::string> depots_;
  bool priced_ = false;
};

// Money per distance unit; 1 a metre where nobody speaks of money.
double price_of_unit(const json& vehicle, model::Rounding rounding) {
  const double per_metre = vehicle.contains("cost_per_km") ? vehicle["cost_per_km"].get<double>() / 1000 : vehicle.value("cost_per_m", 1.0);
  return per_metre / static_cast<double>(model::units_per_distance(rounding));
}

// What is below a half is no noise of 0.
bool is_whole(double value) { return (value == 0 || std::round(value) != 0) && std::abs(value - std::round(value)) <= std::min(0.49, double_noise * std::max(1.0, std::abs(value) * 1e-3)); }

// The coarsest scale at which nothing is lost.
std::int64_t money_scale(const std::vector<double>& amounts) {
  std::int64_t scale = 1;
  while (scale < finest_money && !std::ranges::all_of(amounts, [&](double amount) { return is_whole(amount * static_cast<double>(scale)); })) scale *= 10;
  return scale;
}
}  // namespace

bool has_fleet(const json& problem) { return problem.contains("vehicles"); }

bool fleet_keeps_time(const json& problem) {
  return std::ranges::any_of(problem["vehicles"], [](const json& vehicle) { return vehicle.contains("max_duration_s"); });
}

double reference_speed(const json& problem) { return problem["vehicles"][0]["speed_m_per_s"].get<double>(); }

void check_fleet(const json& problem, std::span<const FleetStop> stops, bool by_speed, std::vector<Violation>& found) { FleetChecker(problem, stops, by_speed, found).run(); }

model::Fleet fleet_of(const json& problem, std::span<const FleetStop> stops, model::Rounding rounding, double units_per_second, std::string_view source) {
  const json& vehicles = problem["vehicles"];
  const double units = static_cast<double>(model::units_per_distance(rounding));
  std::vector<double> amounts;
  std::map<std::string, std::int32_t> depots;
  for (std::size_t i = 0; i < stops.size(); ++i) {
    amounts.push_back(stops[i].prize);
    if (stops[i].is_depot) depots.emplace(stops[i].id, static_cast<std::int32_t>(i));
  }
  for (const json& vehicle : vehicles) amounts.insert(amounts.end(), {vehicle.value("fixed_cost", 0.0), price_of_unit(vehicle, rounding)});
  model::Fleet fleet;
  fleet.money_scale = money_scale(amounts);
  for (const double amount : amounts)
    if (const double scaled = amount * static_cast<double>(fleet.money_scale); scaled > largest_money || std::abs(scaled - std::round(scaled)) > 1e-6 * scaled)
      throw core::UserError(fmt::format("{}: /problem/vehicles: an amount of {} in money (a price counts per distance unit) cannot be told in whole units of 1/{} beside the others. "
                                        "Give amounts with fewer digits, or a coarser rounding.", source, amount, fleet.money_scale));
  const auto money = [&](double amount) { return static_cast<std::int64_t>(std::llround(amount * static_cast<double>(fleet.money_scale))); };
  fleet.depots = static_cast<std::int32_t>(depots.size());
  for (const FleetStop& stop : stops) {
    fleet.prize.emplace_back(money(stop.prize));
    fleet.optional.push_back(stop.optional ? 1 : 0);
  }
  for (const json& vehicle : vehicles) {
    model::VehicleType& type = fleet.types.emplace_back();
    type.id = vehicle["id"].get<std::string>();
    type.count = vehicle["count"].get<std::int64_t>();
    type.capacity = model::Load(vehicle["capacity"].get<std::int64_t>());
    type.depot = vehicle.contains("depot") ? depots.at(vehicle["depot"].get<std::string>()) : 0;
    type.fixed_cost = model::Cost(money(vehicle.value("fixed_cost", 0.0)));
    type.distance_price = money(price_of_unit(vehicle, rounding));
    if (vehicle.contains("max_distance_m")) type.max_distance = model::Distance(static_cast<std::int64_t>(std::floor(vehicle["max_distance_m"].get<double>() * units + double_noise)));
    if (vehicle.contains("max_duration_s")) type.max_duration = model::Distance(static_cast<std::int64_t>(std::floor(vehicle["max_duration_s"].get<double>() * units_per_second + double_noise)));
    if (vehicle.contains("speed_m_per_s") && vehicles[0].contains("speed_m_per_s"))
      type.slowness = std::llround(model::VehicleType::normal_slowness * reference_speed(problem) / vehicle["speed_m_per_s"].get<double>());
    if (vehicle.contains("travel_time_factor")) type.slowness = std::llround(model::VehicleType::normal_slowness * vehicle["travel_time_factor"].get<double>());
    fleet.most_vehicles += type.count;
  }
  fleet.most_vehicles = std::min(fleet.most_vehicles, problem.value("max_vehicles", fleet.most_vehicles));
  return fleet;
}

}  // namespace tempera::descriptor
