#include "io/instances/generate.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "io/instances/vrplib.hpp"
#include "solvers/core/budget.hpp"
#include "solvers/core/error.hpp"
#include "solvers/model/digest.hpp"
#include "tests/support/temporary_folder.hpp"

namespace tempera::instances {
namespace {

using model::Load;
using model::Point;
using model::RoutingInstance;

std::int64_t total_demand(const RoutingInstance& in) { return std::accumulate(in.demand.begin(), in.demand.end(), Load(0)).value; }

std::pair<std::int64_t, std::int64_t> demand_range(const RoutingInstance& in) {
  const auto [low, high] = std::minmax_element(in.demand.begin() + 1, in.demand.end());
  return {low->value, high->value};
}

double mean_nearest_distance(const RoutingInstance& in) {
  double sum = 0;
  for (int i = 1; i < in.nodes(); ++i) {
    double nearest = 1e9;
    for (int j = 1; j < in.nodes(); ++j)
      if (i != j) nearest = std::min(nearest, std::hypot(in.points[i].x - in.points[j].x, in.points[i].y - in.points[j].y));
    sum += nearest;
  }
  return sum / in.customers();
}

UchoaOptions any_options() {
  UchoaOptions options;
  options.customers = *rc::gen::inRange(1, 400);
  options.depot = static_cast<DepotPosition>(*rc::gen::inRange(0, 3));
  options.positions = static_cast<CustomerPosition>(*rc::gen::inRange(0, 3));
  options.seeds = *rc::gen::inRange(0, 9);
  options.demand = static_cast<DemandKind>(*rc::gen::inRange(0, 7));
  options.route_size = *rc::gen::element(0.0, 1.0, std::min(7.5, static_cast<double>(options.customers)));
  options.seed = *rc::gen::arbitrary<std::uint64_t>();
  return options;
}

RC_GTEST_PROP(GenerateUchoa, GivesDistinctGridPointsAndAValidInstance, ()) {
  const UchoaOptions options = any_options();
  const RoutingInstance in = generate_uchoa(options);
  model::validate(in, "generated");
  RC_ASSERT(in.customers() == options.customers);
  std::set<std::pair<double, double>> places;
  for (const Point p : in.points) {
    RC_ASSERT(p.x >= 0 && p.x <= 1000 && p.x == std::floor(p.x));
    RC_ASSERT(p.y >= 0 && p.y <= 1000 && p.y == std::floor(p.y));
    places.insert({p.x, p.y});
  }
  RC_ASSERT(places.size() == in.points.size());
}

RC_GTEST_PROP(GenerateUchoa, CapacityFollowsTheRouteSize, ()) {
  UchoaOptions options = any_options();
  options.route_size = *rc::gen::element(1.0, std::min(7.5, static_cast<double>(options.customers)));
  const RoutingInstance in = generate_uchoa(options);
  const auto wanted = static_cast<std::int64_t>(std::ceil(options.route_size * static_cast<double>(total_demand(in)) / options.customers));
  RC_ASSERT(in.capacity.value == std::max(wanted, demand_range(in).second));
}

RC_GTEST_PROP(GenerateUchoa, WritesAndReadsBackTheSameInstance, ()) {
  const RoutingInstance in = generate_uchoa(any_options());
  const RoutingInstance back = parse_vrplib(vrplib_text(in), "again");
  RC_ASSERT(model::digest(back) == model::digest(in));
  RC_ASSERT(back.name == in.name && back.comment == in.comment && back.node_ids == in.node_ids);
}

TEST(GenerateUchoa, SameSeedSameInstanceAndEachSeedItsOwn) {
  const UchoaOptions options{.customers = 200, .positions = CustomerPosition::clustered, .seed = 5};
  UchoaOptions other = options;
  other.seed = 6;
  EXPECT_EQ(vrplib_text(generate_uchoa(options)), vrplib_text(generate_uchoa(options)));
  EXPECT_NE(model::digest(generate_uchoa(options)), model::digest(generate_uchoa(other)));
}

TEST(GenerateUchoa, OneOptionLeavesTheOtherDrawsAlone) {
  const UchoaOptions options{.customers = 200, .demand = DemandKind::unitary, .seed = 5};
  UchoaOptions other = options;
  other.demand = DemandKind::from_50_to_100;
  const RoutingInstance a = generate_uchoa(options), b = generate_uchoa(other);
  for (int i = 0; i <= 200; ++i) EXPECT_EQ(a.points[i].x, b.points[i].x);
}

TEST(GenerateUchoa, DepotPositions) {
  UchoaOptions options{.depot = DepotPosition::centric};
  EXPECT_EQ(generate_uchoa(options).points[0].x, 500);
  options.depot = DepotPosition::cornered;
  EXPECT_EQ(generate_uchoa(options).points[0].y, 0);
  options.depot = DepotPosition::random;
  std::set<double> places;
  for (options.seed = 1; options.seed <= 20; ++options.seed) places.insert(generate_uchoa(options).points[0].x);
  EXPECT_GT(places.size(), 15u);
}

// Uniform demands: the whole range appears, and the mean of 5,000 lies within five standard errors.
TEST(GenerateUchoa, UniformDemandKinds) {
  const std::tuple<DemandKind, int, int> kinds[] = {{DemandKind::unitary, 1, 1}, {DemandKind::from_1_to_10, 1, 10}, {DemandKind::from_5_to_10, 5, 10},
                                                    {DemandKind::from_1_to_100, 1, 100}, {DemandKind::from_50_to_100, 50, 100}};
  for (const auto& [kind, low, high] : kinds) {
    const RoutingInstance in = generate_uchoa({.customers = 5000, .demand = kind, .seed = 3});
    EXPECT_EQ(demand_range(in), (std::pair<std::int64_t, std::int64_t>{low, high}));
    const double spread = std::sqrt((std::pow(high - low + 1, 2) - 1) / 12.0);
    EXPECT_NEAR(static_cast<double>(total_demand(in)) / 5000, (low + high) / 2.0, 5 * spread / std::sqrt(5000.0) + 1e-12);
  }
}

TEST(GenerateUchoa, QuadrantDemands) {
  const RoutingInstance in = generate_uchoa({.customers = 3000, .demand = DemandKind::quadrant, .seed = 3});
  for (int i = 1; i <= 3000; ++i) {
    const bool odd = (in.points[i].x < 500) == (in.points[i].y < 500);
    ASSERT_GE(in.demand[i].value, odd ? 51 : 1);
    ASSERT_LE(in.demand[i].value, odd ? 100 : 50);
  }
}

TEST(GenerateUchoa, ManySmallFewLargeKeepsTheShare) {
  for (const auto& [size, share] : {std::pair{3.0, 0.30}, std::pair{10.0, 0.15}, std::pair{100.0, 0.05}}) {
    const RoutingInstance in = generate_uchoa({.customers = 2000, .demand = DemandKind::many_small_few_large, .route_size = size, .seed = 3});
    const auto large = std::ranges::count_if(in.demand, [](Load d) { return d.value >= 50; });
    const auto between = std::ranges::count_if(in.demand, [](Load d) { return d.value > 10 && d.value < 50; });
    EXPECT_EQ(large, std::lround(2000 * share));
    EXPECT_EQ(between, 0);
    const auto early = std::count_if(in.demand.begin(), in.demand.begin() + 1001, [](Load d) { return d.value >= 50; });
    EXPECT_NEAR(static_cast<double>(early), 1000 * share, 5 * std::sqrt(1000 * share));
  }
}

// Mean distance of customers first..last to the nearest of the three seeds, which are customers 1 to 3.
double mean_distance_to_seeds(const RoutingInstance& in, int first, int last) {
  double sum = 0;
  for (int i = first; i <= last; ++i) {
    double nearest = 1e9;
    for (int s = 1; s <= 3; ++s) nearest = std::min(nearest, std::hypot(in.points[i].x - in.points[s].x, in.points[i].y - in.points[s].y));
    sum += nearest;
  }
  return sum / (last - first + 1);
}

// Around one seed the density is d exp(-d/40): mean 80, less where clusters meet or the grid ends. Random points lie 300 away.
TEST(GenerateUchoa, ClusteredCustomersLieAroundTheirSeeds) {
  UchoaOptions options{.customers = 500, .positions = CustomerPosition::clustered, .seeds = 3, .seed = 9};
  const RoutingInstance clustered = generate_uchoa(options);
  EXPECT_NEAR(mean_distance_to_seeds(clustered, 4, 500), 78, 8);
  options.positions = CustomerPosition::random_clustered;
  const RoutingInstance mixed = generate_uchoa(options);
  EXPECT_NEAR(mean_distance_to_seeds(mixed, 4, 250), 78, 12);
  EXPECT_GT(mean_distance_to_seeds(mixed, 251, 500), 150);
  options.positions = CustomerPosition::random;
  EXPECT_LT(mean_nearest_distance(clustered) * 1.2, mean_nearest_distance(generate_uchoa(options)));
}

TEST(GenerateUchoa, DrawnRouteSizesFollowTheTriangularDistribution) {
  double sum = 0;
  for (std::uint64_t seed = 1; seed <= 400; ++seed)
    sum += static_cast<double>(generate_uchoa({.customers = 30, .demand = DemandKind::unitary, .seed = seed}).capacity.value) - 0.5;
  EXPECT_NEAR(sum / 400, (3 + 6 + 25) / 3.0, 5 * 4.9 / 20);  // standard deviation 4.9
}

TEST(GenerateUchoa, AHundredThousandCustomersInSeconds) {
  for (const CustomerPosition positions : {CustomerPosition::random, CustomerPosition::clustered, CustomerPosition::random_clustered}) {
    for (const int seeds : {1, 8}) {
      const double before = core::process_cpu_seconds();
      const RoutingInstance in = generate_uchoa({.customers = 100'000, .positions = positions, .seeds = seeds, .route_size = 20, .seed = 2});
      EXPECT_LT(core::process_cpu_seconds() - before, 10.0);
      EXPECT_EQ(in.customers(), 100'000);
    }
  }
}

TEST(GenerateUchoa, NamesAreReadBackInOrder) {
  for (std::size_t k = 0; k < depot_position_names().size(); ++k)
    EXPECT_EQ(static_cast<std::size_t>(depot_position_from_name(depot_position_names()[k]).value()), k);
  for (std::size_t k = 0; k < customer_position_names().size(); ++k)
    EXPECT_EQ(static_cast<std::size_t>(customer_position_from_name(customer_position_names()[k]).value()), k);
  for (std::size_t k = 0; k < demand_kind_names().size(); ++k)
    EXPECT_EQ(static_cast<std::size_t>(demand_kind_from_name(demand_kind_names()[k]).value()), k);
  EXPECT_EQ(demand_kind_from_name("many-small"), DemandKind::many_small_few_large);
  EXPECT_EQ(customer_position_from_name("random-clustered"), CustomerPosition::random_clustered);
  EXPECT_EQ(depot_position_from_name("elsewhere"), std::nullopt);
}

TEST(Generate, RefusesOptionsOutOfRange) {
  const auto message = [](auto generate) -> std::string {
    try { generate(); } catch (const core::UserError& error) { return error.what(); }
    return "accepted";
  };
  EXPECT_EQ(message([] { generate_uchoa({.customers = 0}); }), "generate: customers is 0. Give 1 to 100000.");
  EXPECT_EQ(message([] { generate_uchoa({.customers = 100'001}); }), "generate: customers is 100001. Give 1 to 100000.");
  EXPECT_EQ(message([] { generate_uchoa({.seeds = -1}); }), "generate: seeds is -1. Give 0 to 1000.");
  EXPECT_EQ(message([] { generate_uchoa({.route_size = 101}); }), "generate: route size is 101. Give 1 to 100.");
  EXPECT_EQ(message([] { generate_uchoa({.route_size = std::nan("")}); }), "generate: route size is nan. Give 1 to 100.");
  EXPECT_EQ(message([] { generate_peak_season({.towns = 51}); }), "generate: towns is 51. Give 1 to 50.");
}

TEST(GeneratePeakSeason, LooksLikeAParcelCarrier) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const RoutingInstance in = generate_peak_season({.seed = seed});
    model::validate(in, "peak");
    EXPECT_EQ(in.customers(), 400);
    const Point depot = in.points[0];
    EXPECT_TRUE(depot.x == 0 || depot.x == 5000 || depot.y == 0 || depot.y == 5000);
    const auto small = std::ranges::count_if(in.demand, [](Load d) { return d.value >= 1 && d.value <= 3; });
    const auto large = std::ranges::count_if(in.demand, [](Load d) { return d.value >= 15; });
    EXPECT_GT(small, 400 * 0.7);
    EXPECT_TRUE(large >= 5 && large <= 45) << large;
    EXPECT_GT(total_demand(in), 5 * in.capacity.value);
    EXPECT_LT(total_demand(in), 15 * in.capacity.value);
    EXPECT_EQ(model::digest(parse_vrplib(vrplib_text(in), "again")), model::digest(in));
    EXPECT_EQ(vrplib_text(in), vrplib_text(generate_peak_season({.seed = seed})));
  }
}

// Around the six fullest spots the stops are many, and the fullest holds more than the sixth.
TEST(GeneratePeakSeason, TownsDifferInSize) {
  const RoutingInstance in = generate_peak_season({.customers = 2000, .seed = 4});
  std::vector<Point> left(in.points.begin() + 1, in.points.end());
  std::vector<std::ptrdiff_t> sizes;
  const auto near = [](Point a, Point b) { return std::hypot(a.x - b.x, a.y - b.y) < 400; };
  for (int k = 0; k < 6; ++k) {
    Point centre;
    std::ptrdiff_t most = 0;
    for (const Point p : left) {
      const auto around = std::ranges::count_if(left, [&](Point q) { return near(p, q); });
      if (around > most) { most = around; centre = p; }
    }
    sizes.push_back(most);
    std::erase_if(left, [&](Point q) { return near(centre, q); });
  }
  EXPECT_GT(sizes[0], 3 * sizes[5]);
  EXPECT_GT(sizes[0], 2000 / 5);
  EXPECT_GT(sizes[5], 2000 / 40);
}

TEST(WriteVrplib, ReadsBackEveryKindOfInstance) {
  RoutingInstance in;
  in.name = "every field";
  in.comment = "line one\nline two";
  in.edge_weight = model::EdgeWeight::explicit_matrix;
  in.rounding = model::Rounding::none;
  in.matrix = {0, 0.1, 1e-7, 3, 0, 1.0 / 3.0, 2e6, 5, 0};
  in.points = {{1.5, -2}, {1e-3, 1e7}, {0, 0.1}};
  in.demand = {Load(0), Load(7), Load(1)};
  in.node_ids = {3, 1, 2};
  in.capacity = Load(999'999'999'999);
  in.service = model::Distance(1);
  in.max_route_length = model::Distance(1'234'567'890'123);
  in.vehicles = 4;
  const tests::TemporaryFolder folder;
  for (const auto edge_weight : {model::EdgeWeight::explicit_matrix, model::EdgeWeight::euclidean, model::EdgeWeight::euclidean_ceil, model::EdgeWeight::geographic}) {
    in.edge_weight = edge_weight;
    if (edge_weight != model::EdgeWeight::explicit_matrix) in.matrix.clear();
    if (edge_weight == model::EdgeWeight::geographic) in.points[1] = {-38.24, 179.59};
    write_vrplib(in, folder / "a.vrp");
    const RoutingInstance back = read_vrplib(folder / "a.vrp", in.rounding);
    EXPECT_EQ(model::digest(back), model::digest(in));
    EXPECT_EQ(back.name, in.name);
    EXPECT_EQ(back.comment, in.comment);
    EXPECT_EQ(back.node_ids, in.node_ids);
    EXPECT_EQ(back.vehicles, in.vehicles);
    EXPECT_EQ(back.edge_weight, in.edge_weight);
  }
}

}  // namespace
}  // namespace tempera::instances
