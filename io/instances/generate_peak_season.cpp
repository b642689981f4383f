#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <vector>

#include "io/instances/draw.hpp"
#include "io/instances/generate.hpp"

namespace tempera::instances {

using core::RandomStream;
using model::Load;
using model::Point;
using model::RoutingInstance;

namespace {
constexpr std::uint32_t this_generator = 2;
constexpr double region = 5000;            // tens of metres: 50 km
constexpr double country_share = 1.0 / 12; // stops outside any town
constexpr std::int64_t van_parcels = 180;

struct Town {
  Point centre;
  double spread;  ///< standard deviation of its stops, tens of metres
  double share;   ///< of the stops in towns; all towns add up to 1
};

double squared(double value) { return value * value; }

// Centres keep apart while there is room, and away from the rim, so that towns are seen as such.
Point town_centre(const std::vector<Town>& others, RandomStream& random) {
  const auto inside = [&] { return region * (0.1 + 0.8 * random.uniform()); };
  for (double apart = 1000;; apart *= 0.95) {
    const double x = inside();
    const Point p{x, inside()};
    if (std::ranges::all_of(others, [&](const Town& t) { return squared(p.x - t.centre.x) + squared(p.y - t.centre.y) > squared(apart); })) return p;
  }
}

// The k-th town is 1/k as large as the first; its area grows with its stops.
std::vector<Town> found_towns(int count, RandomStream& random) {
  double total = 0;
  for (int k = 1; k <= count; ++k) total += 1.0 / k;
  std::vector<Town> towns;
  for (int k = 1; k <= count; ++k) {
    const Point centre = town_centre(towns, random);
    towns.push_back({centre, 250 / std::sqrt(static_cast<double>(k)), 1.0 / (k * total)});
  }
  return towns;
}

const Town& choose_town(const std::vector<Town>& towns, RandomStream& random) {
  double left = random.uniform();
  for (const Town& town : towns)
    if ((left -= town.share) < 0) return town;
  return towns.back();
}

Point snapped(double x, double y) { return {std::round(std::clamp(x, 0.0, region)), std::round(std::clamp(y, 0.0, region))}; }

Point stop(const std::vector<Town>& towns, RandomStream& random) {
  if (random.chance(country_share)) {
    const double x = random.uniform() * region;
    return snapped(x, random.uniform() * region);
  }
  const Town& town = choose_town(towns, random);
  const double radius = town.spread * std::sqrt(-2 * std::log(random.uniform()));  // Box-Muller
  const double angle = 2 * std::numbers::pi * random.uniform();
  return snapped(town.centre.x + radius * std::cos(angle), town.centre.y + radius * std::sin(angle));
}

Point depot_at_the_edge(RandomStream& random) {
  const double along = region * (0.1 + 0.8 * random.uniform());
  switch (random.below(4)) {
    case 0: return snapped(along, 0);
    case 1: return snapped(along, region);
    case 2: return snapped(0, along);
    default: return snapped(region, along);
  }
}

int parcels(RandomStream& random) {
  const double kind = random.uniform();
  if (kind < 0.05) return between(random, 15, 60);           // businesses
  if (kind < 0.05 + 1.0 / 7) return between(random, 4, 12);  // shops
  const double size = random.uniform();                      // homes
  if (size < 0.60) return 1;
  return size < 0.87 ? 2 : 3;
}
}  // namespace

RoutingInstance generate_peak_season(const PeakSeasonOptions& options) {
  check_range("customers", options.customers, 1, most_generated_customers);
  check_range("towns", options.towns, 1, 50);
  RandomStream parameters = draws(options.seed, this_generator, DrawPurpose::parameters);
  RandomStream depot = draws(options.seed, this_generator, DrawPurpose::depot);
  RandomStream positions = draws(options.seed, this_generator, DrawPurpose::positions);
  RandomStream demands = draws(options.seed, this_generator, DrawPurpose::demands);
  const std::vector<Town> towns = found_towns(options.towns, parameters);

  RoutingInstance instance;
  instance.name = fmt::format("peak-season-n{}-s{}", options.customers, options.seed);
  instance.comment = fmt::format("Parcel carrier in peak season: {} towns, van of {} parcels, 1 unit = 10 m, seed {}", options.towns, van_parcels, options.seed);
  instance.capacity = Load(van_parcels);
  instance.points = {depot_at_the_edge(depot)};
  instance.demand = {Load(0)};
  for (int i = 0; i < options.customers; ++i) {
    instance.points.push_back(stop(towns, positions));
    instance.demand.push_back(Load(parcels(demands)));
  }
  instance.node_ids.resize(instance.points.size());
  std::iota(instance.node_ids.begin(), instance.node_ids.end(), 1);
  return instance;
}

}  // namespace tempera::instances
