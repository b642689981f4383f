#include "partition/split/route_clusters.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <span>

namespace tempera::split {

namespace {
using model::Point;

struct Barycentre {
  Point at;
  std::int32_t route;
  std::int64_t customers;
};

// Coordinates of every node: the instance's own, or distances to two pivots.
std::vector<Point> plane(const model::RoutingInstance& in, core::RandomStream& random) {
  if (in.edge_weight != model::EdgeWeight::explicit_matrix) return in.points;
  const std::size_t nodes = in.demand.size();
  const std::size_t first = 1 + random.below(static_cast<std::uint32_t>(nodes - 1));
  const std::size_t second = 1 + random.below(static_cast<std::uint32_t>(nodes - 1));
  std::vector<Point> points(nodes);
  for (std::size_t i = 0; i < nodes; ++i) points[i] = {in.matrix[i * nodes + first], in.matrix[i * nodes + second]};
  return points;
}

std::vector<Barycentre> barycentres(const std::vector<Point>& points, const model::RoutingSolution& solution) {
  std::vector<Barycentre> centres;
  centres.reserve(solution.routes.size());
  for (std::size_t r = 0; r < solution.routes.size(); ++r) {
    const model::Route& route = solution.routes[r];
    if (route.empty()) continue;
    Point sum;
    for (const std::int32_t c : route) {
      sum.x += points[static_cast<std::size_t>(c)].x;
      sum.y += points[static_cast<std::size_t>(c)].y;
    }
    const double size = static_cast<double>(route.size());
    centres.push_back({{sum.x / size, sum.y / size}, static_cast<std::int32_t>(r), std::ssize(route)});
  }
  return centres;
}

void rotate(std::vector<Barycentre>& centres, double angle) {
  const double c = std::cos(angle), s = std::sin(angle);
  for (Barycentre& b : centres) b.at = {c * b.at.x - s * b.at.y, s * b.at.x + c * b.at.y};
}

// x becomes the angle around the depot from that of a random route on (from a random direction the cuts would stay where a depot has routes on one side only),
// y a constant: cuts run between petals.
void to_sectors(std::vector<Barycentre>& centres, Point depot, core::RandomStream& random) {
  if (centres.empty()) return;
  constexpr double turn = 2 * std::numbers::pi;
  const Point first = centres[random.below(static_cast<std::uint32_t>(centres.size()))].at;
  const double start = std::atan2(first.y - depot.y, first.x - depot.x);
  for (Barycentre& b : centres) {
    const double angle = std::atan2(b.at.y - depot.y, b.at.x - depot.x) - start;
    b.at = {angle - turn * std::floor(angle / turn), 0};
  }
}

RouteCluster cluster_of(std::span<const Barycentre> centres) {
  RouteCluster cluster;
  for (const Barycentre& b : centres) {
    cluster.routes.push_back(b.route);
    cluster.customers += b.customers;
  }
  std::ranges::sort(cluster.routes);
  return cluster;
}

std::int64_t customers_of(std::span<const Barycentre> centres) {
  return std::transform_reduce(centres.begin(), centres.end(), std::int64_t{0}, std::plus<>(), [](const Barycentre& b) { return b.customers; });
}

// How many from the front on come nearest to that many customers; at least one, and one is left. Precondition: two or more.
std::size_t front_with(std::span<const Barycentre> centres, double customers) {
  std::size_t cut = 1;
  for (double sum = static_cast<double>(centres[0].customers); cut + 1 < centres.size(); ++cut) {
    const double next = static_cast<double>(centres[cut].customers);
    if (sum + next / 2 > customers) break;
    sum += next;
  }
  return cut;
}

void bisect(std::span<Barycentre> centres, std::size_t parts, std::vector<RouteCluster>& clusters) {
  if (parts <= 1 || centres.size() <= 1) return clusters.push_back(cluster_of(centres));
  const auto [left, right] = std::ranges::minmax(centres, {}, [](const Barycentre& b) { return b.at.x; });
  const auto [low, high] = std::ranges::minmax(centres, {}, [](const Barycentre& b) { return b.at.y; });
  const bool across_x = right.at.x - left.at.x >= high.at.y - low.at.y;
  std::ranges::sort(centres, {}, [across_x](const Barycentre& b) { return std::pair(across_x ? b.at.x : b.at.y, b.route); });
  const std::size_t first_parts = parts / 2;
  const std::size_t cut = front_with(centres, static_cast<double>(customers_of(centres)) * static_cast<double>(first_parts) / static_cast<double>(parts));
  bisect(centres.first(cut), first_parts, clusters);
  bisect(centres.subspan(cut), parts - first_parts, clusters);
}
}  // namespace

std::vector<RouteCluster> cluster_routes(const model::RoutingInstance& instance, const model::RoutingSolution& solution, std::size_t parts, core::RandomStream& random,
                                         RouteCut cut) {
  const std::vector<Point> points = plane(instance, random);
  std::vector<Barycentre> centres = barycentres(points, solution);
  std::vector<RouteCluster> clusters;
  if (cut == RouteCut::barycentres) rotate(centres, random.uniform() * 2 * std::numbers::pi);
  else to_sectors(centres, points[0], random);
  bisect(centres, parts, clusters);
  return clusters;
}

std::vector<RouteCluster> cluster_routes(const model::RoutingInstance& instance, const model::RoutingSolution& solution,
                                         std::size_t parts, core::RandomStream& random) {
  // Sectors suit a few parts; many of them would be needles from the depot to the rim.
  const bool sectors = random.below(2) == 0 && parts <= 4;
  return cluster_routes(instance, solution, parts, random, sectors ? RouteCut::sectors : RouteCut::barycentres);
}

}  // namespace tempera::split
