#include "io/instances/qubo_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "io/instances/bqm_json.hpp"
#include "io/instances/text_file.hpp"
#include "io/instances/text_scan.hpp"
#include "solvers/core/error.hpp"

namespace tempera::instances {

using model::QuboBuilder;
using model::Sense;

namespace {
constexpr std::int64_t most_variables = 100'000'000;

// What distinguishes the line formats.
struct Convention {
  std::string_view entry;            // of a line, for messages
  std::int64_t first = 0;            // number of the first variable
  bool diagonal = true;              // may i == j
  bool maximise = false;
};

struct Entry {
  std::int32_t i, j;
  double value;
};

class EntryReader {
 public:
  EntryReader(std::string_view source, const Convention& convention, std::int64_t variables)
      : source_(source), convention_(convention), last_(variables + convention.first - 1) {}

  Entry read(std::string_view line, int number) const {
    std::string_view rest = line;
    const std::string_view i = next_word(rest), j = next_word(rest), value = next_word(rest);
    if (value.empty() || !next_word(rest).empty())
      fail_at(source_, number, fmt::format("the line is {}. Give {}.", shown(line), convention_.entry));
    const Entry entry{index(i, number), index(j, number), coefficient(value, number)};
    if (entry.i == entry.j && !convention_.diagonal)
      fail_at(source_, number, fmt::format("a self loop at {}: an edge must join two different nodes. Remove the line.", shown(i)));
    return entry;
  }

  std::int32_t index(std::string_view word, int number) const {
    const auto value = to_whole(word);
    if (!value || *value < convention_.first || *value > last_)
      fail_at(source_, number, fmt::format("the index is {}. Give a whole number from {} to {}.", shown(word), convention_.first, last_));
    return static_cast<std::int32_t>(*value - convention_.first);
  }

  double coefficient(std::string_view word, int number) const {
    const auto value = to_number(word);
    if (!value) fail_at(source_, number, fmt::format("the coefficient is {}. Give a number.", shown(word)));
    if (!std::isfinite(*value)) fail_at(source_, number, fmt::format("the coefficient is {}, which is not finite. Give a finite number.", shown(word)));
    return *value;
  }

 private:
  std::string_view source_;
  Convention convention_;
  std::int64_t last_;
};

// "#@ one-hot 1 2 3" or "#@ exactly 2 4 5 6".
std::optional<model::QuboGroup> group_of(std::string_view line, int number, std::string_view source, const EntryReader& reader) {
  if (!line.starts_with("#@")) return std::nullopt;
  std::string_view rest = line.substr(2);
  model::QuboGroup group;
  const std::string_view kind = next_word(rest);
  if (kind == "exactly") {
    const std::string_view wanted = next_word(rest);
    const auto value = to_whole(wanted);
    if (!value || *value < 0 || *value > most_variables) fail_at(source, number, fmt::format("the size of a group is {}. Give a whole number.", shown(wanted)));
    group.wanted = static_cast<std::int32_t>(*value);
  } else if (kind != "one-hot") {
    fail_at(source, number, fmt::format("the group is of kind {}. Give '#@ one-hot i j …' or '#@ exactly K i j …'.", shown(kind)));
  }
  for (std::string_view word = next_word(rest); !word.empty(); word = next_word(rest)) group.members.push_back(reader.index(word, number));
  if (group.members.empty()) fail_at(source, number, "the group has no variables. Name them behind its kind.");
  return group;
}

bool is_comment(std::string_view line) { return line.front() == '#' || line == "c" || line.starts_with("c "); }

struct Heading {
  std::int64_t variables = 0;
  std::int64_t entries = 0;
};

std::int64_t count_word(std::string_view word, std::string_view what, std::int64_t most, int number, std::string_view source) {
  const auto value = to_whole(word);
  if (!value || *value < 0 || *value > most) fail_at(source, number, fmt::format("the number of {} is {}. Give a whole number up to {}.", what, shown(word), most));
  return *value;
}

// The first line that is no comment.
LineReader skip_comments(std::string_view text, std::string_view source) {
  LineReader lines(text);
  while (lines.next())
    if (!is_comment(lines.line())) return lines;
  fail_at(source, lines.number(), "the file holds comments only.");
}

model::QuboProblem finished(QuboBuilder& builder, Sense sense) {
  model::QuboProblem problem = builder.build(sense);
  if (builder.duplicates() > 0) problem.notes.push_back(fmt::format("{} couplings were given more than once; their values are added up", builder.duplicates()));
  if (!problem.exact)
    problem.notes.push_back(fmt::format("coefficients with more than six decimals: annealed on a grid of {:.3g}, the result is priced in double", problem.unit));
  return problem;
}

// "n m", then m lines: Gset and Beasley.
model::QuboProblem parse_counted(std::string_view text, std::string_view source, const Convention& convention) {
  LineReader lines = skip_comments(text, source);
  std::string_view rest = lines.line();
  const int heading_line = lines.number();
  const Heading heading{.variables = count_word(next_word(rest), "variables", most_variables, heading_line, source),
                        .entries = count_word(next_word(rest), "entries", std::int64_t{1} << 40, heading_line, source)};
  QuboBuilder builder(std::string(source), heading.variables);
  const EntryReader reader(source, convention, heading.variables);
  LineReader again(text);
  std::int64_t read = 0;
  while (again.next()) {
    if (auto group = group_of(again.line(), again.number(), source, reader)) builder.add_group(std::move(*group));
    if (is_comment(again.line()) || again.number() <= heading_line) continue;
    const Entry e = reader.read(again.line(), again.number());
    ++read;
    if (convention.diagonal) {
      builder.add(e.i, e.j, e.i == e.j ? e.value : 2 * e.value);
    } else {  // a cut edge counts w: w (x_i + x_j - 2 x_i x_j)
      builder.add(e.i, e.i, e.value);
      builder.add(e.j, e.j, e.value);
      builder.add(e.i, e.j, -2 * e.value);
    }
  }
  if (read != heading.entries)
    fail_at(source, heading_line, fmt::format("the heading counts {} entries, but {} lines follow. The file may be cut; else correct the heading.", heading.entries, read));
  model::QuboProblem problem = finished(builder, Sense::maximise);
  problem.first_number = 1;
  if (!convention.diagonal) problem.objective_unit = "cut weight";
  return problem;
}

// Lines of entries behind an optional heading, 0-based, minimised: qbsolv and COO.
model::QuboProblem parse_listed(std::string_view text, std::string_view source, int after_line, std::int64_t variables, bool spins) {
  const Convention convention{.entry = "two indices and a coefficient, 'i j q'"};
  const EntryReader reader(source, convention, variables);
  QuboBuilder builder(std::string(source), variables);
  LineReader lines(text);
  while (lines.next()) {
    if (auto group = group_of(lines.line(), lines.number(), source, reader)) builder.add_group(std::move(*group));
    if (is_comment(lines.line()) || lines.number() <= after_line) continue;
    const Entry e = reader.read(lines.line(), lines.number());
    if (!spins) builder.add(e.i, e.j, e.value);
    else if (e.i == e.j) builder.add_spin(e.i, e.value);
    else builder.add_spin(e.i, e.j, e.value);
  }
  return finished(builder, Sense::minimise);
}

model::QuboProblem parse_qbsolv(std::string_view text, std::string_view source) {
  LineReader lines = skip_comments(text, source);
  std::string_view rest = lines.line();
  next_word(rest), next_word(rest);  // "p qubo"
  const std::string_view topology = next_word(rest), variables = next_word(rest);
  if (topology != "0" && topology != "unconstrained")
    fail_at(source, lines.number(), fmt::format("the topology is {}. Only 0 (unconstrained) is supported.", shown(topology)));
  return parse_listed(text, source, lines.number(), count_word(variables, "variables", most_variables, lines.number(), source), false);
}

model::QuboProblem parse_coo(std::string_view text, std::string_view source) {
  const EntryReader any(source, {.entry = "two indices and a coefficient, 'i j q'"}, most_variables);
  std::int32_t largest = -1;
  bool spins = false;
  LineReader lines(text);
  while (lines.next()) {
    if (lines.line().starts_with('#')) spins = spins || lines.line().find("vartype=SPIN") != std::string_view::npos;
    if (is_comment(lines.line())) continue;
    const Entry e = any.read(lines.line(), lines.number());
    largest = std::max({largest, e.i, e.j});
  }
  return parse_listed(text, source, 0, std::int64_t{largest} + 1, spins);
}
}  // namespace

bool is_qubo_format(FileFormat format) {
  return format == FileFormat::gset || format == FileFormat::qubo || format == FileFormat::coo || format == FileFormat::bqm;
}

model::QuboProblem parse_qubo(std::string_view text, std::string_view source) {
  const Convention graph{.entry = "an edge, 'i j w'", .first = 1, .diagonal = false, .maximise = true};
  switch (recognise(text)) {
    case FileFormat::gset: return parse_counted(text, source, graph);
    case FileFormat::qubo:
      if (source.ends_with(".mc") || source.ends_with(".rud")) return parse_counted(text, source, graph);  // whose message names the self loop
      if (text.find("p qubo") != std::string_view::npos) return parse_qbsolv(text, source);
      return parse_counted(text, source, {.entry = "two indices and a coefficient, 'i j q'", .first = 1, .diagonal = true, .maximise = true});
    case FileFormat::coo: return parse_coo(text, source);
    case FileFormat::bqm: return parse_bqm(text, source);
    case FileFormat::gzip: throw core::UserError(fmt::format("{}: is compressed (gzip). Unpack it first: gunzip -k {}", source, source));
    default: throw core::UserError(fmt::format("{}: this looks like {}. Give a Gset, .qubo, COO or dimod BQM file.", source, description(recognise(text))));
  }
}

model::QuboProblem read_qubo(const std::filesystem::path& path) {
  model::QuboProblem problem = parse_qubo(read_text(path), path.string());
  problem.name = path.stem().string();
  return problem;
}

model::QapProblem parse_qaplib(std::string_view text, std::string_view source) {
  std::vector<std::int64_t> numbers;
  LineReader lines(text);
  std::optional<std::int64_t> size;
  while (lines.next()) {
    std::string_view rest = lines.line();
    for (std::string_view word = next_word(rest); !word.empty(); word = next_word(rest)) {
      const auto value = to_whole(word);
      if (!value) fail_at(source, lines.number(), fmt::format("the value is {}. Give whole numbers: n, then two n x n matrices.", shown(word)));
      if (size) numbers.push_back(*value);
      else if (*value < 1 || *value > 1000) fail_at(source, lines.number(), fmt::format("the size is {}. Give a whole number from 1 to 1000.", shown(word)));
      else size = *value;
    }
  }
  const auto cells = static_cast<std::size_t>(size.value_or(0) * size.value_or(0));
  if (numbers.size() != 2 * cells)
    fail_at(source, lines.number(), fmt::format("{} numbers follow the size {}, but two matrices have {}. The file may be cut.", numbers.size(), size.value_or(0), 2 * cells));
  const auto middle = numbers.begin() + static_cast<std::ptrdiff_t>(cells);
  double largest_flow = 0, largest_distance = 0;
  for (std::size_t k = 0; k < cells; ++k) {
    largest_flow += std::fabs(static_cast<double>(numbers[k]));
    largest_distance = std::max(largest_distance, std::fabs(static_cast<double>(numbers[cells + k])));
  }
  if (!(largest_flow * largest_distance < 0x1p60))
    throw core::UserError(fmt::format("{}: costs could reach {:.3g}, above 2^60: they would overflow. Divide the matrices by a common factor.", source, largest_flow * largest_distance));
  return {.name = {}, .size = static_cast<std::int32_t>(*size), .flow = {numbers.begin(), middle}, .distance = {middle, numbers.end()}};
}

model::QapProblem read_qaplib(const std::filesystem::path& path) {
  model::QapProblem problem = parse_qaplib(read_text(path), path.string());
  problem.name = path.stem().string();
  return problem;
}

}  // namespace tempera::instances
