#include "jobs/descriptor/explain.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>

#include "solvers/core/nearest_name.hpp"

namespace tempera::descriptor {

namespace {
using nlohmann::json;

std::string type_of(const json& value) {
  if (value.is_number_integer()) return "integer";
  return value.is_number() ? "number" : value.type_name();
}

bool has_type(const json& value, std::string_view wanted) {
  if (wanted == "number") return value.is_number();
  if (wanted == "integer") return value.is_number_integer() || (value.is_number_float() && value.get<double>() == static_cast<double>(static_cast<std::int64_t>(value.get<double>())));
  return value.type_name() == wanted;
}

std::string article(std::string_view type) { return fmt::format("{} {}", type == "integer" || type == "object" || type == "array" ? "an" : "a", type); }

std::string range(const json& schema) {
  if (schema.contains("minimum") && schema.contains("maximum")) return fmt::format("give {} to {}", schema["minimum"].dump(), schema["maximum"].dump());
  if (schema.contains("minimum") && schema.contains("exclusiveMaximum")) return fmt::format("give {} or more, below {}", schema["minimum"].dump(), schema["exclusiveMaximum"].dump());
  if (schema.contains("minimum")) return fmt::format("give {} or more", schema["minimum"].dump());
  if (schema.contains("exclusiveMinimum") && schema.contains("exclusiveMaximum"))
    return fmt::format("give a number above {} and below {}", schema["exclusiveMinimum"].dump(), schema["exclusiveMaximum"].dump());
  if (schema.contains("exclusiveMinimum") && schema.contains("maximum")) return fmt::format("give more than {}, {} at most", schema["exclusiveMinimum"].dump(), schema["maximum"].dump());
  if (schema.contains("exclusiveMinimum")) return fmt::format("give more than {}", schema["exclusiveMinimum"].dump());
  return fmt::format("give {} at most", schema["maximum"].dump());
}

bool outside(const json& schema, double value) {
  return (schema.contains("minimum") && value < schema["minimum"].get<double>()) || (schema.contains("maximum") && value > schema["maximum"].get<double>()) ||
         (schema.contains("exclusiveMinimum") && value <= schema["exclusiveMinimum"].get<double>()) ||
         (schema.contains("exclusiveMaximum") && value >= schema["exclusiveMaximum"].get<double>());
}

std::string list_of(const json& values) {
  std::vector<std::string> words;
  for (const json& value : values) words.push_back(value.is_string() ? value.get<std::string>() : value.dump());
  return fmt::format("{}", fmt::join(words, ", "));
}

std::string meant(std::string_view wanted, const std::vector<std::string>& known) {
  const std::vector<std::string_view> names(known.begin(), known.end());
  const auto nearest = core::nearest_name(wanted, names);
  return nearest ? fmt::format(" Did you mean {}?", *nearest) : "";
}

class Walk {
 public:
  std::vector<Violation> found;

  void visit(const json& schema, const json& value, const std::string& at) {
    if (schema.contains("type") && !has_type(value, schema["type"].get<std::string>()))
      return add(at, "is {}, {}; give {}", article(type_of(value)), shown(value), article(schema["type"].get<std::string>()));
    if (schema.contains("const") && value != schema["const"]) return add(at, "is {}; this version of tempera reads {}", shown(value), schema["const"].dump());
    if (schema.contains("enum")) return choice(schema, value, at);
    if (value.is_number() && outside(schema, value.get<double>())) return add(at, "is {}; {}", shown(value), range(schema));
    if (value.is_string()) text(schema, value.get<std::string>(), at);
    if (value.is_array()) array(schema, value, at);
    if (value.is_object()) object(schema, value, at);
  }

 private:
  template <class... Args>
  void add(const std::string& at, fmt::format_string<Args...> form, Args&&... args) {
    found.push_back({at, fmt::format(form, std::forward<Args>(args)...)});
  }

  void choice(const json& schema, const json& value, const std::string& at) {
    for (const json& allowed : schema["enum"])
      if (allowed == value) return;
    std::vector<std::string> known;
    for (const json& allowed : schema["enum"]) known.push_back(allowed.get<std::string>());
    add(at, "is {}; give one of {}.{}", shown(value), list_of(schema["enum"]), value.is_string() ? meant(value.get<std::string>(), known) : "");
  }

  void text(const json& schema, const std::string& value, const std::string& at) {
    if (schema.contains("minLength") && value.size() < schema["minLength"].get<std::size_t>()) add(at, "is empty; give at least {} character", schema["minLength"].dump());
    if (schema.contains("maxLength") && value.size() > schema["maxLength"].get<std::size_t>()) add(at, "has {} characters; give {} at most", value.size(), schema["maxLength"].dump());
  }

  void array(const json& schema, const json& value, const std::string& at) {
    if (schema.contains("minItems") && value.size() < schema["minItems"].get<std::size_t>()) add(at, "has {} entries; give at least {}", value.size(), schema["minItems"].dump());
    if (schema.contains("maxItems") && value.size() > schema["maxItems"].get<std::size_t>()) add(at, "has {} entries; give {} at most", value.size(), schema["maxItems"].dump());
    if (!schema.contains("items")) return;
    for (std::size_t k = 0; k < value.size(); ++k) visit(schema["items"], value[k], fmt::format("{}/{}", at, k));
  }

  void object(const json& schema, const json& value, const std::string& at) {
    const json properties = schema.value("properties", json::object());
    std::vector<std::string> known;
    for (const auto& [key, ignored] : properties.items()) known.push_back(key);
    for (const json& key : schema.value("required", json::array()))
      if (!value.contains(key.get<std::string>())) add(at + "/" + escaped(key.get<std::string>()), "is missing{}", hint(properties, key.get<std::string>()));
    for (const auto& [key, member] : value.items()) {
      const std::string where = at + "/" + escaped(key);
      if (properties.contains(key)) visit(properties[key], member, where);
      else if (const json others = schema.value("additionalProperties", json(true)); others.is_object()) visit(others, member, where);
      else if (others == json(false)) add(where, "is not a known key; known are {}.{}", fmt::join(known, ", "), meant(key, known));
    }
  }

  static std::string hint(const json& properties, const std::string& key) {
    const json& schema = properties.at(key);
    if (schema.contains("const")) return "; give " + schema["const"].dump();
    if (schema.contains("enum")) return "; give one of " + list_of(schema["enum"]);
    return schema.contains("type") ? "; give " + article(schema["type"].get<std::string>()) : "";
  }
};
}  // namespace

std::vector<Violation> explain(const json& schema, const json& value, const std::string& pointer) {
  Walk walk;
  walk.visit(schema, value, pointer);
  return walk.found;
}

std::string escaped(std::string_view key) {
  std::string text;
  for (const char c : key) text += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
  return text;
}

std::string shown(const json& value) {
  std::string text = value.dump(-1, ' ', true, json::error_handler_t::replace);
  if (text.size() > 40) text = text.substr(0, 37) + "...";
  return text;
}

std::string as_text(const std::string& source, const std::vector<Violation>& violations, std::size_t most) {
  const auto line = [](const Violation& v) { return fmt::format("{} {}{}", v.pointer.empty() ? "the file" : v.pointer, v.message, v.message.ends_with('?') || v.message.ends_with('.') ? "" : "."); };
  if (violations.size() == 1) return fmt::format("{}: {}", source, line(violations.front()));
  std::string text = fmt::format("{}: {} mistakes", source, violations.size());
  for (std::size_t k = 0; k < std::min(most, violations.size()); ++k) text += "\n  " + line(violations[k]);
  if (violations.size() > most) text += fmt::format("\n  ... and {} more", violations.size() - most);
  return text;
}

}  // namespace tempera::descriptor
