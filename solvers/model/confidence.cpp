#include "solvers/model/confidence.hpp"

#include <algorithm>
#include <cmath>

namespace tempera::model {

std::optional<Confidence> confidence_of(const RunRecord& record) {
  if (record.seeds.size() < 2) return std::nullopt;
  const double sign = record.sense == Sense::maximise ? -1 : 1;
  double best = sign * record.seeds.front().cost;
  for (const SeedOutcome& seed : record.seeds) best = std::min(best, sign * seed.cost);
  const auto agrees = [&](const SeedOutcome& seed) { return saved_share(record, seed.cost, sign * best) >= -record.policy.within; };
  const auto agreeing = static_cast<std::size_t>(std::ranges::count_if(record.seeds, agrees));
  return Confidence{record.seeds.size(), agreeing, core::wilson_interval(agreeing, record.seeds.size())};
}

double saved_share(const RunRecord& record, double cost, double than) {
  const auto share = [](double saved, double of) { return saved == 0 ? 0.0 : of == 0 ? std::copysign(1.0, saved) : saved / std::abs(of); };
  if (record.sense == Sense::maximise) return share(cost - than, than);
  if (record.vehicle_price <= 0) return share(than - cost, than);
  if (record.missing_price > 0) {
    const double own_missing = std::floor(cost / record.missing_price), other_missing = std::floor(than / record.missing_price);
    if (own_missing != other_missing) return share(other_missing - own_missing, other_missing);
    cost -= own_missing * record.missing_price, than -= other_missing * record.missing_price;
  }
  const auto vehicles = [&](double whole) { return std::floor(whole / record.vehicle_price); };
  const double own = vehicles(cost), other = vehicles(than);
  if (own != other) return share(other - own, other);
  return share(than - cost, than - other * record.vehicle_price);
}

std::optional<core::Interval> best_sample_interval(const RunRecord& record) {
  if (record.best_sample.shots == 0) return std::nullopt;
  return core::wilson_interval(record.best_sample.count, record.best_sample.shots);
}

double most_confidence(std::size_t seeds) { return core::wilson_interval(seeds, seeds).low; }

}  // namespace tempera::model
