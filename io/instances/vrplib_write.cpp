#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <numeric>

#include "io/instances/decimal.hpp"
#include "solvers/core/atomic_file.hpp"
#include "io/instances/vrplib.hpp"

namespace tempera::instances {

using model::EdgeWeight;
using model::RoutingInstance;

namespace {
std::string_view edge_weight_name(EdgeWeight edge_weight) {
  switch (edge_weight) {
    case EdgeWeight::euclidean: return "EUC_2D";
    case EdgeWeight::euclidean_ceil: return "CEIL_2D";
    case EdgeWeight::geographic: return "GEO";
    case EdgeWeight::explicit_matrix: return "EXPLICIT";
  }
  return "";
}

// Our node of each number 1..nodes in the file: by the instance's own ids when they are such numbers, else as they stand.
std::vector<std::size_t> nodes_in_file_order(const RoutingInstance& instance) {
  const std::size_t nodes = instance.demand.size();
  std::vector<std::size_t> order(nodes, nodes);
  for (std::size_t i = 0; i < nodes; ++i) {
    const std::int64_t id = instance.node_ids[i];
    if (id >= 1 && id <= static_cast<std::int64_t>(nodes)) order[static_cast<std::size_t>(id - 1)] = i;
  }
  if (std::ranges::count(order, nodes) != 0) std::iota(order.begin(), order.end(), std::size_t{0});
  return order;
}

using Out = std::back_insert_iterator<std::string>;

void write_keys(Out out, const RoutingInstance& in) {
  if (!in.name.empty()) fmt::format_to(out, "NAME : {}\n", in.name);
  for (std::string_view rest = in.comment; !rest.empty();) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    fmt::format_to(out, "COMMENT : {}\n", rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  fmt::format_to(out, "TYPE : {}\nDIMENSION : {}\n", model::is_symmetric(in) ? "CVRP" : "ACVRP", in.nodes());
  fmt::format_to(out, "EDGE_WEIGHT_TYPE : {}\n", edge_weight_name(in.edge_weight));
  if (in.edge_weight == EdgeWeight::explicit_matrix) fmt::format_to(out, "EDGE_WEIGHT_FORMAT : FULL_MATRIX\n");
  fmt::format_to(out, "CAPACITY : {}\n", in.capacity.value);
  if (in.service.value != 0) fmt::format_to(out, "SERVICE_TIME : {}\n", in_user_units(in.service.value, in.rounding));
  if (in.max_route_length) fmt::format_to(out, "DISTANCE : {}\n", in_user_units(in.max_route_length->value, in.rounding));
  if (in.vehicles) fmt::format_to(out, "VEHICLES : {}\n", *in.vehicles);
}

// {} prints the shortest decimals that read back as the same double.
void write_matrix(Out out, const RoutingInstance& in, const std::vector<std::size_t>& order) {
  fmt::format_to(out, "EDGE_WEIGHT_SECTION\n");
  for (const std::size_t from : order) {
    for (const std::size_t to : order) fmt::format_to(out, "{} ", in.matrix[from * order.size() + to]);
    fmt::format_to(out, "\n");
  }
}
}  // namespace

std::string vrplib_text(const RoutingInstance& instance) {
  const std::vector<std::size_t> order = nodes_in_file_order(instance);
  std::string text;
  const Out out(text);
  write_keys(out, instance);
  if (!instance.matrix.empty()) write_matrix(out, instance, order);
  if (!instance.points.empty()) {
    fmt::format_to(out, "NODE_COORD_SECTION\n");
    for (std::size_t k = 0; k < order.size(); ++k)
      fmt::format_to(out, "{} {} {}\n", k + 1, instance.points[order[k]].x, instance.points[order[k]].y);
  }
  fmt::format_to(out, "DEMAND_SECTION\n");
  for (std::size_t k = 0; k < order.size(); ++k) fmt::format_to(out, "{} {}\n", k + 1, instance.demand[order[k]].value);
  const auto depot = std::ranges::find(order, std::size_t{0}) - order.begin();
  fmt::format_to(out, "DEPOT_SECTION\n{}\n-1\nEOF\n", depot + 1);
  return text;
}

void write_vrplib(const RoutingInstance& instance, const std::filesystem::path& path) { core::write_text_atomically(path, vrplib_text(instance)); }

}  // namespace tempera::instances
