#include "jobs/app/command_line.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "jobs/app/command_table.hpp"
#include "jobs/app/help_texts.hpp"
#include "solvers/core/error.hpp"
#include "solvers/core/nearest_name.hpp"

namespace tempera::app {

namespace {
using core::UserError;

// The parser, and its messages in the words of this program.
class Line {
 public:
  Line() : app_("", "tempera"), table_(app_) {
    app_.require_subcommand(1);
    app_.set_version_flag("--version", "tempera " TEMPERA_VERSION);
    add_run_commands(table_, more_words_);
    add_file_commands(table_);
    add_quantum_commands(table_);
  }

  ParsedLine parse(int count, const char* const* values) {
    if (count < 2) throw UserError("No command given. Try: tempera solve FILE --budget 60, or tempera --help.");
    std::vector<std::string> words(values + 1, values + count);
    if (words.front() == "help") {  // tempera help solve
      words.erase(words.begin());
      words.push_back("--help");
    }
    refuse_unknown_command(words.front());
    if (const auto dashes = std::ranges::find(words, "--"); words.front() == "submit" && dashes != words.end()) {  // options of the submitted command, not ours
      more_words_.assign(dashes + 1, words.end());
      words.erase(dashes, words.end());
    }
    std::ranges::reverse(words);  // as CLI11 takes them
    try {
      app_.parse(words);
    } catch (const CLI::CallForHelp&) {
      return {.command = {}, .text = help_text()};
    } catch (const CLI::CallForVersion&) {
      return {.command = {}, .text = "tempera " TEMPERA_VERSION "\n"};
    } catch (const CLI::ParseError& error) {
      throw UserError(explain(error));
    }
    return {.command = table_.command(*chosen()), .text = {}, .output = table_.output_mode()};
  }

 private:
  // Examples stand first: most who ask for help want a line to copy.
  std::string help_text() {
    const CLI::App* sub = chosen();
    return fmt::format("{}\n\n{}", sub == &app_ ? top_help : table_.examples(*sub), sub == &app_ ? sub->help() : sub->help("tempera"));
  }

  CLI::App* chosen() {
    const auto subs = app_.get_subcommands();
    return subs.empty() ? &app_ : subs.front();
  }

  void refuse_unknown_command(std::string_view word) {
    if (word.starts_with("-")) return;
    std::vector<std::string> commands;
    for (const CLI::App* sub : app_.get_subcommands({})) commands.push_back(sub->get_name());
    if (std::ranges::find(commands, word) != commands.end()) return;
    const std::vector<std::string_view> views(commands.begin(), commands.end());
    const auto nearest = core::nearest_name(word, views);
    throw UserError(fmt::format("There is no command '{}'. {}Commands: {}.", word, nearest ? fmt::format("Did you mean '{}'? ", *nearest) : "", fmt::join(views, ", ")));
  }

  std::string explain(const CLI::ParseError& error) {
    const CLI::App* sub = chosen();
    const std::string see = fmt::format(" See: tempera {}--help.", sub == &app_ ? "" : sub->get_name() + " ");
    for (const std::string& extra : sub->remaining(true)) {
      if (!extra.starts_with("-")) return fmt::format("'{}' is not expected here.{}", extra, see);
      const auto nearest = nearest_option(*sub, extra.substr(0, extra.find('=')));
      return fmt::format("There is no option {}.{}{}", extra, nearest.empty() ? "" : fmt::format(" Did you mean {}?", nearest), see);
    }
    return in_our_words(error) + see;
  }

  static std::string nearest_option(const CLI::App& sub, const std::string& word) {
    std::vector<std::string> options;
    for (const CLI::Option* option : sub.get_options())
      for (const std::string& name : option->get_lnames()) options.push_back("--" + name);
    const std::vector<std::string_view> views(options.begin(), options.end());
    return std::string(core::nearest_name(word, views).value_or(""));
  }

  // A sentence with the option's name, where CLI11 counts arguments.
  static std::string in_our_words(const CLI::ParseError& error) {
    std::string text = error.what();
    const std::string option = text.substr(0, text.find(':'));
    if (error.get_name() == "ArgumentMismatch")
      return text.find("received") != std::string::npos ? option + " is given more than once. Give it once." : option + " needs a value.";
    if (error.get_name() == "ExcludesError") return "Give either --budget or --iterations, not both.";
    if (!text.ends_with('.') && !text.ends_with('?')) text += '.';
    return text;
  }

  CLI::App app_;
  CommandTable table_;
  std::vector<std::string> more_words_;
};
}  // namespace

ParsedLine parse_command_line(int count, const char* const* values) { return Line().parse(count, values); }

bool asks_for_json(int count, const char* const* values) {
  for (int k = 1; k < count; ++k) {
    const std::string_view value = values[k];
    if (value == "--output=json" || (value == "--output" && k + 1 < count && std::string_view(values[k + 1]) == "json")) return true;
  }
  return false;
}

}  // namespace tempera::app
