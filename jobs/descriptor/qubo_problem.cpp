#include "jobs/descriptor/qubo_problem.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <unordered_map>

#include "jobs/descriptor/explain.hpp"
#include "jobs/descriptor/variable_ids.hpp"
#include "solvers/core/error.hpp"

namespace tempera::descriptor {

namespace {
using nlohmann::json;
constexpr std::int32_t most_variables = 1'000'000;

class InlineQubo {
 public:
  explicit InlineQubo(const Descriptor& job) : job_(job), given_(*job.problem) {}

  model::QuboProblem read() {
    take_variables();
    if (!given_.contains("linear") && !given_.contains("quadratic")) add("/problem/linear", "is missing, and so is quadratic; give one of them");
    if (given_.contains("linear")) take_linear();
    if (given_.contains("quadratic")) take_quadratic();
    if (!found_.empty()) throw core::UserError(as_text(job_.source.string(), found_));
    return built();
  }

 private:
  struct Coupling {
    std::int32_t first, second;
    double bias;
  };

  void add(std::string pointer, std::string message) { found_.push_back({std::move(pointer), std::move(message)}); }

  void take_variables() {
    const json& variables = given_["variables"];
    if (variables.is_number_integer()) {  // from 1 up, says the schema
      ids_ = VariableIds(static_cast<std::int32_t>(std::min<std::int64_t>(variables.get<std::int64_t>(), most_variables)));
      return;
    }
    if (!variables.is_array()) return add("/problem/variables", fmt::format("is {}; give a list of ids, or how many variables there are", shown(variables)));
    for (std::size_t k = 0; k < variables.size(); ++k) {
      const std::string at = fmt::format("/problem/variables/{}", k);
      const auto id = id_text(variables[k]);
      if (!id) add(at, fmt::format("is {}; give an id: a text of up to 200 bytes without control characters, or a whole number", shown(variables[k])));
      else if (!ids_.add(*id)) add(at, fmt::format("is '{}', which stands here already; give each its own", *id));
      else labels_.push_back(*id);
    }
  }

  void take_linear() {
    for (const auto& [id, bias] : given_["linear"].items()) {
      const auto variable = ids_.find(id);
      if (variable) linear_.emplace_back(*variable, bias.get<double>());
      else add("/problem/linear/" + escaped(id), ids_.absent(id));
    }
  }

  void take_quadratic() {
    std::unordered_map<std::uint64_t, std::size_t> seen;
    for (std::size_t k = 0; k < given_["quadratic"].size(); ++k) {
      const json& entry = given_["quadratic"][k];
      const std::string at = fmt::format("/problem/quadratic/{}", k);
      const auto first = variable(entry[0], at + "/0"), second = variable(entry[1], at + "/1");
      if (!entry[2].is_number()) add(at + "/2", fmt::format("is {}; give a number", shown(entry[2])));
      if (!first || !second) continue;
      if (*first == *second) {
        add(at, fmt::format("couples {} with itself; put its value into linear", shown(entry[0])));
        continue;
      }
      const auto [low, high] = std::minmax(*first, *second);
      const auto [there, is_new] = seen.emplace(static_cast<std::uint64_t>(low) << 32 | static_cast<std::uint32_t>(high), k);
      if (!is_new) add(at, fmt::format("couples {} and {}, as /problem/quadratic/{} does; add their values up", shown(entry[0]), shown(entry[1]), there->second));
      if (entry[2].is_number()) couplings_.push_back({low, high, entry[2].get<double>()});
    }
  }

  std::optional<std::int32_t> variable(const json& value, const std::string& at) {
    const auto id = id_text(value);
    if (!id) {
      add(at, fmt::format("is {}; give the id of a variable", shown(value)));
      return std::nullopt;
    }
    const auto found = ids_.find(*id);
    if (!found) add(at, ids_.absent(*id));
    return found;
  }

  model::QuboProblem built() {
    model::QuboBuilder builder(job_.source.string(), ids_.size());
    const bool spins = given_.value("vartype", "BINARY") == "SPIN";
    for (const auto& [variable, bias] : linear_) spins ? builder.add_spin(variable, bias) : builder.add(variable, variable, bias);
    for (const Coupling& c : couplings_) spins ? builder.add_spin(c.first, c.second, c.bias) : builder.add(c.first, c.second, c.bias);
    builder.add_offset(given_.value("offset", 0.0));
    model::QuboProblem problem = builder.build(given_.value("sense", "minimise") == "maximise" ? model::Sense::maximise : model::Sense::minimise);
    problem.name = given_.value("name", job_.job_id.empty() ? job_.source.stem().string() : job_.job_id);
    problem.labels = std::move(labels_);
    if (!problem.exact) problem.notes.push_back(fmt::format("coefficients with more than six decimals: annealed on a grid of {:.3g}, the result is priced in double", problem.unit));
    return problem;
  }

  const Descriptor& job_;
  const json& given_;
  VariableIds ids_;
  std::vector<std::string> labels_;
  std::vector<std::pair<std::int32_t, double>> linear_;
  std::vector<Coupling> couplings_;
  std::vector<Violation> found_;
};
}  // namespace

bool is_inline_qubo(const Descriptor& job) {
  std::vector<Violation> found;
  const json& given = *job.problem;
  const bool has_file = given.contains("file");
  if (!has_file && !given.contains("variables")) found.push_back({"/problem/file", "is missing; name one, or give variables, linear and quadratic here"});
  for (const char* key : {"name", "variables", "linear", "quadratic", "offset", "vartype", "sense"})
    if (has_file && given.contains(key)) found.push_back({fmt::format("/problem/{}", key), "stands beside file, which says it itself; leave one of them out"});
  if (!found.empty()) throw core::UserError(as_text(job.source.string(), found));
  return !has_file;
}

model::QuboProblem qubo_problem(const Descriptor& job) { return InlineQubo(job).read(); }

}  // namespace tempera::descriptor
