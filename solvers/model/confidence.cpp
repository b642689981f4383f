#include "solvers/model/confidence.hpp"

#include <algorithm>
#include <cmath>

namespace tempera::model {

std::optional<Confidence> confidence_of(const RunRecord& record) {
  if (record.seeds.size() < 2) return std::nullopt;
  const double sign = record.sense == Sense::maximise ? -1 : 1;
  double best = sign * record.seeds.front().cost;
  for (const SeedOutcome& seed : record.seeds) best = std::min(best, sign * seed.cost);
  const auto agrees = [&](const SeedOutcome& seed) { return sign * seed.cost <= best + record.policy.within * std::abs(best); };
  const auto agreeing = static_cast<std::size_t>(std::ranges::count_if(record.seeds, agrees));
  return Confidence{record.seeds.size(), agreeing, core::wilson_interval(agreeing, record.seeds.size())};
}

double most_confidence(std::size_t seeds) { return core::wilson_interval(seeds, seeds).low; }

}  // namespace tempera::model
