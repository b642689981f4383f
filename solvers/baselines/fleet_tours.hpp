// Routes of a fleet as its local search sees them: what any two of them would cost with other contents and the vehicles that suit these best.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "solvers/model/fleet_pricing.hpp"

namespace tempera::baselines {

struct FleetTour {
  model::Route stops;
  std::int32_t vehicle = -1;         ///< -1: nobody drives, no stops
  std::int64_t cost = 0;
  std::vector<std::int64_t> load;    ///< of the first k stops
  std::vector<std::int64_t> length;  ///< from the first stop to stop k

  int size() const { return static_cast<int>(stops.size()); }
};

/// So many stops of a tour from one on, driven the other way round where `turned` says so.
struct TourPiece {
  const FleetTour* tour = nullptr;
  int first = 0;
  int count = 0;
  bool turned = false;

  std::int32_t stop(int k) const { return tour->stops[static_cast<std::size_t>(turned ? first + count - 1 - k : first + k)]; }
};

inline TourPiece head_of(const FleetTour& tour, int stops) { return {&tour, 0, stops}; }
inline TourPiece tail_of(const FleetTour& tour, int from) { return {&tour, from, tour.size() - from}; }

/// What a tour could hold instead: pieces one behind the other.
struct TourContent {
  std::array<TourPiece, 4> pieces{};
  int count = 0;
  std::int64_t load = 0;
  std::int64_t length = 0;           ///< between the ends, without the depot
  std::int32_t first = -1, last = -1;

  bool empty() const { return first < 0; }
  model::Route stops() const;
};

FleetTour measured_tour(const model::RoutingInstance& instance, const model::Distances& distances, model::Route stops);
TourContent content_of(const model::Distances& distances, std::initializer_list<TourPiece> pieces);
/// Of a content that is not empty by a vehicle of this type; nothing when it is too heavy or too long. Windows and durations are not looked at.
std::optional<std::int64_t> cost_of(const model::Distances& distances, const TourContent& content, const model::VehicleType& type);

/// New contents and vehicles of one tour or two. Customers of theirs that are in neither content stay out, those of the content come in.
struct FleetChange {
  std::int32_t a = -1, b = -1;       ///< b -1: one tour
  TourContent for_a{}, for_b{};
  std::int64_t leaving = 0;          ///< what those who stay out then cost more
  std::int32_t vehicle_a = -1, vehicle_b = -1;
  std::int64_t delta = 0;
};

/// Keeps references: instance and distances must outlive it.
class FleetTours {
 public:
  /// Precondition: the solution keeps the fleet's limits.
  FleetTours(const model::RoutingInstance& instance, const model::Distances& distances, const model::RoutingSolution& solution);

  std::int32_t count() const { return static_cast<std::int32_t>(tours_.size()); }  ///< empty ones included
  const FleetTour& tour(std::int32_t r) const { return tours_[static_cast<std::size_t>(r)]; }
  std::int32_t tour_of(std::int32_t customer) const { return place_[static_cast<std::size_t>(customer)].tour; }  ///< -1: out
  int position_of(std::int32_t customer) const { return place_[static_cast<std::size_t>(customer)].position; }
  const FleetTour& alone(std::int32_t customer) const { return alone_[static_cast<std::size_t>(customer)]; }     ///< a piece to come in with
  std::int64_t leaving_out(std::int32_t customer) const { return instance_.fleet->leaving_out(customer); }
  std::int32_t empty_tour();         ///< one with no stops; made where there is none, which ends references to tours
  bool is_turnable() const { return turnable_; }

  TourContent content(std::initializer_list<TourPiece> pieces) const { return content_of(distances_, pieces); }

  /// Chooses the vehicles and sets `delta`. False unless that is below `bound` and all limits are kept.
  bool price(FleetChange& change, std::int64_t bound) const;
  /// Makes a change that was priced.
  void apply(const FleetChange& change);

  std::int64_t cost() const;
  model::RoutingSolution solution() const;

  struct Place {
    std::int32_t tour = -1;
    int position = 0;
  };
  /// What changes: to go back to.
  struct State {
    std::vector<FleetTour> tours;
    std::vector<Place> place;
    std::vector<std::int64_t> free;  ///< vehicles by type, then in all
  };
  State state() const { return {tours_, place_, free_}; }
  void restore(State state) { tours_ = std::move(state.tours), place_ = std::move(state.place), free_ = std::move(state.free); }

 private:
  struct Offer {
    std::int32_t vehicle = -1;
    std::int64_t cost = 0;
  };
  using Offers = std::array<Offer, 2>;

  std::int64_t available(std::size_t type, const FleetChange& change) const;
  Offers offers(const TourContent& content, const FleetChange& change) const;
  bool choose(FleetChange& change, std::int64_t& cost) const;
  bool keeps_time(const TourContent& content, std::int32_t vehicle) const;
  void set(std::int32_t r, model::Route stops, std::int32_t vehicle);

  const model::RoutingInstance& instance_;
  const model::Distances& distances_;
  model::FleetPricing pricing_;
  bool turnable_;
  std::vector<FleetTour> tours_, alone_;
  std::vector<Place> place_;
  std::vector<std::int64_t> free_;   // vehicles by type, then in all
};

}  // namespace tempera::baselines
