#include "io/instances/bqm_json.hpp"

#include <fmt/format.h>

#include <cmath>
#include <map>
#include <set>
#include <nlohmann/json.hpp>

#include "solvers/core/atomic_file.hpp"
#include "solvers/core/error.hpp"

namespace tempera::instances {

namespace {
using Json = nlohmann::json;
using core::UserError;

class BqmReader {
 public:
  BqmReader(std::string_view text, std::string_view source) : source_(source) {
    try {
      root_ = Json::parse(text);
    } catch (const Json::parse_error& error) {
      throw UserError(fmt::format("{}: not JSON: {}. The file may be cut.", source, error.what()));
    }
  }

  model::QuboProblem read() {
    const std::string type = text_at("variable_type");
    if (type != "SPIN" && type != "BINARY") refuse("/variable_type", type, "Give SPIN or BINARY.");
    spins_ = type == "SPIN";
    if (root_.value("use_bytes", false)) refuse("/use_bytes", "true", "Write the model with to_serializable(use_bytes=False).");
    return root_.contains("linear_terms") ? terms() : arrays();
  }

 private:
  [[noreturn]] void refuse(const std::string& where, const std::string& value, const std::string& advice) const {
    throw UserError(fmt::format("{}: {} is {}. {}", source_, where, value, advice));
  }

  const Json& at(const Json& object, const char* key, const std::string& where) const {
    const auto found = object.find(key);
    if (found == object.end()) throw UserError(fmt::format("{}: {}/{} is missing. Give a dimod BQM of schema 1.0.0, 2.0.0 or 3.0.0.", source_, where, key));
    return *found;
  }
  const Json& list(const char* key) const {
    const Json& value = at(root_, key, "");
    if (!value.is_array()) refuse(fmt::format("/{}", key), value.dump().substr(0, 40), "Give a list.");
    return value;
  }
  std::string text_at(const char* key) const {
    const Json& value = at(root_, key, "");
    return value.is_string() ? value.get<std::string>() : value.dump().substr(0, 40);
  }

  double number(const Json& value, const std::string& where) const {
    if (!value.is_number() || !std::isfinite(value.get<double>())) refuse(where, value.dump().substr(0, 40), "Give a finite number.");
    return value.get<double>();
  }
  static std::string label_text(const Json& label) { return label.is_string() ? label.get<std::string>() : label.dump(); }

  std::int32_t index(const Json& value, std::size_t variables, const std::string& where) const {
    if (!value.is_number_integer() || value.get<std::int64_t>() < 0 || value.get<std::int64_t>() >= static_cast<std::int64_t>(variables))
      refuse(where, value.dump().substr(0, 40), fmt::format("Give an index from 0 to {}.", static_cast<std::int64_t>(variables) - 1));
    return value.get<std::int32_t>();
  }

  void add(model::QuboBuilder& builder, std::int32_t i, double bias) const { spins_ ? builder.add_spin(i, bias) : builder.add(i, i, bias); }
  void add(model::QuboBuilder& builder, std::int32_t i, std::int32_t j, double bias, const std::string& where) const {
    if (i == j) refuse(where, fmt::format("variable {} with itself", i), "A coupling joins two variables; put its value into the linear biases.");
    spins_ ? builder.add_spin(i, j, bias) : builder.add(i, j, bias);
  }

  model::QuboProblem arrays() {
    const Json& linear = list("linear_biases");
    const Json& quadratic = list("quadratic_biases");
    const Json& head = list("quadratic_head");
    const Json& tail = list("quadratic_tail");
    if (head.size() != quadratic.size() || tail.size() != quadratic.size())
      refuse("/quadratic_head", fmt::format("{} long", head.size()), fmt::format("It must be as long as quadratic_tail ({}) and quadratic_biases ({}).", tail.size(), quadratic.size()));
    model::QuboBuilder builder(source_, static_cast<std::int64_t>(linear.size()));
    for (std::size_t k = 0; k < linear.size(); ++k) add(builder, static_cast<std::int32_t>(k), number(linear[k], fmt::format("/linear_biases/{}", k)));
    for (std::size_t k = 0; k < quadratic.size(); ++k)
      add(builder, index(head[k], linear.size(), fmt::format("/quadratic_head/{}", k)), index(tail[k], linear.size(), fmt::format("/quadratic_tail/{}", k)),
          number(quadratic[k], fmt::format("/quadratic_biases/{}", k)), fmt::format("/quadratic_head/{}", k));
    std::vector<std::string> labels;
    if (const auto names = root_.find("variable_labels"); names != root_.end() && names->is_array() && names->size() == linear.size())
      for (const Json& name : *names) labels.push_back(label_text(name));
    std::set<std::string> seen;
    for (std::size_t k = 0; k < labels.size(); ++k)
      if (!seen.insert(labels[k]).second) refuse(fmt::format("/variable_labels/{}", k), labels[k], "This label was there before.");
    return finish(builder, std::move(labels));
  }

  model::QuboProblem terms() {
    const Json& linear = list("linear_terms");
    std::map<std::string, std::int32_t> index_of;
    std::vector<std::string> labels;
    for (std::size_t k = 0; k < linear.size(); ++k) {
      labels.push_back(label_text(at(linear[k], "label", fmt::format("/linear_terms/{}", k))));
      if (!index_of.emplace(labels.back(), static_cast<std::int32_t>(k)).second) refuse(fmt::format("/linear_terms/{}/label", k), labels.back(), "This label was there before.");
    }
    model::QuboBuilder builder(source_, static_cast<std::int64_t>(linear.size()));
    for (std::size_t k = 0; k < linear.size(); ++k)
      add(builder, static_cast<std::int32_t>(k), number(at(linear[k], "bias", fmt::format("/linear_terms/{}", k)), fmt::format("/linear_terms/{}/bias", k)));
    const Json& quadratic = list("quadratic_terms");
    for (std::size_t k = 0; k < quadratic.size(); ++k) {
      const std::string where = fmt::format("/quadratic_terms/{}", k);
      const auto find = [&](const char* key) {
        const std::string label = label_text(at(quadratic[k], key, where));
        const auto found = index_of.find(label);
        if (found == index_of.end()) refuse(where + "/" + key, label, "It is not among the linear_terms.");
        return found->second;
      };
      add(builder, find("label_head"), find("label_tail"), number(at(quadratic[k], "bias", where), where + "/bias"), where);
    }
    return finish(builder, std::move(labels));
  }

  model::QuboProblem finish(model::QuboBuilder& builder, std::vector<std::string> labels) {
    if (root_.contains("offset")) builder.add_offset(number(root_["offset"], "/offset"));
    model::QuboProblem problem = builder.build(model::Sense::minimise);
    if (builder.duplicates() > 0) problem.notes.push_back(fmt::format("{} couplings were given more than once; their values are added up", builder.duplicates()));
    if (!problem.exact)
      problem.notes.push_back(fmt::format("coefficients with more than six decimals: annealed on a grid of {:.3g}, the result is priced in double", problem.unit));
    problem.labels = std::move(labels);
    return problem;
  }

  std::string source_;
  Json root_;
  bool spins_ = false;
};
}  // namespace

model::QuboProblem parse_bqm(std::string_view text, std::string_view source) { return BqmReader(text, source).read(); }

namespace {
// Calls linear(variable, bias) and coupling(i, j, bias), i > j, in the user's units, minimised.
template <class Linear, class Pair>
void for_biases(const model::QuboProblem& problem, Linear linear, Pair pair) {
  const double sign = problem.sense == model::Sense::maximise ? -1 : 1;
  for (std::int32_t i = 0; i < problem.variables(); ++i) {
    const auto k = static_cast<std::size_t>(i);
    linear(i, problem.exact ? static_cast<double>(problem.linear[k]) * problem.unit : sign * problem.real_linear[k]);
    for (auto at = static_cast<std::size_t>(problem.row_begin[k]); at < static_cast<std::size_t>(problem.row_begin[k + 1]); ++at)
      if (problem.column[at] < i) pair(i, problem.column[at], problem.exact ? static_cast<double>(problem.coupling[at]) * problem.unit : sign * problem.real_coupling[at]);
  }
}

Json label_of(const model::QuboProblem& problem, std::int32_t i) {
  if (problem.labels.empty()) return i + problem.first_number;
  return problem.labels[static_cast<std::size_t>(i)];
}
}  // namespace

void write_bqm(const model::QuboProblem& problem, const std::filesystem::path& path, int schema) {
  if (!problem.groups.empty()) throw UserError(fmt::format("{}: a dimod BQM cannot hold the {} groups of this problem.", path.string(), problem.groups.size()));
  TEMPERA_ASSERT(schema >= 1 && schema <= 3, fmt::format("BQM schema {}", schema));
  Json root = {{"type", "BinaryQuadraticModel"}, {"version", {{"bqm_schema", fmt::format("{}.0.0", schema)}}}, {"variable_type", "BINARY"},
               {"offset", (problem.sense == model::Sense::maximise ? -1 : 1) * problem.offset}, {"info", Json::object()}};
  if (schema == 1) {
    Json linear = Json::array(), quadratic = Json::array();
    for_biases(problem, [&](std::int32_t i, double bias) { linear.push_back({{"label", label_of(problem, i)}, {"bias", bias}}); },
               [&](std::int32_t i, std::int32_t j, double bias) { quadratic.push_back({{"label_head", label_of(problem, i)}, {"label_tail", label_of(problem, j)}, {"bias", bias}}); });
    root["linear_terms"] = std::move(linear);
    root["quadratic_terms"] = std::move(quadratic);
  } else {
    Json linear = Json::array(), quadratic = Json::array(), head = Json::array(), tail = Json::array(), labels = Json::array();
    for_biases(problem, [&](std::int32_t i, double bias) { linear.push_back(bias), labels.push_back(label_of(problem, i)); },
               [&](std::int32_t i, std::int32_t j, double bias) { quadratic.push_back(bias), head.push_back(i), tail.push_back(j); });
    root.update({{"use_bytes", false}, {"num_variables", problem.variables()}, {"num_interactions", quadratic.size()}});
    root["variable_labels"] = std::move(labels);
    root["linear_biases"] = std::move(linear);
    root["quadratic_biases"] = std::move(quadratic);
    root["quadratic_head"] = std::move(head);
    root["quadratic_tail"] = std::move(tail);
  }
  core::write_text_atomically(path, root.dump() + "\n");
}

}  // namespace tempera::instances
