#include "io/report/charts.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <nlohmann/json.hpp>

#include "solvers/core/error.hpp"

namespace tempera::report {

namespace {
using Json = nlohmann::ordered_json;

// As JSON within HTML: no "</script>" can arise from what users named.
std::string data_block(const Json& data) {
  std::string safe;
  for (const char c : data.dump(-1, ' ', false, Json::error_handler_t::replace)) {
    if (c == '<') safe += "\\u003c";
    else safe += c;
  }
  return fmt::format("<script type=\"application/json\">{}</script>", safe);
}

Json numbers_of(std::span<const Series> series, std::span<const Level> levels, std::string_view x_label) {
  Json data = {{"x", x_label}, {"series", Json::array()}, {"levels", Json::array()}};
  for (const Series& s : series) {
    if (s.points.empty()) continue;
    Json x = Json::array(), y = Json::array();
    for (const auto& [at, value] : s.points) x.push_back(at), y.push_back(value);
    data["series"].push_back({{"name", s.name}, {"x", std::move(x)}, {"y", std::move(y)}});
  }
  for (const Level& level : levels) data["levels"].push_back({{"name", level.name}, {"value", level.value}, {"class", level.css_class}});
  return data;
}

// 'sha256-...' as a Content-Security-Policy names what may run.
std::string source_hash(std::string_view text) {
  std::array<unsigned char, 32> digest{};
  unsigned int size = 0;
  TEMPERA_ASSERT(EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) == 1 && size == digest.size(), "OpenSSL gives no SHA-256");
  std::array<unsigned char, 45> base64{};  // and a zero
  EVP_EncodeBlock(base64.data(), digest.data(), static_cast<int>(digest.size()));
  return fmt::format("'sha256-{}'", reinterpret_cast<const char*>(base64.data()));
}
}  // namespace

std::string chart_library_name() {
  const std::string_view version = chart_texts().library_version;
  return version.empty() ? "static pictures" : fmt::format("uPlot {}", version);
}

std::string chart(std::span<const Series> series, std::span<const Level> levels, std::string_view x_label, std::string_view what) {
  const std::vector<Level> seen = levels_in_sight(series, levels);
  return fmt::format("<div class=\"plot\">{}{}<p class=\"hint\">Drag to zoom in, double-click to see all; a name in the legend hides its line.</p></div>",
                     staircases_chart(series, seen, x_label, what), data_block(numbers_of(series, seen, x_label)));
}

std::string page_script() {
  const ChartTexts texts = chart_texts();
  if (texts.library_version.empty()) return std::string(texts.own_script);
  return fmt::format("/*! uPlot {}\n{}*/\n{}\n{}", texts.library_version, texts.library_licence, texts.library_script, texts.own_script);
}

std::string page_policy(std::string_view style, std::string_view script) {
  return fmt::format("default-src 'none'; style-src {}; script-src {}", source_hash(style), source_hash(script));
}

}  // namespace tempera::report
