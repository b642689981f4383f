#include "solvers/routing/schedule.hpp"

#include <algorithm>

namespace tempera::routing {

namespace {
constexpr double shortest_task_seconds = 0.01;
// Of ladders of at least so many replicas the worst goes on from the best, in every twentieth of the run behind its first quarter (README.md).
constexpr std::uint32_t fewest_restarted = 6;
constexpr double restarts_from = 0.25;
constexpr std::uint32_t rounds_per_restart = 5, restarts = 20;  // timed runs have about a hundred rounds
}  // namespace

void Schedule::begin(double elapsed) {
  if (!started_) started_ = elapsed;
}

void Schedule::restore(std::uint32_t round, double started, const tempering::Cooling& cooling) {
  round_ = round;
  started_ = started;
  plan_.cooling = cooling;
}

double Schedule::spent_share(double elapsed) const {
  if (!plan_.is_timed()) return static_cast<double>(round_) / plan_.rounds;
  const double span = annealing_seconds(elapsed);
  return span > 0 ? (elapsed - started_.value_or(elapsed)) / span : 1.0;
}

bool Schedule::deadline_passed(double elapsed) const { return seconds_left(elapsed) < shortest_task_seconds; }

bool Schedule::annealing_over(double elapsed) const {
  return plan_.is_timed() ? annealing_seconds_left(elapsed) < shortest_task_seconds : round_ >= plan_.rounds;
}

RoundPlan Schedule::next_round(double elapsed) const {
  const bool saves = saves_vehicles(elapsed);
  const double seconds = saves ? plan_.fleet_round_seconds : plan_.round_seconds;
  const double ends = plan_.is_timed() ? spent_share(elapsed + seconds) : static_cast<double>(round_ + 1) / plan_.rounds;
  return {.saves_vehicles = saves, .parts = saves ? plan_.fleet_parts : plan_.parts,
          .task_seconds = !plan_.is_timed() ? 0 : saves ? plan_.fleet_task_seconds : plan_.task_seconds,
          .cooling = {temperature_at(spent_share(elapsed), saves), temperature_at(ends, saves)}};
}

// The first round, and as many as end nearest to the plan's share.
bool Schedule::saves_vehicles(double elapsed) const {
  if (plan_.fleet_share <= 0) return false;
  const double round = plan_.is_timed() ? plan_.fleet_round_seconds / std::max(1e-9, annealing_seconds(elapsed)) : 1.0 / plan_.rounds;
  return round_ == 0 || spent_share(elapsed) + round / 2 < plan_.fleet_share;
}

// While vehicles are saved it falls by itself; the cooling comes after that.
double Schedule::temperature_at(double share, bool saves_vehicles) const {
  if (saves_vehicles) return plan_.cooling.start * plan_.saving.at(share / plan_.fleet_share);
  return plan_.cooling.at((share - plan_.fleet_share) / (1 - plan_.fleet_share));
}

std::uint64_t Schedule::iterations_of(std::size_t task, std::size_t tasks) const {
  const std::uint64_t of_round = plan_.iterations / plan_.rounds + (round_ < plan_.iterations % plan_.rounds ? 1 : 0);
  return of_round / tasks + (task < of_round % tasks ? 1 : 0);
}

bool Schedule::restarts_worst(double elapsed) const {
  const std::uint32_t every = plan_.is_timed() ? rounds_per_restart : std::max(1u, plan_.rounds / restarts);
  return plan_.replicas >= fewest_restarted && spent_share(elapsed) >= restarts_from && (round_ + 1) % every == 0;
}

}  // namespace tempera::routing
