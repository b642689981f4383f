#include "io/instances/solution_file.hpp"

#include <fmt/format.h>

#include <cmath>
#include <iterator>
#include <limits>

#include "io/instances/decimal.hpp"
#include "io/instances/format.hpp"
#include "io/instances/text_file.hpp"
#include "solvers/core/atomic_file.hpp"
#include "io/instances/text_scan.hpp"

namespace tempera::instances {

using model::Route;

namespace {
constexpr std::string_view advice = "Lines are 'Route #1: 3 5 8', one per route, and at the end 'Cost 27591'.";

class SolutionParser {
 public:
  SolutionParser(std::string_view text, std::string_view source) : source_(source), lines_(text) {}

  SolutionFile run() {
    while (lines_.next()) {
      std::string_view rest = lines_.line();
      const std::string_view word = next_word(rest);
      if (word == "Route" || word == "route") route(rest);
      else if (word == "Vehicle" || word == "vehicle") vehicle(rest);
      else if (word == "Cost" || word == "cost") cost(rest);
      else fail(fmt::format("{} is neither a route nor the cost. {}", shown(lines_.line()), advice));
    }
    if (!out_.vehicles.empty()) out_.vehicles.resize(out_.solution.routes.size());
    if (out_.solution.routes.empty() && cost_line_ == 0) fail(fmt::format("the file holds no route. {}", advice));  // a cost alone: nobody is served
    return std::move(out_);
  }

 private:
  [[noreturn]] void fail(std::string_view message) const { fail_at(source_, lines_.number(), message); }

  void route(std::string_view rest) {
    const std::size_t colon = rest.find(':');
    std::string_view label = trimmed(rest.substr(0, colon));
    if (label.starts_with('#')) label = trimmed(label.substr(1));
    if (colon == std::string_view::npos || !to_whole(label)) fail(fmt::format("route line {} has no 'Route #<number>:'. {}", shown(lines_.line()), advice));
    rest.remove_prefix(colon + 1);
    Route visits;
    for (std::string_view word = next_word(rest); !word.empty(); word = next_word(rest)) visits.push_back(customer(word, label));
    out_.solution.routes.push_back(std::move(visits));
  }

  void vehicle(std::string_view rest) {
    const std::size_t colon = rest.find(':');
    std::string_view label = trimmed(rest.substr(0, colon));
    if (label.starts_with('#')) label = trimmed(label.substr(1));
    const auto number = to_whole(label);
    if (colon == std::string_view::npos || !number || out_.solution.routes.empty() || *number != std::ssize(out_.solution.routes))
      fail(fmt::format("vehicle line {} does not name the vehicle of the route before it, as in 'Vehicle #1: van'.", shown(lines_.line())));
    out_.vehicles.resize(out_.solution.routes.size());
    out_.vehicles.back() = std::string(trimmed(rest.substr(colon + 1)));
  }

  std::int32_t customer(std::string_view word, std::string_view label) const {
    const auto number = to_whole(word);
    if (number == 0) fail(fmt::format("route #{} visits 0. The depot at both ends is implied; remove it.", label));
    if (!number || *number < 1 || *number > std::numeric_limits<std::int32_t>::max())
      fail(fmt::format("route #{} visits {}. Give customers as whole numbers, 1 and up.", label, shown(word)));
    return static_cast<std::int32_t>(*number);
  }

  void cost(std::string_view rest) {
    rest = trimmed(rest);
    if (rest.starts_with(':')) rest = trimmed(rest.substr(1));
    const auto value = to_number(rest);
    if (!value || !std::isfinite(*value) || *value < 0) fail(fmt::format("Cost is {}. Give a finite number, 0 or more.", shown(rest)));
    if (cost_line_ != 0) fail(fmt::format("Cost stands here again; the first is on line {}. Keep one solution in the file.", cost_line_));
    cost_line_ = lines_.number();
    out_.cost = value;
  }

  std::string_view source_;
  LineReader lines_;
  SolutionFile out_;
  int cost_line_ = 0;
};
}  // namespace

SolutionFile parse_solution(std::string_view text, std::string_view source) {
  const FileFormat format = recognise(text);
  if (format != FileFormat::cvrplib_solution && format != FileFormat::unknown)
    fail_at(source, 1, fmt::format("the file looks like {}, not like a solution. {}", description(format), advice));
  return SolutionParser(text, source).run();
}

SolutionFile read_solution(const std::filesystem::path& path) { return parse_solution(read_text(path), path.string()); }

std::string solution_text(const model::RoutingSolution& solution, core::Cost cost, model::Rounding rounding) {
  std::string text;
  const auto out = std::back_inserter(text);
  int number = 0;
  for (const Route& route : solution.routes)
    if (!route.empty()) fmt::format_to(out, "Route #{}: {}\n", ++number, fmt::join(route, " "));
  fmt::format_to(out, "Cost {}\n", in_user_units(cost.value, rounding));
  return text;
}

std::string fleet_solution_text(const model::RoutingSolution& solution, std::span<const std::string> vehicles, std::string_view cost) {
  std::string text;
  const auto out = std::back_inserter(text);
  int number = 0;
  for (std::size_t r = 0; r < solution.routes.size(); ++r) {
    if (solution.routes[r].empty()) continue;
    ++number;
    fmt::format_to(out, "Route #{}: {}\nVehicle #{}: {}\n", number, fmt::join(solution.routes[r], " "), number, vehicles[static_cast<std::size_t>(solution.vehicle(r))]);
  }
  fmt::format_to(out, "Cost {}\n", cost);
  return text;
}

void write_solution(const std::filesystem::path& path, const model::RoutingSolution& solution, core::Cost cost, model::Rounding rounding) {
  core::write_text_atomically(path, solution_text(solution, cost, rounding));
}

}  // namespace tempera::instances
