#include "solvers/model/distances.hpp"

namespace tempera::model {

namespace {
// TSPLIB 95: a coordinate DDD.MM is degrees and minutes; pi is cut to 3.141592 there.
double geographic_radians(double coordinate) {
  const double degrees = std::trunc(coordinate);
  const double minutes = coordinate - degrees;
  return 3.141592 * (degrees + 5.0 * minutes / 3.0) / 180.0;
}

// TSPLIB 95, section 2.4: whole kilometres on a sphere of radius 6378.388 km.
std::int64_t geographic_distance(Point a, Point b) {
  const double latitude_a = geographic_radians(a.x), longitude_a = geographic_radians(a.y);
  const double latitude_b = geographic_radians(b.x), longitude_b = geographic_radians(b.y);
  const double q1 = std::cos(longitude_a - longitude_b);
  const double q2 = std::cos(latitude_a - latitude_b);
  const double q3 = std::cos(latitude_a + latitude_b);
  return static_cast<std::int64_t>(6378.388 * std::acos(0.5 * ((1.0 + q1) * q2 - (1.0 - q1) * q3)) + 1.0);
}
}  // namespace

Distances::Distances(const RoutingInstance& instance, std::size_t table_bytes_limit)
    : instance_(&instance),
      nodes_(instance.demand.size()),
      units_(static_cast<double>(units_per_distance(instance.rounding))),
      offset_(instance.rounding == Rounding::trunc || instance.rounding == Rounding::dimacs ? 0.0 : 0.5) {
  if (nodes_ * nodes_ * sizeof(std::int64_t) > table_bytes_limit) return;
  std::vector<std::int64_t> table(nodes_ * nodes_);
  for (std::size_t i = 0; i < nodes_; ++i)
    for (std::size_t j = 0; j < nodes_; ++j) table[i * nodes_ + j] = compute(static_cast<int>(i), static_cast<int>(j));
  table_ = std::move(table);
}

std::int64_t Distances::compute_rare(int from, int to) const {
  if (from == to) return 0;  // whatever the diagonal of a given matrix says
  if (instance_->edge_weight == EdgeWeight::explicit_matrix)
    return rounded(instance_->matrix[static_cast<std::size_t>(from) * nodes_ + static_cast<std::size_t>(to)]);
  return geographic_distance(instance_->points[static_cast<std::size_t>(from)], instance_->points[static_cast<std::size_t>(to)]) *
         static_cast<std::int64_t>(units_);
}

}  // namespace tempera::model
