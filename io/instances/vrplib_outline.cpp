#include "io/instances/vrplib_outline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "io/instances/text_scan.hpp"
#include "solvers/core/nearest_name.hpp"

namespace tempera::instances {

namespace {
// Everything this reader understands; "did you mean" chooses among these.
constexpr std::string_view known_names[] = {
    "NAME", "COMMENT", "TYPE", "DIMENSION", "CAPACITY", "EDGE_WEIGHT_TYPE", "EDGE_WEIGHT_FORMAT", "NODE_COORD_TYPE",
    "DISPLAY_DATA_TYPE", "SERVICE_TIME", "DISTANCE", "VEHICLES", "NODE_COORD_SECTION", "DEMAND_SECTION", "DEPOT_SECTION",
    "EDGE_WEIGHT_SECTION", "DISPLAY_DATA_SECTION", "EOF"};

// Names of the TSPLIB and VRPLIB family that change the problem in a way this reader has no field for.
constexpr std::pair<std::string_view, std::string_view> unsupported_names[] = {
    {"TIME_WINDOW_SECTION", "time windows"},
    {"SERVICE_TIME_SECTION", "service times per node"},
    {"STANDTIME_SECTION", "service times per node"},
    {"BACKHAUL_SECTION", "backhauls"},
    {"LINEHAUL_SECTION", "backhauls"},
    {"PICKUP_SECTION", "pickups"},
    {"PICKUP_AND_DELIVERY_SECTION", "pickups"},
    {"RELEASE_TIME_SECTION", "release times"},
    {"PRIZE_SECTION", "prizes"},
    {"MUTUALLY_EXCLUSIVE_GROUP_SECTION", "alternative customers"},
    {"VEHICLES_SPEED_SECTION", "vehicle speeds"},
    {"VEHICLES_DEPOT_SECTION", "several depots"},
    {"VEHICLES_MAX_DURATION", "limits per vehicle"},
    {"VEHICLES_MAX_DISTANCE", "limits per vehicle"},
    {"CAPACITY_VOL", "a second kind of load"},
    {"FIXED_EDGES_SECTION", "fixed edges"},
    {"EDGE_DATA_FORMAT", "graphs that are not complete"},
    {"EDGE_DATA_SECTION", "graphs that are not complete"},
    {"TOUR_SECTION", "tours"},
    {"NODE_TYPE_SECTION", "kinds of nodes"},
};

bool is_section(std::string_view name) { return name.ends_with("_SECTION"); }

// Section lines begin with a number; nan and inf count, so that the section can say what is wrong with them.
bool starts_with_number(std::string_view line) {
  const char first = line.front();
  if ((first >= '0' && first <= '9') || first == '-' || first == '+' || first == '.') return true;
  return to_number(next_word(line)).has_value();
}

class Outliner {
 public:
  Outliner(std::string_view text, std::string_view source) : text_(text), lines_(text) { out_.source = source; }

  VrplibOutline run() {
    while (lines_.next()) {
      out_.last_line = lines_.number();
      if (ended_at_ != 0)
        fail(fmt::format("{} stands after EOF (line {}). Remove it, or move EOF to the end.", shown(lines_.line()), ended_at_));
      if (starts_with_number(lines_.line())) number_line();
      else name_line();
    }
    close_section(text_.size());
    if (ended_at_ == 0 && !text_.empty() && text_.back() != '\n')
      fail(fmt::format("the file ends in the middle of line {} with neither a line end nor EOF. It may be cut short; add EOF if it is complete.",
                       out_.last_line));
    return std::move(out_);
  }

 private:
  [[noreturn]] void fail(std::string_view message) const { fail_at(out_.source, lines_.number(), message); }

  void number_line() const {
    if (open_.empty())
      fail(fmt::format("{} stands in no section. Put a section name such as NODE_COORD_SECTION before the numbers.", shown(lines_.line())));
  }

  void name_line() {
    const std::string_view line = lines_.line();
    const std::size_t end = std::min(line.find_first_of(": \t"), line.size());
    const std::string_view name = line.substr(0, end);
    const std::string_view rest = trimmed(line.substr(end));
    if (!std::ranges::count(known_names, name)) unknown(name);
    close_section(lines_.offset());
    if (name == "EOF") ended_at_ = lines_.number();
    else if (is_section(name)) section(name, rest);
    else key(name, rest);
  }

  [[noreturn]] void unknown(std::string_view name) const {
    for (const auto& [unsupported, meaning] : unsupported_names) {
      if (name != unsupported) continue;
      if (meaning == "time windows")
        fail(fmt::format("{} describes time windows, which are read from Solomon's format (R101.txt) and from job files (window_s), not from VRPLIB files.", name));
      fail(fmt::format("{} describes {}, which this reader does not support. Supported are CVRP and ACVRP files; remove it only if "
                         "the problem may be solved without.", name, meaning));
    }
    std::string message = fmt::format("unknown {} {}.", is_section(name) ? "section" : "key", shown(name));
    if (const auto nearest = core::nearest_name(name, known_names)) message += fmt::format(" Did you mean {}?", *nearest);
    else if (!open_.empty()) message += fmt::format(" Lines of {} start with a number.", open_);
    else message += fmt::format(" Known are {}.", fmt::join(known_names, ", "));
    fail(message);
  }

  void section(std::string_view name, std::string_view rest) {
    if (!rest.empty() && rest != ":") fail(fmt::format("{} is followed by {}. Put the numbers on the next line.", name, shown(rest)));
    const auto [place, added] = out_.sections.try_emplace(name, VrplibSection{.body = {}, .line = lines_.number()});
    if (!added) fail(fmt::format("{} stands here again; the first is on line {}. Keep one.", name, place->second.line));
    open_ = name;
    body_ = std::min(text_.find('\n', lines_.offset()), text_.size() - 1) + 1;
  }

  void close_section(std::size_t end) {
    if (open_.empty()) return;
    out_.sections[open_].body = text_.substr(body_, end - std::min(end, body_));
    open_ = {};
  }

  void key(std::string_view name, std::string_view rest) {
    if (!rest.starts_with(':')) fail(fmt::format("{} has no colon. Write '{} : value'.", name, name));
    const std::string_view value = trimmed(rest.substr(1));
    if (name == "COMMENT") return out_.comments.push_back(value);
    if (value.empty() && name != "NAME") fail(fmt::format("{} has no value. Write '{} : value'.", name, name));
    const auto [place, added] = out_.keys.try_emplace(name, VrplibEntry{value, lines_.number()});
    if (!added) fail(fmt::format("{} stands here again; the first is on line {}. Keep one.", name, place->second.line));
    if (name == "TYPE") check_type(value);
  }

  // At once, before a section of the other problem is called unknown.
  void check_type(std::string_view type) const {
    if (type == "CVRP" || type == "ACVRP") return;
    std::string why;
    if (type == "TSP" || type == "ATSP") why = " A travelling salesman problem has no demands and no capacity.";
    if (type == "VRPTW" || type == "CVRPTW") why = " Time windows are read from Solomon's format (R101.txt) and from job files (window_s).";
    if (type == "MDVRP") why = " Several depots are not supported.";
    fail(fmt::format("TYPE is {}. Supported are CVRP and ACVRP.{}", shown(type), why));
  }

  std::string_view text_;
  LineReader lines_;
  VrplibOutline out_;
  std::string_view open_;  ///< the section that is being read; empty among the keys
  std::size_t body_ = 0;   ///< where its body starts
  int ended_at_ = 0;       ///< line of EOF, 0 before it
};

template <class Map>
auto* find_in(const Map& map, std::string_view name) {
  const auto place = map.find(name);
  return place == map.end() ? nullptr : &place->second;
}
}  // namespace

const VrplibEntry* VrplibOutline::key(std::string_view name) const { return find_in(keys, name); }
const VrplibSection* VrplibOutline::section(std::string_view name) const { return find_in(sections, name); }

const VrplibEntry& VrplibOutline::required_key(std::string_view name, std::string_view advice) const {
  if (const VrplibEntry* found = key(name)) return *found;
  fail_at(source, last_line, fmt::format("{} is missing from the file. {}", name, advice));
}

const VrplibSection& VrplibOutline::required_section(std::string_view name, std::string_view advice) const {
  if (const VrplibSection* found = section(name)) return *found;
  fail_at(source, last_line, fmt::format("{} is missing from the file, which ends here. {}", name, advice));
}

VrplibOutline outline_vrplib(std::string_view text, std::string_view source) { return Outliner(text, source).run(); }

}  // namespace tempera::instances
