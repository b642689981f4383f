// Answers of QUBO problems as text.
#include <fmt/format.h>

#include "io/instances/qubo_files.hpp"
#include "io/instances/text_file.hpp"
#include "io/instances/text_scan.hpp"
#include "solvers/core/atomic_file.hpp"
#include "solvers/core/error.hpp"

namespace tempera::instances {

void write_values(const std::filesystem::path& path, const model::QuboProblem& problem, std::span<const std::int32_t> values, double objective) {
  std::string text = fmt::format("# {}: {} {}\n", problem.name, problem.objective_unit, objective);
  for (std::size_t i = 0; i < values.size(); ++i) {
    fmt::format_to(std::back_inserter(text), "{} {}", static_cast<std::int64_t>(i) + problem.first_number, values[i]);
    if (!problem.labels.empty()) text += " # " + problem.labels[i];
    text += '\n';
  }
  core::write_text_atomically(path, text);
}

std::vector<std::int32_t> read_values(const std::filesystem::path& path, const model::QuboProblem& problem) {
  const std::string text = read_text(path), source = path.string();
  const auto n = static_cast<std::size_t>(problem.variables() - problem.slack_variables);
  std::vector<std::int32_t> values(n, -1);
  std::size_t next = 0;
  const auto put = [&](std::size_t at, std::string_view word, int line) {
    const auto value = to_whole(word);
    if (!value || *value < -1 || *value > 1) fail_at(source, line, fmt::format("the value is {}. Give 0 or 1, or -1 or 1 for spins.", shown(word)));
    if (at >= n) fail_at(source, line, fmt::format("a value beyond the {} variables of {}.", n, problem.name));
    if (values[at] >= 0) fail_at(source, line, fmt::format("variable {} has a second value.", static_cast<std::int64_t>(at) + problem.first_number));
    values[at] = *value == 1 ? 1 : 0;
    ++next;
  };
  LineReader lines(text);
  while (lines.next()) {
    std::string_view rest = lines.line().substr(0, lines.line().find('#'));
    std::vector<std::string_view> words;
    for (std::string_view word = next_word(rest); !word.empty(); word = next_word(rest)) words.push_back(word);
    if (words.size() == 2 && n != 2) {
      const auto number = to_whole(words[0]);
      if (!number || *number < problem.first_number || *number - problem.first_number >= static_cast<std::int64_t>(n))
        fail_at(source, lines.number(), fmt::format("the variable is {}. Give a number from {} to {}.", shown(words[0]), problem.first_number,
                                                    static_cast<std::int64_t>(n) + problem.first_number - 1));
      put(static_cast<std::size_t>(*number - problem.first_number), words[1], lines.number());
    } else {
      for (const std::string_view word : words) put(next, word, lines.number());
    }
  }
  if (next != n) fail_at(source, lines.number(), fmt::format("{} values for the {} variables of {}. Give one for each.", next, n, problem.name));
  return values;
}

}  // namespace tempera::instances
