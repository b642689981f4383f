// What the commands must know of one kind of problem. Each kind is one file (routing_kind.cpp, …) and one entry of the
// table in problem_kinds.cpp; solve, resume, check, info and the writing of results know nothing else of it.
#pragma once

#include <filesystem>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "io/instances/best_known.hpp"
#include "io/instances/format.hpp"
#include "io/report/html_report.hpp"
#include "jobs/app/console.hpp"
#include "jobs/app/options.hpp"
#include "jobs/descriptor/descriptor.hpp"
#include "solvers/core/budget.hpp"
#include "solvers/core/error.hpp"
#include "solvers/model/run_record.hpp"
#include "solvers/model/top_choice.hpp"
#include "solvers/registry/registry.hpp"

namespace tempera::app {

/// A sound candidate that the policy does not serve: its figures are told, too, as the group "candidate".
inline bool has_withheld_candidate(const model::RunRecord& record) { return !record.withheld.empty() && record.judgement.feasible; }

class ProblemKind {
 public:
  virtual ~ProblemKind() = default;

  virtual std::string_view type() const = 0;             ///< as registry::problem_type
  virtual bool reads(instances::FileFormat format) const = 0;
  virtual std::string_view solution_file() const = 0;    ///< its name in the output directory, e.g. "solution.sol"

  /// @throws UserError for a file that is not usable, and for an option that this kind has no use for
  virtual registry::Problem load(const std::filesystem::path& file, const LoadOptions& options) const = 0;
  /// The problem of a job file: from the file it names, or from what stands in it where a kind has such a form.
  virtual registry::Problem load_job(const descriptor::Descriptor& job) const;
  /// Name, size, digest, unit and whatever `load` must be told again when the run is resumed.
  virtual void describe(const registry::Problem& problem, model::RunRecord& record) const = 0;
  /// The options that give the same problem again for the run in `record`.
  virtual LoadOptions load_options(const model::RunRecord& record) const = 0;
  /// A published best value for this file, where one is found beside it and holds for this problem.
  virtual std::optional<instances::BestKnown> best_known(const std::filesystem::path& file, const registry::Problem& problem) const = 0;

  /// What may look for the candidate, the usual one first. @returns the methods that the schema of its type lists
  virtual std::vector<std::string> methods() const { return descriptor::methods_of(type()); }
  virtual bool has_replicas() const { return true; }  ///< of annealing: may their number be asked for?
  /// By another of `methods()` than annealing and baseline, on this rank alone, as record.solver asks. @throws UserError where that method cannot work the problem
  virtual model::Answer find_candidate(const registry::Problem& problem, const core::Budget& budget, model::RunRecord& record) const;

  /// What may be the control. @returns those that the schema of its type lists
  virtual std::vector<std::string> baselines() const { return descriptor::baselines_of(type()); }
  /// Why one of `baselines()` cannot be the control of this problem, and what can; empty when it can.
  virtual std::string why_no_baseline(const registry::Problem& /*problem*/, const std::string& /*baseline*/) const { return {}; }
  /// The classical comparison, into record.baseline and record.incumbent, as record.solver.baseline asks. Its answer is feasible.
  /// @throws UserError where the control asked for cannot work the problem in the time there is
  virtual void compute_baseline(const registry::Problem& problem, const core::Budget& budget, model::RunRecord& record) const = 0;
  /// An answer from a solution file or a run file, made feasible where that is possible; says what became of it on `console`.
  virtual model::Answer warm_start(const std::filesystem::path& file, const registry::Problem& problem, Console& console) const = 0;
  /// Writes the answer for other programs, atomically. @throws DataError
  virtual void write_solution(const std::filesystem::path& file, const registry::Problem& problem, const model::Answer& answer) const = 0;
  /// Figures and tables of the served answer, into the record, before it is written.
  virtual void summarise(const registry::Problem& /*problem*/, model::RunRecord& /*record*/) const {}
  /// Other files beside the solution. @throws DataError
  virtual void write_more(const std::filesystem::path& /*folder*/, const registry::Problem& /*problem*/, const model::RunRecord& /*record*/) const {}

  /// The `choices` decisions that promise most for the run's incumbent; nothing where there are none, or for kinds without such a form.
  virtual std::unique_ptr<model::TopChoice> top_choice(const registry::Problem& /*problem*/, const model::RunRecord& /*record*/, int /*choices*/) const { return nullptr; }
  virtual bool has_top_choice(const registry::Problem& /*problem*/) const { return false; }

  /// What a map of answers needs; nothing for problems without places.
  virtual std::optional<report::MapData> map_data(const registry::Problem& /*problem*/) const { return std::nullopt; }

  /// How near an answer comes to the limits of its problem, for the page; nothing where the referee's word is all.
  virtual std::vector<report::ConstraintLine> constraints(const registry::Problem& /*problem*/, const model::Answer& /*answer*/) const { return {}; }

  // tempera check and tempera info
  /// What one rank holds at most when it solves this.
  virtual double memory_mebibytes(const registry::Problem& /*problem*/, double /*budget_seconds*/, int /*ranks*/) const { return 500; }
  virtual core::ExitCode check_plan(const CheckOptions& options, const Invocation& invocation, const registry::Problem& problem) const = 0;
  virtual core::ExitCode check_solution(const CheckOptions& options, const Invocation& invocation, const registry::Problem& problem) const = 0;
  virtual nlohmann::ordered_json facts(const registry::Problem& problem) const = 0;
};

/// The kind of a loaded problem, or of a run's problem by its type. @throws UserError for a type that is not in the table
const ProblemKind& kind_of(const registry::Problem& problem);
const ProblemKind& kind_named(std::string_view type);
/// The kind that reads such files; none when no kind does.
const ProblemKind* kind_reading(instances::FileFormat format);

// One per kind, each in a file of its own.
const ProblemKind& routing_kind();
const ProblemKind& placement_kind();
const ProblemKind& qubo_kind();
const ProblemKind& qap_kind();
const ProblemKind& rebalancing_kind();

}  // namespace tempera::app
