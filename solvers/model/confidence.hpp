// How far an answer may be trusted: what several independent annealings say of one another.
#pragma once

#include <cstddef>
#include <optional>

#include "solvers/core/statistics.hpp"
#include "solvers/model/run_record.hpp"

namespace tempera::model {

/// Of independent seeds, how many end within a share of the best of them. The interval is Wilson's, at 95 %.
struct Confidence {
  std::size_t seeds = 0;
  std::size_t agreeing = 0;      ///< the best itself among them
  core::Interval interval;       ///< of the share of all seeds that would agree
};

/// Nothing when the record holds one seed's run alone.
std::optional<Confidence> confidence_of(const RunRecord& record);

/// How much of `than` the cost saves, as a share; below 0 when it costs more. Where fewest vehicles come first it is the share of the vehicles while their
/// numbers differ, and of the distance when they are equal; while different numbers of required customers are left out, of these. Never of the price that puts vehicles first.
double saved_share(const RunRecord& record, double cost, double than);

/// Of a circuit's shots, the share that gave the best sample, with its interval; nothing without a circuit.
std::optional<core::Interval> best_sample_interval(const RunRecord& record);

/// The lower end of the interval when all of so many seeds agree: no policy can ask for more.
double most_confidence(std::size_t seeds);

}  // namespace tempera::model
