// The only file that includes valijson.
#include "jobs/descriptor/schema.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "jobs/descriptor/explain.hpp"
#include "solvers/core/error.hpp"

namespace tempera::descriptor {

namespace {
using Adapter = valijson::adapters::NlohmannJsonAdapter;

// The last thing valijson says about the deepest place: what stands above follows from it.
Violation deepest(const valijson::ValidationResults& results, const std::string& root) {
  Violation violation;
  std::size_t depth = 0;
  for (const valijson::ValidationResults::Error& error : results) {
    if (!violation.message.empty() && error.context.size() < depth) continue;
    depth = error.context.size();
    violation.pointer = root;
    for (std::size_t k = 1; k < error.context.size(); ++k) {  // [0] is "<root>"
      const std::string& step = error.context[k];             // "[key]"
      violation.pointer += "/" + step.substr(1, step.size() - 2);
    }
    violation.message = error.description;
  }
  return violation;
}
}  // namespace

std::vector<Violation> violations_of(const nlohmann::json& schema_json, const nlohmann::json& value, const std::string& root) {
  valijson::Schema schema;
  valijson::SchemaParser(valijson::SchemaParser::kDraft7).populateSchema(Adapter(schema_json), schema);
  valijson::Validator validator(valijson::Validator::kStrongTypes);
  valijson::ValidationResults results;
  if (validator.validate(schema, Adapter(value), &results)) return {};
  std::vector<Violation> found = explain(schema_json, value, root);
  if (found.empty()) found.push_back(deepest(results, root));
  return found;
}

std::vector<Violation> violations(std::string_view schema_name, const nlohmann::json& value, const std::string& root) {
  return violations_of(nlohmann::json::parse(schema_text(schema_name)), value, root);
}

}  // namespace tempera::descriptor
