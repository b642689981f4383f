// Exact dynamic programme for safety-stock placement on trees and forests, with linear prices on all service times.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "solvers/baselines/time_grid.hpp"
#include "solvers/model/placement_problem.hpp"

namespace tempera::baselines {

/// min  sum_i f_i(SI_i + T_i - S_i) + out_price_i S_i - in_price_i SI_i   over all times within limits with SI_j >= S_i on the
/// arcs of a forest. Without prices and with all arcs of a tree this is the placement problem itself; with the prices of the
/// arcs left out it is a Lagrangian bound.
///
/// F_k(S) is the cost of all that hangs on stage k when it promises S, G_k(SI) when it is served within SI. The inner minimum
/// is taken only where the rest bends upwards, because between such points all is concave: O(points * bends) instead of
/// O(points^2) per stage.
/// Source: Graves & Willems, "Optimizing strategic safety stock placement in supply chains", M&SOM 2(1), 2000, with the
/// state transformation of Lesnaia, 2004.
class ForestProgramme {
 public:
  /// Both must outlive the programme.
  ForestProgramme(const model::PlacementProblem& problem, const TimeGrid& grid);

  /// The arcs to keep, one flag per arc. @returns false, and changes nothing, when they close a cycle (directions ignored)
  bool choose(std::span<const char> kept);

  /// Solves for prices in money per day, one per stage, >= 0; empty spans for none.
  /// @param outbound, inbound  one per stage, days: an optimal solution (on a relaxed grid: times rounded down)
  /// @returns the minimum (on a relaxed grid: a lower bound of it)
  double minimise(std::span<const double> out_price, std::span<const double> in_price, std::span<double> outbound, std::span<double> inbound);

 private:
  struct Child {
    std::int32_t stage = 0;
    bool supplies = false;  // the child supplies the parent
  };
  struct Bend {
    std::int32_t at = 0;
    double value = 0;
  };

  std::span<double> values(std::size_t i) { return {values_.data() + first_[i], length_[i]}; }
  void sum_suppliers(std::size_t i, double in_price);
  void sum_customers(std::size_t i, double out_price);
  void by_outbound(std::size_t i, std::span<double> out);
  void by_inbound(std::size_t i, std::span<double> out);
  void find_bends(std::span<const double> values, bool all);
  void trace(std::size_t i, double out_price, double in_price);
  void trace_children(std::size_t i);

  const model::PlacementProblem& problem_;
  const TimeGrid& grid_;
  std::vector<std::vector<Child>> children_;
  std::vector<std::int32_t> order_;       // parents before children
  std::vector<char> supplies_parent_;     // roots count as suppliers: their F is minimised
  std::vector<std::size_t> first_, length_;
  std::vector<double> values_;            // F or G of every stage
  std::vector<std::int32_t> s_, si_;      // the solution on the grid; -1 = not yet known
  std::vector<double> by_si_, by_s_;      // scratch: what the suppliers cost by SI, the customers by S
  std::vector<Bend> bends_;
};

}  // namespace tempera::baselines
