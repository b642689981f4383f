#include "jobs/descriptor/qubo_constraints.hpp"

#include <fmt/format.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "jobs/descriptor/explain.hpp"
#include "solvers/core/error.hpp"

namespace tempera::descriptor {

namespace {
model::ConstraintSense sense_of(const std::string& word) {
  return word == "=" ? model::ConstraintSense::equal : word == "<=" ? model::ConstraintSense::at_most : model::ConstraintSense::at_least;
}

// Out of the range of a variable: refused later, where the number of variables is known.
std::int32_t variable(std::int64_t number, std::int32_t first_number) {
  const std::int64_t at = number - first_number;
  return at < 0 || at > std::numeric_limits<std::int32_t>::max() ? -1 : static_cast<std::int32_t>(at);
}
}  // namespace

std::vector<model::LinearConstraint> qubo_constraints(const Descriptor& job, std::int32_t first_number) {
  std::vector<model::LinearConstraint> constraints;
  std::vector<Violation> found;
  if (!job.problem->contains("constraints")) return constraints;
  for (const nlohmann::json& given : job.problem->at("constraints")) {
    const std::size_t k = constraints.size();
    model::LinearConstraint& c = constraints.emplace_back();
    c.name = fmt::format("/problem/constraints/{}", k);
    if (given.contains("name")) c.name += fmt::format(" ({})", given["name"].get<std::string>());
    c.sense = sense_of(given["sense"].get<std::string>());
    c.bound = given["bound"].get<std::int64_t>();
    for (const nlohmann::json& number : given["variables"]) c.members.push_back(variable(number.get<std::int64_t>(), first_number));
    c.coefficients = given.value("coefficients", std::vector<std::int64_t>(c.members.size(), 1));
    if (c.coefficients.size() != c.members.size())
      found.push_back({fmt::format("/problem/constraints/{}/coefficients", k), fmt::format("has {} numbers for {} variables; give one for each", c.coefficients.size(), c.members.size())});
  }
  if (!found.empty()) throw core::UserError(as_text(job.source.string(), found));
  return constraints;
}

}  // namespace tempera::descriptor
