#include "jobs/app/serving.hpp"

#include <fmt/format.h>

#include <cmath>

#include "solvers/core/error.hpp"
#include "solvers/model/confidence.hpp"

namespace tempera::app {

namespace {
model::Judgement judgement(const registry::Verdict& verdict, const model::Answer& answer) {
  if (!verdict.feasible) return {false, verdict.reason.empty() ? "no reason given" : verdict.reason};
  if (verdict.cost_units != answer.cost_units) return {false, fmt::format("its cost is {}, the referee adds up {} (scaled units)", answer.cost_units, verdict.cost_units)};
  return {};
}

// Why the policy does not trust the candidate; empty when it does.
std::string doubt(const model::RunRecord& record) {
  if (record.policy.min_confidence <= 0) return {};
  if (const auto sampled = model::best_sample_interval(record)) {
    if (sampled->low >= record.policy.min_confidence) return {};
    return fmt::format("low_confidence: {} of {} shots give the best sample, so its probability is {:.1f} % at least (95 % interval); the policy asks for {:.1f} %", record.best_sample.count,
                       record.best_sample.shots, 100 * sampled->low, 100 * record.policy.min_confidence);
  }
  const std::optional<model::Confidence> confidence = model::confidence_of(record);
  if (!confidence) return fmt::format("low_confidence: there were no independent seeds, the policy asks for {:.1f} %", 100 * record.policy.min_confidence);
  if (confidence->interval.low >= record.policy.min_confidence) return {};
  return fmt::format("low_confidence: {} of {} seeds end within {:g} % of the best, so {:.1f} % would at least (95 % interval); the policy asks for {:.1f} %", confidence->agreeing,
                     confidence->seeds, 100 * record.policy.within, 100 * confidence->interval.low, 100 * record.policy.min_confidence);
}

// The job's own word on when a better candidate may be served.
std::string withheld_by(const model::RunRecord& record) {
  if (record.served_by == "baseline") return {};  // there is no candidate
  if (!record.judgement.feasible) return "infeasible: the referee refuses the candidate: " + record.judgement.violation;
  if (!record.baseline.judgement.feasible) return {};  // whatever the policy: a refused control is not served
  if (record.incumbent.cost_units >= record.baseline.answer.cost_units) return "worse_than_control: the candidate is no better than the control";
  if (record.policy.mode == model::ServingMode::shadow) return "shadow: the candidate is only recorded";
  if (std::string reason = doubt(record); !reason.empty()) return reason;
  if (record.policy.mode == model::ServingMode::candidate) return {};
  if (const double saved = model::saved_share(record, record.incumbent.cost, record.baseline.answer.cost); saved < record.policy.min_improvement)
    return fmt::format("worse_than_control: the candidate saves {:.3f} %{}, the policy asks for {:.3f} %", 100 * saved, record.vehicle_price > 0 ? " (of vehicles, or of the distance of as many)" : "",
                       100 * record.policy.min_improvement);
  return {};
}
}  // namespace

void decide(const registry::Verdict& control, const registry::Verdict& candidate, model::RunRecord& record) {
  record.baseline.judgement = judgement(control, record.baseline.answer);
  record.judgement = judgement(candidate, record.incumbent);
  if (!record.baseline.judgement.feasible) record.warnings.push_back("the referee refuses the control: " + record.baseline.judgement.violation);
  if (!record.judgement.feasible) record.warnings.push_back("the referee refuses the candidate: " + record.judgement.violation);
  record.withheld = withheld_by(record);
  const model::Judgement& served = record.withheld.empty() ? record.judgement : record.baseline.judgement;
  TEMPERA_ASSERT(served.feasible, fmt::format("the referee refuses what would be served: {}", served.violation));
}

}  // namespace tempera::app
