#include "jobs/descriptor/descriptor.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "jobs/descriptor/job_checks.hpp"
#include "jobs/descriptor/json_text.hpp"
#include "jobs/descriptor/schema.hpp"
#include "solvers/core/error.hpp"
#include "solvers/core/text_file.hpp"

namespace tempera::descriptor {

namespace {
using nlohmann::json;

Descriptor taken(const std::filesystem::path& file, const json& job) {
  Descriptor d;
  d.source = file;
  d.job_id = job.value("job_id", "");
  d.problem_type = job["problem_type"].get<std::string>();
  if (job.contains("budget_ms")) d.limit.seconds = job["budget_ms"].get<double>() / 1000;
  const json solver = job.value("solver", json::object());
  if (solver.contains("iterations")) d.limit.iterations = solver["iterations"].get<std::uint64_t>();
  if (solver.contains("seed")) d.seed = solver["seed"].get<std::uint64_t>();
  if (solver.contains("method")) d.method = solver["method"].get<std::string>();
  if (solver.contains("depth")) d.depth = solver["depth"].get<std::int32_t>();
  if (solver.contains("shots")) d.shots = solver["shots"].get<std::uint64_t>();
  if (solver.contains("replicas")) d.replicas = solver["replicas"].get<std::uint32_t>();
  if (solver.contains("ladder")) d.ladder = solver["ladder"].get<std::string>();
  if (solver.contains("hybrid")) {
    const json& hybrid = solver["hybrid"];
    const model::HybridRequest usual;
    d.hybrid = {.choices = hybrid.value("choices", usual.choices), .depth = hybrid.value("depth", usual.depth), .shots = hybrid.value("shots", usual.shots)};
  }
  const json baseline = job.value("baseline", json::object());
  if (baseline.contains("method")) d.baseline = baseline["method"].get<std::string>();
  if (baseline.contains("time_share")) d.baseline_share = baseline["time_share"].get<double>();
  if (job.contains("best_known")) d.best_known = job["best_known"].get<double>();
  const json policy = job.value("policy", json::object());
  d.policy.mode = model::serving_mode_from_name(policy.value("mode", "race"));
  d.policy.min_improvement = policy.value("min_improvement", 0.0);
  d.policy.min_confidence = policy.value("min_confidence", 0.0);
  d.policy.within = policy.value("within", d.policy.within);
  d.policy.seeds = solver.value("seeds", 1U);
  d.policy.top_k = job.value("top_k", 1U);
  d.problem = std::make_shared<const json>(job["problem"]);
  return d;
}
}  // namespace

std::vector<std::string> methods_of(std::string_view problem_type) { return words_of(problem_type, "x-methods"); }
std::vector<std::string> baselines_of(std::string_view problem_type) { return words_of(problem_type, "x-baselines"); }

std::string parsed_text(const std::filesystem::path& file) {
  std::string text = core::read_text(file);
  parsed(file, text);
  return text;
}

FileRole role_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(stream)), {});
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return FileRole::other;
  const auto keys = top_keys(text);
  const bool typed = keys.contains("problem_type"), versioned = keys.contains("schema_version");
  if (text[first] == '[') return typed || versioned ? FileRole::list : FileRole::other;
  if (!typed && keys.contains("jobs")) {  // a list, as far as it can be read: what batch writes has a key of that name for their number
    const json whole = json::parse(text, nullptr, false);
    return whole.is_discarded() || (whole.is_object() && whole["jobs"].is_array()) ? FileRole::list : FileRole::other;
  }
  return typed || versioned ? FileRole::job : FileRole::other;
}

Descriptor read_descriptor(const std::filesystem::path& file) {
  const json job = parsed(file, core::read_text(file));
  std::vector<Violation> found = violations("job", job);
  const bool typed = job.is_object() && job.contains("problem_type") && job["problem_type"].is_string() && std::ranges::none_of(found, [](const Violation& v) { return v.pointer == "/problem_type"; });
  const std::string type = typed ? job["problem_type"].get<std::string>() : "";
  std::ranges::move(job_violations(job, type), std::back_inserter(found));
  if (typed && job.contains("problem") && job["problem"].is_object()) std::ranges::move(violations(type, job["problem"], "/problem"), std::back_inserter(found));
  if (!found.empty()) throw core::UserError(as_text(file.string(), found));
  return taken(file, job);
}

}  // namespace tempera::descriptor
