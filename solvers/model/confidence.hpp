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

/// The lower end of the interval when all of so many seeds agree: no policy can ask for more.
double most_confidence(std::size_t seeds);

}  // namespace tempera::model
