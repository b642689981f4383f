#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
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
constexpr int grid_end = 1000;
constexpr int grid_side = grid_end + 1;
constexpr double published_decay = 40;
constexpr std::uint32_t this_generator = 1;

constexpr std::string_view depot_names[] = {"random", "centric", "cornered"};
constexpr std::string_view position_names[] = {"random", "clustered", "random-clustered"};
constexpr std::string_view demand_names[] = {"unitary", "1-10", "5-10", "1-100", "50-100", "quadrant", "many-small"};

template <class Enum>
std::optional<Enum> from_name(std::span<const std::string_view> names, std::string_view name) {
  const auto place = std::ranges::find(names, name);
  if (place == names.end()) return std::nullopt;
  return static_cast<Enum>(place - names.begin());
}

// Points of the grid, each given out once.
class Grid {
 public:
  explicit Grid(RandomStream random) : random_(std::move(random)), taken_(std::size_t{grid_side} * grid_side, false) {}

  Point any() {
    const int x = between(random_, 0, grid_end);
    return {static_cast<double>(x), static_cast<double>(between(random_, 0, grid_end))};
  }
  bool is_free(Point p) const { return !taken_[cell(p)]; }
  Point take(Point p) {
    taken_[cell(p)] = true;
    return p;
  }
  Point take_any() {
    while (true)
      if (const Point p = any(); is_free(p)) return take(p);
  }
  bool chance(double probability) { return random_.chance(probability); }

 private:
  static std::size_t cell(Point p) { return static_cast<std::size_t>(p.x) * grid_side + static_cast<std::size_t>(p.y); }

  RandomStream random_;
  std::vector<bool> taken_;
};

Point depot_point(DepotPosition position, Grid& grid) {
  switch (position) {
    case DepotPosition::random: return grid.any();
    case DepotPosition::centric: return {grid_end / 2.0, grid_end / 2.0};
    case DepotPosition::cornered: return {0, 0};
  }
  TEMPERA_ASSERT(false, "unknown depot position");
}

// See generate_uchoa: 40 until the seeds' surroundings hold less than twice the customers.
double decay_for(int clustered, std::size_t seeds) {
  const double room = static_cast<double>(seeds) * 2 * std::numbers::pi * published_decay * published_decay;
  return published_decay * std::sqrt(std::max(1.0, 2.0 * clustered / room));
}

void add_clustered(std::vector<Point>& points, int wanted, int seeds, Grid& grid) {
  std::vector<Point> centres;
  for (int k = 0; k < std::min(seeds, wanted); ++k) centres.push_back(grid.take_any());
  points.insert(points.end(), centres.begin(), centres.end());
  const double decay = decay_for(wanted, centres.size());
  for (auto left = wanted - std::ssize(centres); left > 0;) {
    const Point p = grid.any();
    if (!grid.is_free(p)) continue;
    double probability = 0;
    for (const Point centre : centres) probability += std::exp(-std::hypot(p.x - centre.x, p.y - centre.y) / decay);
    if (!grid.chance(probability)) continue;
    points.push_back(grid.take(p));
    --left;
  }
}

void place_customers(const UchoaOptions& options, int seeds, std::vector<Point>& points) {
  Grid grid(draws(options.seed, this_generator, DrawPurpose::positions));
  grid.take(points[0]);
  int clustered = 0;
  if (options.positions == CustomerPosition::clustered) clustered = options.customers;
  if (options.positions == CustomerPosition::random_clustered) clustered = options.customers - options.customers / 2;
  if (clustered > 0) add_clustered(points, clustered, seeds, grid);
  while (std::ssize(points) <= options.customers) points.push_back(grid.take_any());
}

// True for a share of the customers, exactly rounded, in random places.
std::vector<bool> large_customers(int customers, double route_size, RandomStream& random) {
  const double share = std::clamp(1.5 / route_size, 0.05, 0.30);
  std::vector<bool> large(static_cast<std::size_t>(customers), false);
  std::fill_n(large.begin(), std::lround(share * customers), true);
  for (std::size_t i = large.size(); i > 1; --i) {
    const std::size_t j = random.below(static_cast<std::uint32_t>(i));
    const bool swapped = large[i - 1];
    large[i - 1] = large[j];
    large[j] = swapped;
  }
  return large;
}

std::vector<Load> draw_demands(const UchoaOptions& options, double route_size, const std::vector<Point>& points) {
  RandomStream random = draws(options.seed, this_generator, DrawPurpose::demands);
  std::vector<bool> large;
  if (options.demand == DemandKind::many_small_few_large) large = large_customers(options.customers, route_size, random);
  const auto one = [&](std::size_t i) {
    switch (options.demand) {
      case DemandKind::unitary: return 1;
      case DemandKind::from_1_to_10: return between(random, 1, 10);
      case DemandKind::from_5_to_10: return between(random, 5, 10);
      case DemandKind::from_1_to_100: return between(random, 1, 100);
      case DemandKind::from_50_to_100: return between(random, 50, 100);
      case DemandKind::quadrant: {
        const bool odd = (points[i].x < grid_end / 2.0) == (points[i].y < grid_end / 2.0);
        return odd ? between(random, 51, 100) : between(random, 1, 50);
      }
      case DemandKind::many_small_few_large: return large[i - 1] ? between(random, 50, 100) : between(random, 1, 10);
    }
    TEMPERA_ASSERT(false, "unknown demand kind");
  };
  std::vector<Load> demands(points.size());
  for (std::size_t i = 1; i < demands.size(); ++i) demands[i] = Load(one(i));
  return demands;
}

// Triangular distribution with minimum 3, mode 6, maximum 25, by inversion.
double draw_route_size(RandomStream& random) {
  constexpr double low = 3, mode = 6, high = 25;
  const double u = random.uniform();
  if (u < (mode - low) / (high - low)) return low + std::sqrt(u * (high - low) * (mode - low));
  return high - std::sqrt((1 - u) * (high - low) * (high - mode));
}

void check(const UchoaOptions& options) {
  check_range("customers", options.customers, 1, most_generated_customers);
  check_range("seeds", options.seeds, 0, 1000);
  if (options.route_size != 0) check_range("route size", options.route_size, 1.0, static_cast<double>(options.customers));
}
}  // namespace

std::span<const std::string_view> depot_position_names() { return depot_names; }
std::span<const std::string_view> customer_position_names() { return position_names; }
std::span<const std::string_view> demand_kind_names() { return demand_names; }
std::optional<DepotPosition> depot_position_from_name(std::string_view name) { return from_name<DepotPosition>(depot_names, name); }
std::optional<CustomerPosition> customer_position_from_name(std::string_view name) { return from_name<CustomerPosition>(position_names, name); }
std::optional<DemandKind> demand_kind_from_name(std::string_view name) { return from_name<DemandKind>(demand_names, name); }

RoutingInstance generate_uchoa(const UchoaOptions& options) {
  check(options);
  RandomStream random = draws(options.seed, this_generator, DrawPurpose::parameters);
  const int drawn_seeds = between(random, 3, 8);
  const double drawn_size = draw_route_size(random);
  const double route_size = options.route_size != 0 ? options.route_size : drawn_size;

  RoutingInstance instance;
  Grid depot_grid(draws(options.seed, this_generator, DrawPurpose::depot));
  instance.points = {depot_point(options.depot, depot_grid)};
  place_customers(options, options.seeds != 0 ? options.seeds : drawn_seeds, instance.points);
  instance.demand = draw_demands(options, route_size, instance.points);
  instance.node_ids.resize(instance.points.size());
  std::iota(instance.node_ids.begin(), instance.node_ids.end(), 1);

  const Load total = std::accumulate(instance.demand.begin(), instance.demand.end(), Load(0));
  const double wanted = std::ceil(route_size * static_cast<double>(total.value) / options.customers);
  instance.capacity = std::max(Load(static_cast<std::int64_t>(wanted)), std::ranges::max(instance.demand));
  const std::int64_t vehicles = (total.value + instance.capacity.value - 1) / instance.capacity.value;
  instance.name = fmt::format("X-n{}-k{}", instance.nodes(), vehicles);
  instance.comment = fmt::format("Scheme of Uchoa et al. 2017: depot {}, customers {}, demand {}, route size {:.2f}, seed {}",
                                 depot_names[static_cast<std::size_t>(options.depot)], position_names[static_cast<std::size_t>(options.positions)],
                                 demand_names[static_cast<std::size_t>(options.demand)], route_size, options.seed);
  return instance;
}

}  // namespace tempera::instances
