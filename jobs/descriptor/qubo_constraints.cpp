#include "jobs/descriptor/qubo_constraints.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "jobs/descriptor/explain.hpp"
#include "jobs/descriptor/variable_ids.hpp"
#include "solvers/core/error.hpp"

namespace tempera::descriptor {

namespace {
model::ConstraintSense sense_of(const std::string& word) {
  return word == "=" ? model::ConstraintSense::equal : word == "<=" ? model::ConstraintSense::at_most : model::ConstraintSense::at_least;
}
}  // namespace

std::vector<model::LinearConstraint> qubo_constraints(const Descriptor& job, const model::QuboProblem& base) {
  std::vector<model::LinearConstraint> constraints;
  std::vector<Violation> found;
  if (!job.problem->contains("constraints")) return constraints;
  const VariableIds ids(base);
  for (const nlohmann::json& given : job.problem->at("constraints")) {
    const std::size_t k = constraints.size();
    model::LinearConstraint& c = constraints.emplace_back();
    c.name = fmt::format("/problem/constraints/{}", k);
    const auto add = [&](std::string where, std::string message) { found.push_back({fmt::format("/problem/constraints/{}/{}", k, where), std::move(message)}); };
    if (given.contains("name")) c.name += fmt::format(" ({})", given["name"].get<std::string>());
    c.sense = sense_of(given["sense"].get<std::string>());
    c.bound = given["bound"].get<std::int64_t>();
    for (const nlohmann::json& value : given["variables"]) {
      const std::string where = fmt::format("variables/{}", c.members.size());
      const auto id = id_text(value);
      const auto variable = id ? ids.find(*id) : std::nullopt;
      if (!id) add(where, fmt::format("is {}; give the id of a variable", shown(value)));
      else if (!variable) add(where, ids.absent(*id));
      c.members.push_back(variable.value_or(0));
    }
    c.coefficients = given.value("coefficients", std::vector<std::int64_t>(c.members.size(), 1));
    if (c.coefficients.size() != c.members.size()) add("coefficients", fmt::format("has {} numbers for {} variables; give one for each", c.coefficients.size(), c.members.size()));
  }
  if (!found.empty()) throw core::UserError(as_text(job.source.string(), found));
  return constraints;
}

}  // namespace tempera::descriptor
