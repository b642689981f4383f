#include "jobs/app/command_table.hpp"

namespace tempera::app {

CLI::App* CommandTable::add(const char* name, const char* one_line, const char* examples, Take take) {
  CLI::App* sub = app_.add_subcommand(name, one_line);
  entries_[name] = {examples, std::move(take)};
  sub->add_option("--output", output_, "text, json (one value on stdout) or quiet [text]")->check(one_of({"text", "json", "quiet"}))->type_name("MODE");
  return sub;
}

void add_path(CLI::App* sub, const char* name, std::filesystem::path& path, const char* help) {
  sub->add_option(name, path, help)->required()->check(not_empty())->type_name("");
}

void add_path_text(CLI::App* sub, const char* name, std::string& path, const char* help) {
  sub->add_option(name, path, help)->check(not_empty())->type_name("PATH");
}

std::optional<std::filesystem::path> path_or_nothing(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional<std::filesystem::path>(text);
}

}  // namespace tempera::app
