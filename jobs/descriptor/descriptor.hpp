// A job file: what to solve, for how long, and how far the answer must be trusted.
#pragma once

#include <filesystem>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "solvers/core/budget.hpp"
#include "solvers/model/hybrid_request.hpp"
#include "solvers/model/run_record.hpp"

namespace tempera::descriptor {

/// The parts of schemas/job.schema.json that every problem type shares; what is not in the file stays empty.
struct Descriptor {
  std::filesystem::path source;
  std::string job_id;
  std::string problem_type;
  core::BudgetLimit limit;
  std::optional<std::uint64_t> seed;
  std::optional<std::string> method;       ///< one that the schema of the problem type lists
  std::optional<std::uint32_t> replicas;
  std::optional<std::string> ladder;
  std::optional<std::int32_t> depth;       ///< of the circuit, method qaoa
  std::optional<std::uint64_t> shots;
  std::optional<std::string> baseline;     ///< the control; one that the schema of the problem type lists
  std::optional<double> baseline_share;    ///< of the time, at most
  std::optional<double> best_known;
  std::optional<model::HybridRequest> hybrid;
  model::Policy policy;
  std::shared_ptr<const nlohmann::json> problem;  ///< valid by the schema of its type

  /// A file that the job names, as this process finds it.
  std::filesystem::path resolve(const std::string& named) const { return source.parent_path() / named; }
};

/// What a JSON text wants to be.
enum class FileRole {
  other,
  job,   ///< an object with a problem_type or a schema_version
  list,  ///< an array of such objects, or an object with the key "jobs"
};
/// By the keys at its top alone; also of a text that is cut off.
FileRole role_of(const std::filesystem::path& file);
inline bool is_job(const std::filesystem::path& file) { return role_of(file) == FileRole::job; }

/// What solver.method may be for a problem type, the usual one first; empty for what is played and not solved.
std::vector<std::string> methods_of(std::string_view problem_type);
/// What baseline.method may be; left out the problem itself decides.
std::vector<std::string> baselines_of(std::string_view problem_type);

/// The text of a JSON file, seen to be JSON. @throws UserError naming file and line
std::string parsed_text(const std::filesystem::path& file);

/// @throws UserError with every violation of the schemas at once: JSON pointer, value seen, what is allowed
Descriptor read_descriptor(const std::filesystem::path& file);

}  // namespace tempera::descriptor
