// The subcommands as CLI11 reads them: each is declared by one function, which also says how its words become options.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "jobs/app/options.hpp"
#include "jobs/app/value_checks.hpp"

namespace tempera::app {

class CommandTable {
 public:
  using Take = std::function<Command(const CLI::App&)>;

  explicit CommandTable(CLI::App& app) : app_(app) {}

  /// @param examples  what its --help opens with  @param take  from the parsed words to the command's options
  CLI::App* add(const char* name, const char* one_line, const char* examples, Take take);

  /// The options of a parsed subcommand. @throws UserError for words that exclude one another
  Command command(const CLI::App& sub) const { return entries_.at(sub.get_name()).take(sub); }
  const char* examples(const CLI::App& sub) const { return entries_.at(sub.get_name()).examples; }
  OutputMode output_mode() const { return output_ == "json" ? OutputMode::json : output_ == "quiet" ? OutputMode::quiet : OutputMode::text; }

 private:
  struct Entry {
    const char* examples;
    Take take;
  };
  CLI::App& app_;
  std::map<std::string, Entry> entries_;
  std::string output_ = "text";
};

// One per group of commands, each in a file of its own.
void add_run_commands(CommandTable& table, std::vector<std::string>& more_words);  ///< @param more_words  behind "--" of submit
void add_file_commands(CommandTable& table);
void add_quantum_commands(CommandTable& table);

// What several commands share.
void add_path(CLI::App* sub, const char* name, std::filesystem::path& path, const char* help);          ///< required
void add_path_text(CLI::App* sub, const char* name, std::string& path, const char* help);
std::optional<std::filesystem::path> path_or_nothing(const std::string& text);

}  // namespace tempera::app
