// What safety stock costs at one stage as a function of its net replenishment time: the only nonlinear part of a placement.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "solvers/model/placement_network.hpp"

namespace tempera::model {

/// f(t) = holding cost * safety stock, t in days >= 0, non-decreasing.
/// Without capacity the safety stock is bound * sqrt(t). With capacity c (units / day) it is B(t) - mean * t, with the base
/// stock B(t) = max over whole n >= 0 of D(t + n) - n c and the demand bound D(t) = mean * t + bound * sqrt(t).
/// Source: in the spirit of Schoenmeyr & Graves, "Coordination of multi-echelon supply chains using the guaranteed service framework", 2016.
class StageCost {
 public:
  StageCost() = default;
  StageCost(double holding_cost, double bound, double mean, std::optional<double> capacity);

  double operator()(double t) const { return (slack_ > 0 ? capacitated(t) : weight_ * root(t)) + slope_ * t; }
  /// Units; the demand that must be covered beyond the mean.
  double safety_stock(double t) const;
  /// Units: safety stock and mean demand over t. All that the stage ever has, on hand or on order.
  double base_stock(double t) const { return safety_stock(t) + mean_ * t; }
  /// The same with `price` (money per unit) on the base stock.
  StageCost priced(double price) const;
  /// With capacity f is a maximum of concave curves and may bend upwards.
  bool is_concave() const { return slack_ == 0; }
  double weight() const { return weight_; }  ///< holding cost * bound

 private:
  static double root(double t);
  double capacitated(double t) const;

  double holding_cost_ = 0;
  double bound_ = 0;
  double weight_ = 0;
  double mean_ = 0;
  double slope_ = 0;     // money per day, of a price on the base stock
  double slack_ = 0;     // capacity - mean; 0 = no capacity
};

/// One cost function per stage.
std::vector<StageCost> stage_costs(const PlacementNetwork& network);

/// f(0), f(step), f(2 step), …: the table the dynamic programmes read.
void tabulate(const StageCost& cost, double step, std::span<double> table);

}  // namespace tempera::model
