#include "io/instances/vrplib_sections.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "io/instances/text_scan.hpp"
#include "solvers/core/nearest_name.hpp"

namespace tempera::instances {

using model::Load;
using model::Point;

namespace {
// Reads "node value ... value" lines and hands each on: every node once, every line complete.
class NodeLines {
 public:
  NodeLines(const VrplibOutline& outline, std::string_view name, std::string_view advice, int nodes)
      : source_(outline.source), name_(name), section_(outline.required_section(name, advice)), nodes_(nodes) {
    // A node needs two bytes at least; checked first, so that a wild DIMENSION reserves no memory.
    if (section_.body.size() / 2 < static_cast<std::size_t>(nodes))
      fail_at(source_, section_.line, fmt::format("{} is too short for DIMENSION {}. The file may be cut short, or DIMENSION wrong.", name, nodes));
    seen_at_.assign(static_cast<std::size_t>(nodes), 0);
  }

  /// `handle(node, words, line)` with the words after the node's number.
  template <std::size_t Values, class Handle>
  void each(std::string_view form, Handle handle) {
    LineReader lines(section_.body, section_.line + 1);
    int found = 0;
    std::array<std::string_view, Values> words;
    while (lines.next()) {
      std::string_view rest = lines.line();
      const std::string_view id = next_word(rest);
      for (std::string_view& word : words) word = next_word(rest);
      if (words.back().empty() || !trimmed(rest).empty())
        fail_at(source_, lines.number(), fmt::format("{} has the line {}, but each line is '{}'.", name_, shown(lines.line()), form));
      handle(node(id, lines.number()), words, lines.number());
      ++found;
    }
    complete(found);
  }

 private:
  int node(std::string_view word, int line) {
    const auto id = to_whole(word);
    if (!id || *id < 1 || *id > nodes_)
      fail_at(source_, line, fmt::format("{} has node {}, but nodes are numbered 1 to DIMENSION, {}.", name_, shown(word), nodes_));
    int& seen = seen_at_[static_cast<std::size_t>(*id - 1)];
    if (seen != 0) fail_at(source_, line, fmt::format("{} has node {} again; the first is on line {}. Keep one.", name_, *id, seen));
    seen = line;
    return static_cast<int>(*id - 1);
  }

  void complete(int found) const {
    if (found == nodes_) return;
    const auto absent = std::ranges::find(seen_at_, 0) - seen_at_.begin() + 1;
    fail_at(source_, section_.line,
            fmt::format("{} holds {} of DIMENSION {} nodes; node {} is absent. Add the missing lines; the file may be cut short.", name_, found,
                        nodes_, absent));
  }

  std::string_view source_;
  std::string_view name_;
  const VrplibSection& section_;
  int nodes_;
  std::vector<int> seen_at_;  ///< line of each node, 0 while absent
};

double coordinate(std::string_view source, std::string_view section, int node, std::string_view word, int line) {
  const auto value = to_number(word);
  if (!value || !std::isfinite(*value))
    fail_at(source, line, fmt::format("{}: coordinate of node {} is {}. Give a finite number.", section, node + 1, shown(word)));
  return *value;
}

void check_degrees(std::string_view source, int node, Point p, int line) {
  if (std::abs(p.x) <= 90 && std::abs(p.y) <= 180) return;
  fail_at(source, line, fmt::format("NODE_COORD_SECTION: node {} is at latitude {}, longitude {}. GEO coordinates are degrees (DDD.MM), latitude "
                                    "-90 to 90 first, then longitude -180 to 180.", node + 1, p.x, p.y));
}
}  // namespace

std::vector<Point> read_points(const VrplibOutline& outline, std::string_view section, int nodes, bool geographic) {
  NodeLines lines(outline, section, "Add one line 'node x y' for every node.", nodes);
  std::vector<Point> points(static_cast<std::size_t>(nodes));
  lines.each<2>("node x y", [&](int node, const auto& words, int line) {
    const Point p{coordinate(outline.source, section, node, words[0], line), coordinate(outline.source, section, node, words[1], line)};
    if (geographic) check_degrees(outline.source, node, p, line);
    points[static_cast<std::size_t>(node)] = p;
  });
  return points;
}

int read_depot(const VrplibOutline& outline, int nodes) {
  constexpr std::string_view advice = "Add the section with the depot's node and then -1.";
  const VrplibSection& section = outline.required_section("DEPOT_SECTION", advice);
  int depot = -1;
  bool closed = false;
  LineReader lines(section.body, section.line + 1);
  while (lines.next()) {
    std::string_view rest = lines.line();
    for (std::string_view word = next_word(rest); !word.empty(); word = next_word(rest)) {
      const auto fail = [&](std::string_view message) { fail_at(outline.source, lines.number(), message); };
      const auto id = to_whole(word);
      if (closed) fail(fmt::format("DEPOT_SECTION has {} after the closing -1. Remove it.", shown(word)));
      if (id == -1) {
        closed = true;
        continue;
      }
      if (!id || *id < 1 || *id > nodes)
        fail(fmt::format("DEPOT_SECTION has node {}, but nodes are numbered 1 to DIMENSION, {}.", shown(word), nodes));
      if (depot >= 0)
        fail(fmt::format("DEPOT_SECTION has a second depot, node {}, beside node {}. One depot is supported.", *id, depot + 1));
      depot = static_cast<int>(*id - 1);
    }
  }
  if (depot < 0) fail_at(outline.source, section.line, fmt::format("DEPOT_SECTION names no node. {}", advice));
  if (!closed) fail_at(outline.source, section.line, "DEPOT_SECTION is not closed by -1. Add it; the file may be cut short.");
  return depot;
}

std::vector<Load> read_demands(const VrplibOutline& outline, int nodes, int depot, Load capacity) {
  NodeLines lines(outline, "DEMAND_SECTION", "Add one line 'node demand' for every node, 0 for the depot.", nodes);
  std::vector<Load> demands(static_cast<std::size_t>(nodes));
  lines.each<1>("node demand", [&](int node, const auto& words, int line) {
    const auto fail = [&](std::string_view message) { fail_at(outline.source, line, message); };
    const auto demand = to_whole(words[0]);
    if (!demand)
      fail(fmt::format("DEMAND of node {} is {}. Give a whole number; scale all demands and CAPACITY alike if they are fractions.", node + 1,
                       shown(words[0])));
    if (*demand < 0) fail(fmt::format("DEMAND of node {} is {}. Give 0 or more.", node + 1, *demand));
    if (node == depot && *demand != 0) fail(fmt::format("DEMAND of the depot (node {}) is {}. It must be 0.", node + 1, *demand));
    if (*demand > capacity.value)
      fail(fmt::format("DEMAND of node {} is {}, above CAPACITY {}. Split the customer or give larger vehicles.", node + 1, *demand, capacity.value));
    demands[static_cast<std::size_t>(node)] = Load(*demand);
  });
  return demands;
}

namespace {
enum class Half { full, upper, lower };

struct MatrixForm {
  std::string_view name;
  Half half;
  bool diagonal;  ///< the diagonal is listed
};

// Columns of one half are the rows of the other half of a symmetric matrix.
constexpr MatrixForm matrix_forms[] = {
    {"FULL_MATRIX", Half::full, true},        {"UPPER_ROW", Half::upper, false},     {"LOWER_ROW", Half::lower, false},
    {"UPPER_DIAG_ROW", Half::upper, true},    {"LOWER_DIAG_ROW", Half::lower, true}, {"UPPER_COL", Half::lower, false},
    {"LOWER_COL", Half::upper, false},        {"UPPER_DIAG_COL", Half::lower, true}, {"LOWER_DIAG_COL", Half::upper, true}};

const MatrixForm& matrix_form(const VrplibOutline& outline, const VrplibEntry& format) {
  std::vector<std::string_view> names;
  for (const MatrixForm& form : matrix_forms) {
    if (form.name == format.value) return form;
    names.push_back(form.name);
  }
  if (format.value == "FUNCTION")
    fail_at(outline.source, format.line, "EDGE_WEIGHT_FORMAT is FUNCTION, but EDGE_WEIGHT_TYPE EXPLICIT lists the weights. Give the form of the matrix.");
  const auto nearest = core::nearest_name(format.value, names);
  fail_at(outline.source, format.line, fmt::format("EDGE_WEIGHT_FORMAT is {}.{} Supported are {}.", shown(format.value),
                                                   nearest ? fmt::format(" Did you mean {}?", *nearest) : "", fmt::join(names, ", ")));
}

std::size_t weights_in(const MatrixForm& form, std::size_t nodes) {
  if (form.half == Half::full) return nodes * nodes;
  return form.diagonal ? nodes * (nodes + 1) / 2 : nodes * (nodes - 1) / 2;
}

// All weights of the section in the order of the file.
std::vector<double> read_weights(const VrplibOutline& outline, const MatrixForm& form, std::size_t nodes) {
  const VrplibSection& section =
      outline.required_section("EDGE_WEIGHT_SECTION", fmt::format("Add the {} numbers of the {}.", weights_in(form, nodes), form.name));
  const std::size_t wanted = weights_in(form, nodes);
  std::vector<double> weights;
  weights.reserve(std::min(wanted, section.body.size() / 2 + 1));
  LineReader lines(section.body, section.line + 1);
  while (lines.next()) {
    std::string_view rest = lines.line();
    for (std::string_view word = next_word(rest); !word.empty(); word = next_word(rest)) {
      const auto value = to_number(word);
      if (!value || !std::isfinite(*value) || *value < 0)
        fail_at(outline.source, lines.number(), fmt::format("EDGE_WEIGHT number {} of the section is {}. Give a finite number, 0 or more.",
                                                            weights.size() + 1, shown(word)));
      if (weights.size() == wanted)
        fail_at(outline.source, lines.number(), fmt::format("EDGE_WEIGHT_SECTION has more numbers, from {} on, than the {} that {} with DIMENSION {} "
                                                            "needs. Check EDGE_WEIGHT_FORMAT and DIMENSION.", shown(word), wanted, form.name, nodes));
      weights.push_back(*value);
    }
  }
  if (weights.size() < wanted)
    fail_at(outline.source, section.line, fmt::format("EDGE_WEIGHT_SECTION has {} numbers, but {} with DIMENSION {} needs {}. Check "
                                                      "EDGE_WEIGHT_FORMAT and DIMENSION; the file may be cut short.",
                                                      weights.size(), form.name, nodes, wanted));
  return weights;
}
}  // namespace

std::vector<double> read_matrix(const VrplibOutline& outline, const VrplibEntry& format, int node_count) {
  const MatrixForm& form = matrix_form(outline, format);
  const auto nodes = static_cast<std::size_t>(node_count);
  std::vector<double> weights = read_weights(outline, form, nodes);
  std::vector<double> matrix;
  if (form.half == Half::full) {
    matrix = std::move(weights);
  } else {
    matrix.resize(nodes * nodes);
    auto next = weights.begin();
    const std::size_t gap = form.diagonal ? 0 : 1;
    for (std::size_t row = 0; row < nodes; ++row) {
      const std::size_t from = form.half == Half::upper ? row + gap : 0;
      const std::size_t to = form.half == Half::upper ? nodes : row + 1 - gap;
      for (std::size_t column = from; column < to; ++column) matrix[row * nodes + column] = matrix[column * nodes + row] = *next++;
    }
  }
  for (std::size_t node = 0; node < nodes; ++node) matrix[node * nodes + node] = 0;
  return matrix;
}

}  // namespace tempera::instances
