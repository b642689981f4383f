// What a hybrid step leaves behind: one small choice put to several solvers, their figures side by side.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tempera::model {

/// One solver on the choice. Shares and probabilities are of its shots before any repair, but where said.
struct HybridRun {
  std::string solver;              ///< "exact (CBC)", "tempering", "greedy", "QAOA", "uniform random"
  double cost = 0;                 ///< of its best answer, decoded, repaired and priced by the referee; user's units
  double model_cost = 0;           ///< of its best state before repair, penalties included
  double wall_seconds = 0;
  double cpu_seconds = 0;
  double feasible_share = 0;       ///< of its shots, those that keep every row
  double optimum_probability = 0;  ///< of the choice's optimum, per shot; QAOA: from the amplitudes
  std::uint64_t shots = 0;         ///< states it gave; 1 for a solver that gives one
  std::uint64_t decoded = 0;       ///< distinct ones of them that were decoded, the best first
  std::uint64_t evaluations = 0;   ///< QAOA: circuits run to find the angles. Tempering: sweeps per shot
  std::int32_t qubits = 0;         ///< QAOA only, as are depth and angles
  std::int32_t depth = 0;
  std::vector<double> gamma;
  std::vector<double> beta;
  std::uint32_t accepted = 0;      ///< 1: this answer became the incumbent
};

struct HybridStep {
  std::string subject;             ///< what the decisions are, e.g. "routes"
  std::int32_t choices = 0;
  std::uint64_t candidates = 0;    ///< what they were taken from
  double before = 0;               ///< the incumbent's cost, user's units
  double after = 0;
  double optimum = 0;              ///< least model cost of a feasible state, by looking at all of them
  double penalty_factor = 1;       ///< by which automatic penalties had to grow until no infeasible state beat it
  std::uint64_t states = 0;        ///< 2^choices
  std::uint64_t feasible_states = 0;
  std::uint64_t optimal_states = 0;
  std::vector<HybridRun> runs;
};

}  // namespace tempera::model
