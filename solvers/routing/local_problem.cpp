#include "solvers/routing/local_problem.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "solvers/core/error.hpp"
#include "solvers/model/distances.hpp"

namespace tempera::routing {

namespace {
constexpr std::int32_t most_neighbours = 100;  // a ruin walks this far from its seed; longer lists were not worth their set-up

// Distance along a Hilbert curve of order 16 (Wikipedia's xy2d): customers near each other get near numbers.
std::uint64_t hilbert_index(std::uint32_t x, std::uint32_t y) {
  std::uint64_t index = 0;
  for (std::uint32_t s = 1u << 15; s > 0; s >>= 1) {
    const std::uint32_t rx = (x & s) != 0, ry = (y & s) != 0;
    index += std::uint64_t{s} * s * ((3 * rx) ^ ry);
    if (ry == 0) {
      if (rx == 1) {
        x = 0xFFFF - x;
        y = 0xFFFF - y;
      }
      std::swap(x, y);
    }
  }
  return index;
}

std::vector<std::int32_t> in_hilbert_order(const model::RoutingInstance& instance, std::span<const std::int32_t> customers) {
  std::vector<std::int32_t> order(customers.begin(), customers.end());
  std::ranges::sort(order);
  if (instance.points.empty()) return order;
  double low_x = std::numeric_limits<double>::max(), low_y = low_x, extent = 1e-9;
  const auto at = [&](std::int32_t c) { return instance.points[static_cast<std::size_t>(c)]; };
  for (const std::int32_t c : order) low_x = std::min(low_x, at(c).x), low_y = std::min(low_y, at(c).y);
  for (const std::int32_t c : order) extent = std::max({extent, at(c).x - low_x, at(c).y - low_y});
  std::vector<std::pair<std::uint64_t, std::int32_t>> keyed;
  for (const std::int32_t c : order)
    keyed.emplace_back(hilbert_index(static_cast<std::uint32_t>((at(c).x - low_x) / extent * 65535), static_cast<std::uint32_t>((at(c).y - low_y) / extent * 65535)), c);
  std::ranges::sort(keyed);
  std::ranges::transform(keyed, order.begin(), &std::pair<std::uint64_t, std::int32_t>::second);
  return order;
}

// Rounding to the nearest whole number is exact in single precision between whole coordinates, as long as no square of a
// distance passes 2^22: the root of k^2 + k, the last below k + 1/2, is then more than half of a last bit away from it.
constexpr double largest_exact_square = 4'194'304;

// Places in distance units around the middle of the bounding box, so that single precision loses least. The error of two
// distances: rounding to units (one unit each at most), and a few last bits of the largest numbers that occur.
template <class Dist>
void set_places(const model::RoutingInstance& instance, LocalProblem<Dist>& local) {
  local.place.resize(local.stride);
  const bool plane = instance.edge_weight == model::EdgeWeight::euclidean || instance.edge_weight == model::EdgeWeight::euclidean_ceil;
  if (!plane) return;
  const auto at = [&](std::size_t i) { return instance.points[static_cast<std::size_t>(local.node[i])]; };
  const auto is_whole = [](model::Point p) { return p.x == std::floor(p.x) && p.y == std::floor(p.y); };
  model::Point low = at(0), high = at(0);
  bool all_whole = is_whole(at(0));
  for (std::size_t i = 1; i < local.stride; ++i) {
    all_whole = all_whole && is_whole(at(i));
    low = {std::min(low.x, at(i).x), std::min(low.y, at(i).y)};
    high = {std::max(high.x, at(i).x), std::max(high.y, at(i).y)};
  }
  const auto units = static_cast<double>(model::units_per_distance(instance.rounding));
  const model::Point middle{std::floor((low.x + high.x) / 2), std::floor((low.y + high.y) / 2)};
  for (std::size_t i = 0; i < local.stride; ++i)
    local.place[i] = {static_cast<float>((at(i).x - middle.x) * units), static_cast<float>((at(i).y - middle.y) * units)};
  const bool to_nearest = instance.edge_weight == model::EdgeWeight::euclidean && instance.rounding == model::Rounding::nearest;
  const double width = high.x - low.x, height = high.y - low.y;
  local.places_exact = to_nearest && all_whole && width * width + height * height < largest_exact_square;
  const double extent = units * (width + height);
  local.plane_error = static_cast<float>((to_nearest ? 1.0 : 2.0) + 4e-6 * extent);
}

template <class Dist>
void list_neighbours(LocalProblem<Dist>& local) {
  const std::int32_t m = local.customers;
  local.per_node = std::min(most_neighbours, m - 1);
  local.neighbours.reserve(static_cast<std::size_t>(m) * static_cast<std::size_t>(local.per_node));
  std::vector<std::pair<Dist, std::int32_t>> others;
  for (std::int32_t i = 1; i <= m; ++i) {
    others.clear();
    for (std::int32_t j = 1; j <= m; ++j)
      if (j != i) others.emplace_back(local.distance(i, j), j);
    std::ranges::nth_element(others, others.begin() + std::max(0, local.per_node - 1));
    std::ranges::sort(others.begin(), others.begin() + local.per_node);
    for (std::int32_t k = 0; k < local.per_node; ++k) local.neighbours.push_back(others[static_cast<std::size_t>(k)].second);
  }
}

template <class Dist>
bool is_symmetric(const std::vector<Dist>& table, std::size_t stride) {
  for (std::size_t i = 0; i < stride; ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (table[i * stride + j] != table[j * stride + i]) return false;
  return true;
}
}  // namespace

template <class Dist>
LocalProblem<Dist>::LocalProblem(const model::RoutingInstance& instance, std::span<const std::int32_t> wanted)
    : customers(static_cast<std::int32_t>(wanted.size())), stride(wanted.size() + static_cast<std::size_t>(instance.depots())), capacity(instance.capacity.value), service(instance.service.value) {
  longest = instance.max_route_length ? instance.max_route_length->value : std::numeric_limits<std::int64_t>::max() / 4;
  node = in_hilbert_order(instance, wanted);
  node.insert(node.begin(), 0);
  for (std::int32_t depot = instance.customers() + 1; depot < instance.nodes(); ++depot) node.push_back(depot);
  const model::Distances distances(instance, 0);
  outward.resize(stride * stride);
  for (std::size_t i = 0; i < stride; ++i)
    for (std::size_t j = 0; j < stride; ++j) outward[i * stride + j] = static_cast<Dist>(i == j ? 0 : distances(node[i], node[j]));
  if (!is_symmetric(outward, stride)) {
    inward.resize(stride * stride);
    for (std::size_t i = 0; i < stride; ++i)
      for (std::size_t j = 0; j < stride; ++j) inward[i * stride + j] = outward[j * stride + i];
  }
  table_error = 4e-7F * static_cast<float>(*std::ranges::max_element(outward));
  for (const std::int32_t n : node) demand.push_back(instance.demand[static_cast<std::size_t>(n)].value);
  set_places(instance, *this);
  list_neighbours(*this);
}

std::int64_t distance_bound_of_part(const model::RoutingInstance& instance, std::span<const std::int32_t> customers) {
  if (instance.edge_weight != model::EdgeWeight::explicit_matrix) return model::distance_bound(instance);
  std::vector<std::int32_t> nodes(customers.begin(), customers.end());
  nodes.push_back(0);
  for (std::int32_t depot = instance.customers() + 1; depot < instance.nodes(); ++depot) nodes.push_back(depot);
  const model::Distances distances(instance, 0);
  std::int64_t longest = 0;
  for (const std::int32_t i : nodes)
    for (const std::int32_t j : nodes) longest = std::max<std::int64_t>(longest, distances(i, j));
  return longest;
}

template <class Dist>
std::vector<std::int32_t> LocalProblem<Dist>::to_local(std::span<const std::int32_t> flat) const {
  std::vector<std::int32_t> local_of(flat.empty() ? 1 : static_cast<std::size_t>(std::max(0, std::ranges::max(flat))) + 1, -1);
  for (std::int32_t c = 1; c <= customers; ++c)
    if (const auto known = static_cast<std::size_t>(node[static_cast<std::size_t>(c)]); known < local_of.size()) local_of[known] = c;
  std::vector<std::int32_t> local(flat.begin(), flat.end());
  std::int32_t placed = 0;
  for (std::int32_t& c : local) {
    if (c <= 0) continue;
    const std::int32_t number = std::exchange(local_of[static_cast<std::size_t>(c)], -1);
    TEMPERA_ASSERT(number > 0, fmt::format("customer {} is foreign to the subproblem or visited twice", c));
    c = number;
    ++placed;
  }
  TEMPERA_ASSERT(placed == customers, fmt::format("{} of {} customers are in the routes or left out", placed, customers));
  return local;
}

template <class Dist>
std::vector<std::int32_t> LocalProblem<Dist>::to_nodes(std::vector<std::int32_t> local_flat) const {
  for (std::int32_t& c : local_flat)
    if (c > 0) c = node[static_cast<std::size_t>(c)];
  return local_flat;
}

template struct LocalProblem<std::int32_t>;
template struct LocalProblem<std::int64_t>;

}  // namespace tempera::routing
