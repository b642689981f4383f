#include "solvers/model/digest.hpp"

#include <fmt/format.h>

#include <cstring>

namespace tempera::model {

namespace {
class Fnv1a {
 public:
  template <class T>
  void add(const T& value) {
    static_assert(std::is_trivially_copyable_v<T> && std::has_unique_object_representations_v<T>);
    unsigned char bytes[sizeof(T)];
    std::memcpy(bytes, &value, sizeof(T));
    for (const unsigned char byte : bytes) hash_ = (hash_ ^ byte) * 0x100000001b3ULL;
  }
  void add(double value) {
    std::uint64_t bits = 0;
    std::memcpy(&bits, &value, sizeof bits);
    add(bits);
  }
  std::uint64_t value() const { return hash_; }

 private:
  std::uint64_t hash_ = 0xcbf29ce484222325ULL;
};

void add_fleet(Fnv1a& hash, const Fleet& fleet) {
  for (const VehicleType& t : fleet.types) {
    for (const std::int64_t v : {t.count, t.capacity.value, std::int64_t{t.depot}, t.fixed_cost.value, t.distance_price, t.slowness}) hash.add(v);
    for (const auto& limit : {t.max_distance, t.max_duration}) hash.add(limit ? limit->value : std::int64_t{-1});
  }
  for (const Cost prize : fleet.prize) hash.add(prize.value);
  for (const std::uint8_t optional : fleet.optional) hash.add(optional);
  for (const std::int64_t v : {std::int64_t{fleet.depots}, fleet.most_vehicles, fleet.missing_price.value, fleet.money_scale}) hash.add(v);
}
}  // namespace

std::uint64_t digest(std::string_view text) {
  Fnv1a hash;
  for (const char c : text) hash.add(c);
  return hash.value();
}

std::uint64_t digest(const RoutingInstance& instance) {
  Fnv1a hash;
  hash.add(static_cast<std::uint64_t>(instance.edge_weight));
  hash.add(static_cast<std::uint64_t>(instance.rounding));
  for (const Point& p : instance.points) { hash.add(p.x); hash.add(p.y); }
  for (const double d : instance.matrix) hash.add(d);
  for (const Load d : instance.demand) hash.add(d.value);
  hash.add(instance.capacity.value);
  hash.add(instance.service.value);
  hash.add(instance.max_route_length ? instance.max_route_length->value : std::int64_t{-1});
  if (instance.timetable) {
    const Timetable& times = *instance.timetable;
    for (const auto* list : {&times.earliest, &times.latest, &times.service})
      for (const Distance t : *list) hash.add(t.value);
    hash.add(times.max_duration ? times.max_duration->value : std::int64_t{-1});
    hash.add(instance.route_cost.value);
    for (const std::int32_t t : times.travel) hash.add(std::int64_t{t});
  }
  if (instance.fleet) add_fleet(hash, *instance.fleet);
  return hash.value();
}

std::uint64_t digest(const PlacementNetwork& network) {
  Fnv1a hash;
  const auto optional = [&](const std::optional<double>& value) { hash.add(value.value_or(-1.0)); };
  for (const PlacementStage& s : network.stages) {
    for (const double v : {s.lead_time, s.lead_time_deviation, s.holding_cost, s.supplier_time, s.demand_mean, s.demand_deviation}) hash.add(v);
    for (const auto& v : {s.service_level, s.service_limit, s.capacity, s.bound}) optional(v);
  }
  for (const PlacementSite& site : network.sites) hash.add(site.storage);
  if (!network.sites.empty())
    for (const PlacementStage& s : network.stages) {
      hash.add(s.site);
      hash.add(s.volume);
    }
  for (const PlacementArc& arc : network.arcs) {
    hash.add(arc.from);
    hash.add(arc.to);
    hash.add(arc.quantity);
  }
  hash.add(network.pooling_exponent);
  hash.add(network.lead_time_factor);
  return hash.value();
}

std::uint64_t digest(const QuboProblem& problem) {
  Fnv1a hash;
  hash.add(static_cast<std::uint64_t>(problem.sense));
  hash.add(problem.unit);
  hash.add(problem.offset);
  for (const std::int64_t v : problem.linear) hash.add(v);
  for (const std::int64_t v : problem.row_begin) hash.add(v);
  for (const std::int32_t v : problem.column) hash.add(v);
  for (const std::int64_t v : problem.coupling) hash.add(v);
  for (const QuboGroup& group : problem.groups) {
    hash.add(group.wanted);
    for (const std::int32_t i : group.members) hash.add(i);
  }
  return hash.value();
}

std::uint64_t digest(const QapProblem& problem) {
  Fnv1a hash;
  hash.add(problem.size);
  for (const std::int64_t v : problem.flow) hash.add(v);
  for (const std::int64_t v : problem.distance) hash.add(v);
  return hash.value();
}

std::uint64_t digest(const RebalancingProblem& problem) {
  Fnv1a hash;
  hash.add(problem.days);
  for (const double v : problem.probability) hash.add(v);
  for (const RebalancingSite& s : problem.sites) {
    hash.add(static_cast<std::int32_t>(s.supplier));
    hash.add(s.storage_m3);
    hash.add(s.overflow_cost);
    hash.add(s.pallets_out);
    hash.add(s.pallets_in);
  }
  for (const RebalancingSku& s : problem.skus)
    for (const double v : {s.unit_m3, s.units_per_pallet, s.holding_cost, s.shortage_cost, s.lost_cost}) hash.add(v);
  for (const RebalancingLane& l : problem.lanes) {
    for (const std::int32_t v : {l.from, l.to, l.lead_days, l.trucks_per_day}) hash.add(v);
    for (const double v : {l.pallet_cost, l.truck_m3, l.truck_cost}) hash.add(v);
  }
  for (const auto* table : {&problem.on_hand, &problem.receipts, &problem.demand})
    for (const double v : *table) hash.add(v);
  return hash.value();
}

std::string digest_text(std::uint64_t digest) { return fmt::format("{:016x}", digest); }

}  // namespace tempera::model
