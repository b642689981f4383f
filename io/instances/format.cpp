#include "io/instances/format.hpp"

#include <algorithm>
#include <vector>

#include "io/instances/text_file.hpp"
#include "io/instances/text_scan.hpp"

namespace tempera::instances {

namespace {
constexpr std::size_t looked_at = 65536;

bool is_vrplib_name(std::string_view name) {
  constexpr std::string_view names[] = {"NAME", "COMMENT", "TYPE", "DIMENSION", "CAPACITY", "EDGE_WEIGHT_TYPE", "EDGE_WEIGHT_FORMAT",
                                        "NODE_COORD_TYPE", "DISPLAY_DATA_TYPE", "SERVICE_TIME", "DISTANCE", "VEHICLES"};
  return std::ranges::count(names, name) != 0 || name.ends_with("_SECTION");
}

// The first lines as numbers; a line with a word that is none ends the list unless it is a comment (#, c).
std::vector<std::vector<double>> leading_number_lines(std::string_view text, bool complete) {
  std::vector<std::vector<double>> lines;
  LineReader reader(text);
  while (reader.next()) {
    std::string_view rest = reader.line();
    if (rest.front() == '#' || rest.starts_with("c ")) continue;
    std::vector<double> numbers;
    for (std::string_view word = next_word(rest); !word.empty(); word = next_word(rest)) {
      const auto value = to_number(word);
      if (!value) return lines;
      numbers.push_back(*value);
    }
    lines.push_back(std::move(numbers));
  }
  if (!complete && !lines.empty()) lines.pop_back();  // may be cut in the middle
  return lines;
}

// Told apart by how many numbers the lines hold, and by the diagonal, which a graph never has.
FileFormat recognise_numbers(const std::vector<std::vector<double>>& lines) {
  if (lines.size() == 1 && lines[0].size() == 3) return FileFormat::coo;
  if (lines.size() < 2) return FileFormat::unknown;
  const auto all_of_size = [&](std::size_t from, std::size_t size) {
    return std::ranges::all_of(lines.begin() + static_cast<std::ptrdiff_t>(from), lines.end(), [&](const auto& line) { return line.size() == size; });
  };
  if (lines[0].size() == 1) return FileFormat::qaplib;
  if (lines[0].size() == 3) return all_of_size(0, 3) ? FileFormat::coo : FileFormat::unknown;
  if (lines[0].size() != 2) return FileFormat::unknown;
  if (all_of_size(1, 3) && lines.size() - 1 <= lines[0][1]) {
    const bool diagonal = std::ranges::any_of(lines.begin() + 1, lines.end(), [](const auto& line) { return line[0] == line[1]; });
    return diagonal ? FileFormat::qubo : FileFormat::gset;
  }
  // "n a", n stages of three numbers, then a arcs of two.
  if (!(lines[0][0] >= 1)) return FileFormat::unknown;
  const auto stages = static_cast<std::ptrdiff_t>(std::min(static_cast<double>(lines.size() - 1), lines[0][0]));
  const bool stage_lines = std::all_of(lines.begin() + 1, lines.begin() + 1 + stages, [](const auto& line) { return line.size() == 3; });
  const bool arc_lines = std::all_of(lines.begin() + 1 + stages, lines.end(), [](const auto& line) { return line.size() == 2; });
  return stage_lines && arc_lines ? FileFormat::network_txt : FileFormat::unknown;
}

bool is_binary(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return c == '\0' || (static_cast<unsigned char>(c) < 9) || c == '\x7F'; });
}

bool is_bqm(std::string_view text) {
  const auto has = [&](std::string_view key) { return text.find(key) != std::string_view::npos; };
  return trimmed(text.substr(0, 64)).starts_with('{') && has("\"variable_type\"") && (has("\"linear_biases\"") || has("\"linear_terms\""));
}

FileFormat recognise_words(std::string_view text) {
  LineReader lines(text);
  if (!lines.next()) return FileFormat::empty;
  const std::string_view first = lines.line();
  const std::string_view name = first.substr(0, first.find_first_of(": \t"));
  if (is_vrplib_name(name)) return FileFormat::vrplib;
  if (is_binary(text)) return FileFormat::binary;
  if (first.front() == '{' || first.front() == '[') return FileFormat::json;
  if (name == "Route" || name == "route") return FileFormat::cvrplib_solution;
  if (first.starts_with("p qubo")) return FileFormat::qubo;
  if (first.starts_with("stage_id,")) return FileFormat::network_csv;
  if (lines.next() && lines.line() == "VEHICLE") return FileFormat::solomon;
  return FileFormat::unknown;
}
}  // namespace

FileFormat recognise(std::string_view text) {
  if (text.starts_with("\x89HDF\r\n\x1A\n")) return FileFormat::hdf5;
  if (text.starts_with("\x1F\x8B")) return FileFormat::gzip;
  if (is_bqm(text)) return FileFormat::bqm;
  const bool complete = text.size() <= looked_at;
  text = text.substr(0, looked_at);
  const FileFormat words = recognise_words(text);
  if (words != FileFormat::unknown) return words;
  const auto numbers = leading_number_lines(text, complete);
  if (!numbers.empty()) return recognise_numbers(numbers);
  LineReader lines(text);  // qbsolv: comment lines "c ...", then "p qubo"
  while (lines.next())
    if (lines.line().starts_with("p qubo")) return FileFormat::qubo;
  return FileFormat::unknown;
}

FileFormat recognise_file(const std::filesystem::path& path) { return recognise(read_text(path)); }

std::string_view description(FileFormat format) {
  switch (format) {
    case FileFormat::empty: return "an empty file";
    case FileFormat::vrplib: return "a VRPLIB problem (.vrp)";
    case FileFormat::cvrplib_solution: return "a CVRPLIB solution (.sol)";
    case FileFormat::solomon: return "a Solomon problem with time windows (VRPTW)";
    case FileFormat::gset: return "a Gset graph (Max-Cut)";
    case FileFormat::qubo: return "a QUBO file (.qubo)";
    case FileFormat::coo: return "a list of matrix entries 'i j w' (COO)";
    case FileFormat::network_txt: return "an inventory network (.txt)";
    case FileFormat::network_csv: return "an inventory network (comma-separated stages)";
    case FileFormat::qaplib: return "a QAPLIB problem (.dat)";
    case FileFormat::bqm: return "a dimod binary quadratic model (JSON)";
    case FileFormat::json: return "a JSON file";
    case FileFormat::hdf5: return "an HDF5 file";
    case FileFormat::gzip: return "a gzip-compressed file";
    case FileFormat::binary: return "binary data";
    case FileFormat::unknown: return "a file of unknown format";
  }
  return "";
}

}  // namespace tempera::instances
