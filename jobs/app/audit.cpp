// tempera audit, and the trail that every run leaves.
#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "io/audit/audit_trail.hpp"
#include "io/checkpoint/run_file.hpp"
#include "jobs/app/audit_run.hpp"
#include "jobs/app/commands.hpp"
#include "solvers/core/atomic_file.hpp"
#include "solvers/model/confidence.hpp"
#include "solvers/model/digest.hpp"

namespace tempera::app {

namespace {
using Json = nlohmann::ordered_json;
namespace fs = std::filesystem;

std::string user_name() {
  const passwd* entry = ::getpwuid(::geteuid());
  return entry ? entry->pw_name : std::to_string(::geteuid());
}

// The problem's file as it lies there now; null when it went away during the run.
Json source_hash(const std::string& source) {
  try {
    return audit::sha256_of_file(source);
  } catch (const std::runtime_error&) {  // gone or unreadable
    return nullptr;
  }
}

Json asked(const model::RunRecord& r) {
  Json json = {{"user", user_name()}, {"host", r.host}, {"command_line", r.command_line}, {"software_version", r.software_version}, {"seed", r.seed}, {"ranks", r.ranks},
               {"problem", {{"type", r.problem_type}, {"name", r.problem_name}, {"size", r.problem_size}, {"source", r.problem_source}, {"source_sha256", source_hash(r.problem_source)},
                            {"digest", model::digest_text(r.problem_digest)}}}};
  if (!r.job_id.empty()) json["job_id"] = r.job_id;
  if (r.limit.seconds) json["limit_seconds"] = *r.limit.seconds;
  if (r.limit.iterations) json["limit_iterations"] = *r.limit.iterations;
  return json;
}

// Every candidate that was kept, best first, with its cost.
Json found(const model::RunRecord& r) {
  Json json = {{"source", r.served_by}, {"method", r.solver.method}, {"options_digest", model::digest_text(r.solver.digest)}, {"cost", r.incumbent.cost}, {"feasible", r.judgement.feasible},
               {"wall_seconds", r.wall_seconds}, {"cpu_seconds", r.cpu_seconds}, {"iterations", r.iterations}, {"lost_tasks", r.lost_tasks}};
  for (const model::Answer& candidate : r.candidates) json["candidates"].push_back(candidate.cost);
  return json;
}

Json decision(const model::RunRecord& r) {
  const std::string reason = model::why_baseline(r);
  return {{"served_by", model::served_source(r)}, {"cost", model::served_answer(r).cost}, {"fallback_reason", reason.empty() ? Json(nullptr) : Json(reason)},
          {"mode", model::name_of(r.policy.mode)}, {"min_improvement", r.policy.min_improvement}, {"min_confidence", r.policy.min_confidence}};
}

audit::AuditTrail trail_in(const fs::path& folder) {
  try {
    return audit::AuditTrail(folder / audit_file);
  } catch (const std::runtime_error& broken) {
    fs::rename(folder / audit_file, folder / "audit.broken.jsonl");
    audit::AuditTrail trail(folder / audit_file);
    trail.add("trail.restarted", {{"reason", broken.what()}}, core::utc_timestamp());
    return trail;
  }
}

std::optional<std::string> head_of_result(const fs::path& folder) {
  if (!fs::exists(folder / "result.h5")) return std::nullopt;
  const std::string head = checkpoint::read_record(folder / "result.h5").audit_head;
  return head.empty() ? std::nullopt : std::optional(head);
}
}  // namespace

audit::AuditTrail audit_run(const fs::path& folder, const model::RunRecord& r) {
  audit::AuditTrail trail = trail_in(folder);
  const std::string now = core::utc_timestamp();
  trail.add("job.received", asked(r), r.created_utc);
  trail.add("control.computed", {{"method", r.baseline.method}, {"cost", r.baseline.answer.cost}, {"feasible", r.baseline.judgement.feasible}, {"wall_seconds", r.baseline.wall_seconds}, {"cpu_seconds", r.baseline.cpu_seconds}}, now);
  trail.add("candidate.found", found(r), now);
  if (const auto c = model::confidence_of(r))
    trail.add("confidence.estimated", {{"seeds", c->seeds}, {"agreeing", c->agreeing}, {"within", r.policy.within}, {"interval_95", {c->interval.low, c->interval.high}}}, now);
  trail.add("decision", decision(r), now);
  return trail;
}

core::ExitCode audit(const AuditOptions& options, const Invocation& invocation) {
  const bool is_folder = fs::is_directory(options.from);
  const fs::path file = is_folder ? options.from / audit_file : options.from;
  if (!fs::exists(file)) throw core::UserError(fmt::format("{}: there is no such file. Give the --out directory of a run.", file.string()));
  const audit::AuditVerdict verdict = audit::verify(file, head_of_result(file.parent_path()));
  if (!verdict.fault.empty()) throw core::UserError(fmt::format("{}: {}.", file.string(), verdict.fault));
  if (invocation.output == OutputMode::json)
    fmt::print("{}\n", Json({{"schema_version", 1}, {"status", "whole"}, {"exit_code", 0}, {"records", verdict.records}, {"head", verdict.head}}).dump(2));
  else if (invocation.output == OutputMode::text) fmt::print("{}: whole, {} records, head {}\n", file.string(), verdict.records, verdict.head);
  return core::ExitCode::solved;
}

}  // namespace tempera::app
