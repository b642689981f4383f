#include "jobs/descriptor/descriptor.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "jobs/descriptor/schema.hpp"
#include "solvers/core/error.hpp"
#include "solvers/core/nearest_name.hpp"
#include "solvers/core/text_file.hpp"
#include "solvers/model/confidence.hpp"

namespace tempera::descriptor {

namespace {
using nlohmann::json;

json parsed(const std::filesystem::path& file, const std::string& text) {
  try {
    return json::parse(text);
  } catch (const json::parse_error& error) {
    const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(std::min(text.size(), error.byte)), '\n');
    std::string what = error.what();
    if (const auto colon = what.rfind(": "); colon != std::string::npos) what = what.substr(colon + 2);
    throw core::UserError(fmt::format("{}:{}: this is not JSON: {}.", file.string(), line, what));
  }
}

void check_budget(const json& job, std::vector<Violation>& found) {
  if (job.contains("budget_ms") && job.contains("solver") && job["solver"].is_object() && job["solver"].contains("iterations"))
    found.push_back({"/solver/iterations", "stands beside /budget_ms; leave one of them out"});
}

// No number of agreeing seeds shows more than the interval of all of them.
void check_confidence(const json& job, std::vector<Violation>& found) {
  const auto member = [](const json& object, const char* key) { return object.is_object() && object.contains(key) ? object[key] : json(); };
  const json wanted = member(member(job, "policy"), "min_confidence"), asked_seeds = member(member(job, "solver"), "seeds");
  if (member(job, "solver").is_object() && member(member(job, "solver"), "method") == "qaoa") return;  // its shots tell
  if (!wanted.is_number() || wanted.get<double>() <= 0 || (!asked_seeds.is_null() && !asked_seeds.is_number_unsigned())) return;
  const std::size_t seeds = asked_seeds.is_null() ? 1 : asked_seeds.get<std::size_t>();
  if (seeds == 0) return;  // the schema says so
  if (seeds > 1 && wanted.get<double>() <= model::most_confidence(seeds)) return;
  std::size_t enough = 2;
  while (enough < 1000 && model::most_confidence(enough) < wanted.get<double>()) ++enough;
  found.push_back({"/policy/min_confidence", fmt::format("is {}, and {} show{} at most {:.3f}; {}", wanted.dump(), seeds == 1 ? "one seed" : fmt::format("{} seeds that all agree", seeds), seeds == 1 ? "s" : "",
                                                         seeds == 1 ? 0.0 : model::most_confidence(seeds),
                                                         enough == 1000 ? "ask for less" : fmt::format("give /solver/seeds {} or more, or ask for less", enough))});
}

// What the schema of a problem type says beside the problem: words of its own (x-...), which validators pass over.
std::vector<std::string> words_of(std::string_view problem_type, const char* list) { return json::parse(schema_text(problem_type))[list].get<std::vector<std::string>>(); }

std::string nearest_of(std::string_view wanted, const std::vector<std::string>& known) {
  const std::vector<std::string_view> names(known.begin(), known.end());
  const auto nearest = core::nearest_name(wanted, names);
  return nearest ? fmt::format(". Did you mean {}?", *nearest) : "";
}

// The part of `solver` that this problem type has no use for, and words of one method beside another.
void check_solver(const json& job, const std::string& type, std::vector<Violation>& found) {
  if (!job.contains("solver") || !job["solver"].is_object()) return;
  const json& solver = job["solver"];
  const std::vector<std::string> keys = words_of(type, "x-solver-keys"), methods = words_of(type, "x-methods");
  const json properties = json::parse(schema_text("job"))["properties"]["solver"]["properties"];
  for (const auto& [key, ignored] : solver.items())
    if (properties.contains(key) && std::ranges::find(keys, key) == keys.end()) found.push_back({"/solver/" + key, fmt::format("means nothing for {}; known are {}", type, fmt::join(keys, ", "))});
  if (methods.empty()) return;
  const std::string method = solver.contains("method") && solver["method"].is_string() ? solver["method"].get<std::string>() : methods.front();
  if (std::ranges::find(methods, method) == methods.end())
    return found.push_back({"/solver/method", fmt::format("is \"{}\"; give one of {}{}", method, fmt::join(methods, ", "), nearest_of(method, methods))});
  const auto only = [&](const char* key, const char* of) {
    if (solver.contains(key) && method != of && std::ranges::find(keys, key) != keys.end()) found.push_back({fmt::format("/solver/{}", key), fmt::format("belongs to the method {}, and this is {}; leave one of them out", of, method)});
  };
  only("depth", "qaoa");
  only("shots", "qaoa");
  for (const char* key : {"replicas", "ladder", "hybrid", "seeds"}) only(key, methods.front().c_str());
}

// A backtest is played: nothing is searched, served or given up.
void check_played(const json& job, const std::string& type, std::vector<Violation>& found) {
  if (!words_of(type, "x-methods").empty()) return;
  for (const char* key : {"budget_ms", "policy", "top_k", "best_known"})
    if (job.contains(key)) found.push_back({fmt::format("/{}", key), fmt::format("means nothing for a {}; leave it out", type)});
}

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

std::string parsed_text(const std::filesystem::path& file) {
  std::string text = core::read_text(file);
  parsed(file, text);
  return text;
}

bool is_job(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::string head(65536, '\0');
  stream.read(head.data(), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<std::size_t>(stream.gcount()));
  const auto first = head.find_first_not_of(" \t\r\n");
  if (first == std::string::npos || head[first] != '{') return false;
  return head.find("\"problem_type\"") != std::string::npos || head.find("\"schema_version\"") != std::string::npos;
}

Descriptor read_descriptor(const std::filesystem::path& file) {
  const json job = parsed(file, core::read_text(file));
  std::vector<Violation> found = violations("job", job);
  if (job.is_object()) {
    check_budget(job, found);
    check_confidence(job, found);
    const bool typed = job.contains("problem_type") && job["problem_type"].is_string() && std::ranges::none_of(found, [](const Violation& v) { return v.pointer == "/problem_type"; });
    if (typed) {
      check_solver(job, job["problem_type"].get<std::string>(), found);
      check_played(job, job["problem_type"].get<std::string>(), found);
    }
    if (typed && job.contains("problem") && job["problem"].is_object()) {
      const std::vector<Violation> inner = violations(job["problem_type"].get<std::string>(), job["problem"], "/problem");
      found.insert(found.end(), inner.begin(), inner.end());
    }
  }
  if (!found.empty()) throw core::UserError(as_text(file.string(), found));
  return taken(file, job);
}

}  // namespace tempera::descriptor
