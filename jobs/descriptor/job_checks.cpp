#include "jobs/descriptor/job_checks.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "jobs/descriptor/schema.hpp"
#include "solvers/core/nearest_name.hpp"
#include "solvers/model/confidence.hpp"

namespace tempera::descriptor {

namespace {
using nlohmann::json;
using Words = std::vector<std::string>;

bool holds(const Words& words, const std::string& word) { return std::ranges::find(words, word) != words.end(); }

// A member that is an object; empty where there is none.
json part(const json& job, const char* key) { return job.contains(key) && job[key].is_object() ? job[key] : json::object(); }

void check_budget(const json& job, std::vector<Violation>& found) {
  if (job.contains("budget_ms") && part(job, "solver").contains("iterations")) found.push_back({"/solver/iterations", "stands beside /budget_ms; leave one of them out"});
}

// No number of agreeing seeds shows more than the interval of all of them.
void check_confidence(const json& job, std::vector<Violation>& found) {
  const json solver = part(job, "solver"), wanted = part(job, "policy").value("min_confidence", json()), asked_seeds = solver.value("seeds", json());
  if (solver.value("method", json()) == "qaoa") return;  // its shots tell
  if (!wanted.is_number() || wanted.get<double>() <= 0 || wanted.get<double>() > 1 || (!asked_seeds.is_null() && !asked_seeds.is_number_unsigned())) return;
  const std::size_t seeds = asked_seeds.is_null() ? 1 : asked_seeds.get<std::size_t>();
  if (seeds == 0) return;  // the schema says so
  if (seeds > 1 && wanted.get<double>() <= model::most_confidence(seeds)) return;
  std::size_t enough = 2;
  while (enough < 1000 && model::most_confidence(enough) < wanted.get<double>()) ++enough;
  found.push_back({"/policy/min_confidence", fmt::format("is {}, and {} show{} at most {:.3f}; {}", wanted.dump(), seeds == 1 ? "one seed" : fmt::format("{} seeds that all agree", seeds), seeds == 1 ? "s" : "",
                                                         seeds == 1 ? 0.0 : model::most_confidence(seeds),
                                                         enough == 1000 ? "ask for less" : fmt::format("give /solver/seeds {} or more, or ask for less", enough))});
}

std::string nearest_of(std::string_view wanted, const Words& known) {
  const std::vector<std::string_view> names(known.begin(), known.end());
  const auto nearest = core::nearest_name(wanted, names);
  return nearest ? fmt::format(". Did you mean {}?", *nearest) : "";
}

// @returns false, and says so, for a name that is none of `known`
bool is_one_of(const std::string& name, const Words& known, const char* pointer, std::vector<Violation>& found) {
  if (holds(known, name)) return true;
  found.push_back({pointer, fmt::format("is \"{}\"; give one of {}{}", name, fmt::join(known, ", "), nearest_of(name, known))});
  return false;
}

// The part of `solver` that this problem type has no use for, and words of one method beside another.
void check_solver(const json& job, const std::string& type, std::vector<Violation>& found) {
  const json solver = part(job, "solver");
  const Words keys = words_of(type, "x-solver-keys"), methods = words_of(type, "x-methods");
  const json properties = json::parse(schema_text("job"))["properties"]["solver"]["properties"];
  for (const auto& [key, ignored] : solver.items())
    if (properties.contains(key) && !holds(keys, key)) found.push_back({"/solver/" + key, fmt::format("means nothing for {}; known are {}", type, fmt::join(keys, ", "))});
  if (methods.empty()) return;
  const std::string method = solver.contains("method") && solver["method"].is_string() ? solver["method"].get<std::string>() : methods.front();
  if (!is_one_of(method, methods, "/solver/method", found)) return;
  const auto only = [&](const char* key, const char* of) {
    if (solver.contains(key) && method != of && holds(keys, key)) found.push_back({fmt::format("/solver/{}", key), fmt::format("belongs to the method {}, and this is {}; leave one of them out", of, method)});
  };
  only("depth", "qaoa");
  only("shots", "qaoa");
  for (const char* key : {"replicas", "ladder", "hybrid", "seeds"}) only(key, methods.front().c_str());
}

// The control: one that there is for this problem type, and a share of the time only where time is what it takes.
void check_baseline(const json& job, const std::string& type, std::vector<Violation>& found) {
  const Words known = words_of(type, "x-baselines"), timed = words_of(type, "x-timed-baselines");
  const json baseline = part(job, "baseline");
  if (known.empty() || baseline.empty()) return;
  const bool named = baseline.contains("method") && baseline["method"].is_string();
  const std::string method = named ? baseline["method"].get<std::string>() : "";
  if (named && !is_one_of(method, known, "/baseline/method", found)) return;
  const bool counts = part(job, "solver").contains("iterations");
  if (method == "cbc" && counts) found.push_back({"/baseline/method", "is \"cbc\", which needs a time limit; give /budget_ms instead of /solver/iterations, or another control"});
  if (!baseline.contains("time_share")) return;
  if (named && !holds(timed, method)) found.push_back({"/baseline/time_share", fmt::format("means nothing for {}, which takes the time that it needs; it belongs to {}", method, fmt::join(timed, ", "))});
  else if (counts) found.push_back({"/baseline/time_share", "is a share of a time budget, and this job counts /solver/iterations; leave one of them out"});
}

// A backtest is played: nothing is searched, served or given up.
void check_played(const json& job, const std::string& type, std::vector<Violation>& found) {
  if (!words_of(type, "x-methods").empty()) return;
  for (const char* key : {"budget_ms", "baseline", "policy", "top_k", "best_known"})
    if (job.contains(key)) found.push_back({fmt::format("/{}", key), fmt::format("means nothing for a {}; leave it out", type)});
}
}  // namespace

Words words_of(std::string_view problem_type, const char* list) { return json::parse(schema_text(problem_type)).value(list, Words{}); }

std::vector<Violation> job_violations(const json& job, const std::string& type) {
  std::vector<Violation> found;
  if (!job.is_object()) return found;
  check_budget(job, found);
  check_confidence(job, found);
  if (type.empty()) return found;
  check_solver(job, type, found);
  check_baseline(job, type, found);
  check_played(job, type, found);
  return found;
}

}  // namespace tempera::descriptor
