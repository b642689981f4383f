#include "solvers/baselines/fleet_savings.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <numeric>
#include <queue>
#include <tuple>

#include "solvers/baselines/fleet_tours.hpp"

namespace tempera::baselines {

namespace {
constexpr std::int64_t no_way = std::numeric_limits<std::int64_t>::max() / 4;

struct Cluster {
  FleetTour tour;
  std::int64_t leaving_out = 0;  // all of them
  std::int64_t cost = 0;         // with the prices of vehicles, or that of leaving all out
  std::int32_t vehicle = -1;     // -1: out
  std::uint32_t version = 0;
};

// Two routes end to end.
struct Union {
  std::int64_t saving = 0;
  std::int32_t a = -1, b = -1;
  bool turn_a = false, turn_b = false;
  std::uint32_t version_a = 0, version_b = 0;

  friend bool operator<(const Union& x, const Union& y) { return std::tie(x.saving, y.a, y.b) < std::tie(y.saving, x.a, x.b); }
};

class FleetSavings {
 public:
  FleetSavings(const model::RoutingInstance& instance, const model::Distances& distances, const model::Neighbours& neighbours, bool opportunity)
      : instance_(instance), distances_(distances), neighbours_(neighbours), pricing_(instance, distances), opportunity_(opportunity), turnable_(model::is_symmetric(instance)),
        price_(instance.fleet->types.size() + 1, 0) {}

  void build() {
    clusters_.assign(static_cast<std::size_t>(instance_.customers()) + 1, {});
    cluster_of_.resize(clusters_.size());
    std::iota(cluster_of_.begin(), cluster_of_.end(), 0);
    for (std::int32_t c = 1; c <= instance_.customers(); ++c) {
      Cluster& own = cluster(c);
      own.tour = measured_tour(instance_, distances_, {c});
      own.leaving_out = instance_.fleet->leaving_out(c);
      own.cost = own.leaving_out;
      if (const Best best = cheapest(content_of(distances_, {head_of(own.tour, 1)}), own.cost); best.vehicle >= 0) own.cost = best.cost, own.vehicle = best.vehicle;
    }
    for (std::int32_t c = 1; c <= instance_.customers(); ++c) propose_around(c, true);
    while (!unions_.empty()) {
      const Union best = unions_.top();
      unions_.pop();
      if (is_current(best)) join(best);
    }
  }

  // Makes vehicles dearer of which more are used than there are; false when there are none such.
  bool raise_prices(double share) {
    std::vector<std::int64_t> used(price_.size(), 0);
    std::int64_t spent = 0;
    for (const Cluster& own : clusters_)
      if (own.vehicle >= 0) ++used[static_cast<std::size_t>(own.vehicle)], ++used.back(), spent += own.cost;
    if (used.back() == 0) return false;
    const double step = share * static_cast<double>(spent) / static_cast<double>(used.back());
    bool raised = false;
    for (std::size_t k = 0; k < price_.size(); ++k) {
      const std::int64_t there = k + 1 == price_.size() ? instance_.fleet->most_vehicles : instance_.fleet->types[k].count;
      if (used[k] <= there) continue;
      price_[k] += static_cast<std::int64_t>(step * std::min(2.0, static_cast<double>(used[k] - there) / static_cast<double>(std::max<std::int64_t>(1, there)))) + 1;
      raised = true;
    }
    return raised;
  }

  model::RoutingSolution solution() const {
    std::vector<const Cluster*> order;
    for (const Cluster& own : clusters_)
      if (own.vehicle >= 0) order.push_back(&own);
    std::ranges::stable_sort(order, std::greater<>{}, [](const Cluster* own) { return own->tour.load.back(); });
    std::vector<std::int64_t> left;
    for (const model::VehicleType& type : instance_.fleet->types) left.push_back(type.count);
    model::RoutingSolution solution;
    for (const Cluster* own : order) {
      if (std::ssize(solution.routes) >= instance_.fleet->most_vehicles) break;
      const Best best = cheapest_of(content_of(distances_, {head_of(own->tour, own->tour.size())}), own->leaving_out, [&](std::size_t v) { return left[v] > 0; });
      if (best.vehicle < 0) continue;
      --left[static_cast<std::size_t>(best.vehicle)];
      solution.routes.push_back(own->tour.stops);
      solution.vehicles.push_back(best.vehicle);
    }
    return solution;
  }

 private:
  struct Best {
    std::int32_t vehicle = -1;
    std::int64_t cost = 0;
  };

  Cluster& cluster(std::int32_t c) { return clusters_[static_cast<std::size_t>(c)]; }

  template <class Usable>
  Best cheapest_of(const TourContent& content, std::int64_t below, const Usable& usable) const {
    Best best{-1, below};
    model::Route stops;
    for (std::int32_t v = 0; v < std::ssize(instance_.fleet->types); ++v) {
      const model::VehicleType& type = pricing_.type(v);
      if (type.count <= 0 || !usable(static_cast<std::size_t>(v))) continue;
      const auto cost = cost_of(distances_, content, type);
      if (!cost || *cost + price_[static_cast<std::size_t>(v)] + price_.back() >= best.cost) continue;
      if (instance_.timetable) {
        if (stops.empty()) stops = content.stops();
        if (!pricing_.keeps_limits(v, pricing_.measure(v, stops))) continue;
      }
      best = {v, *cost + price_[static_cast<std::size_t>(v)] + price_.back()};
    }
    return best;
  }
  Best cheapest(const TourContent& content, std::int64_t below) const { return cheapest_of(content, below, [](std::size_t) { return true; }); }

  static TourPiece whole(const Cluster& own, bool turned) { return {&own.tour, 0, own.tour.size(), turned}; }

  // The dearest vehicle that fits into the room left in this one.
  std::int64_t room_worth(const Best& best, std::int64_t load) const {
    std::int64_t worth = 0;
    for (const model::VehicleType& type : instance_.fleet->types)
      if (type.capacity.value <= pricing_.type(best.vehicle).capacity.value - load) worth = std::max(worth, type.fixed_cost.value);
    return worth;
  }

  void propose(std::int32_t a, std::int32_t b, bool turn_a, bool turn_b) {
    const Cluster &one = cluster(a), &other = cluster(b);
    const TourContent content = content_of(distances_, {whole(one, turn_a), whole(other, turn_b)});
    const std::int64_t apart = one.cost + other.cost;
    const Best best = cheapest(content, no_way);
    if (best.vehicle < 0) return;
    std::int64_t saving = apart - best.cost;
    if (opportunity_ && best.vehicle != one.vehicle && best.vehicle != other.vehicle) saving += room_worth(best, content.load);
    if (saving > 0) unions_.push({saving, a, b, turn_a, turn_b, one.version, other.version});
  }

  // Unions of the cluster of an end with those that end near it. `later`: only with customers of larger numbers, so that each pair is looked at once.
  void propose_around(std::int32_t end, bool later) {
    const std::int32_t a = cluster_of_[static_cast<std::size_t>(end)];
    for (const std::int32_t near : neighbours_.of(end)) {
      const std::int32_t b = cluster_of_[static_cast<std::size_t>(near)];
      if (a == b || (later && near < end && is_near(near, end))) continue;
      const model::Route &one = cluster(a).tour.stops, &other = cluster(b).tour.stops;
      const bool leads_a = one.front() == end, trails_a = one.back() == end, leads_b = other.front() == near, trails_b = other.back() == near;
      if (trails_a && leads_b) propose(a, b, false, false);
      if (leads_a && trails_b) propose(b, a, false, false);
      if (!turnable_ || (one.size() == 1 && other.size() == 1)) continue;
      if (trails_a && trails_b) propose(a, b, false, true);
      if (leads_a && leads_b) propose(a, b, true, false);
    }
  }
  bool is_near(std::int32_t of, std::int32_t other) const { return std::ranges::find(neighbours_.of(of), other) != neighbours_.of(of).end(); }

  bool is_current(const Union& u) {
    return cluster(u.a).version == u.version_a && cluster(u.b).version == u.version_b && !cluster(u.a).tour.stops.empty() && !cluster(u.b).tour.stops.empty();
  }

  void join(const Union& u) {
    Cluster &one = cluster(u.a), &other = cluster(u.b);
    const TourContent content = content_of(distances_, {whole(one, u.turn_a), whole(other, u.turn_b)});
    const Best best = cheapest(content, no_way);
    one.tour = measured_tour(instance_, distances_, content.stops());
    one.leaving_out += other.leaving_out;
    one.cost = best.cost, one.vehicle = best.vehicle;
    ++one.version, ++other.version;
    other.tour = {};
    other.vehicle = -1;
    for (const std::int32_t c : one.tour.stops) cluster_of_[static_cast<std::size_t>(c)] = u.a;
    const std::int32_t first = one.tour.stops.front(), last = one.tour.stops.back();
    propose_around(first, false);
    propose_around(last, false);
  }

  const model::RoutingInstance& instance_;
  const model::Distances& distances_;
  const model::Neighbours& neighbours_;
  model::FleetPricing pricing_;
  bool opportunity_, turnable_;
  std::vector<std::int64_t> price_;  // of a vehicle by type, then of any
  std::vector<Cluster> clusters_;    // by a customer of theirs
  std::vector<std::int32_t> cluster_of_;
  std::priority_queue<Union> unions_;
};
}  // namespace

void fleet_savings(const model::RoutingInstance& instance, const model::Distances& distances, const model::Neighbours& neighbours, const FleetSavingsOptions& options,
                   const std::function<bool(model::RoutingSolution)>& take) {
  FleetSavings savings(instance, distances, neighbours, options.opportunity);
  for (int round = 0; round < options.rounds; ++round) {
    savings.build();
    if (!take(savings.solution()) || !savings.raise_prices(0.3)) return;
  }
}

}  // namespace tempera::baselines
