#include "jobs/app/batch_script.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <fstream>
#include <map>

#include "jobs/app/slurm_templates.hpp"
#include "solvers/core/error.hpp"
#include "solvers/core/nearest_name.hpp"
#include "solvers/core/text_file.hpp"

namespace tempera::app {

using core::UserError;

namespace {
int positive_whole(const std::string& text, const std::string& where) {
  if (text.empty() || text.size() > 6 || text.find_first_not_of("0123456789") != std::string::npos || std::stoi(text) < 1)
    throw UserError(fmt::format("{}: the value is '{}'; give a whole number from 1.", where, text));
  return std::stoi(text);
}

void set(Site& site, const std::string& key, const std::string& value, const std::string& where) {
  const std::map<std::string_view, std::optional<std::string>*> texts = {{"partition", &site.partition}, {"account", &site.account}, {"qos", &site.qos},
                                                                          {"constraint", &site.constraint}, {"modules", &site.modules}, {"setup", &site.setup}};
  if (value.empty()) throw UserError(fmt::format("{}: {} has no value. Give one or remove the line.", where, key));
  if (const auto found = texts.find(key); found != texts.end()) {
    *found->second = value;
  } else if (key == "launcher") {
    if (value != "srun" && value != "mpirun" && value != "auto") throw UserError(fmt::format("{}: launcher is '{}'; give srun, mpirun or auto.", where, value));
    site.launcher = value;
  } else if (key == "tasks_per_node") {
    site.tasks_per_node = positive_whole(value, where + ": tasks_per_node");
  } else {
    const std::vector<std::string_view> keys{"partition", "account", "qos", "constraint", "modules", "setup", "launcher", "tasks_per_node"};
    const auto nearest = core::nearest_name(key, keys);
    throw UserError(fmt::format("{}: there is no key '{}'. {}Keys: {}.", where, key, nearest ? fmt::format("Did you mean '{}'? ", *nearest) : "", fmt::join(keys, ", ")));
  }
}

std::string filled(std::string text, const std::map<std::string, std::string>& values) {
  for (const auto& [name, value] : values) {
    const std::string mark = "@" + name + "@";
    for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + value.size())) text.replace(at, mark.size(), value);
  }
  return text;
}

std::string quoted_words(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + shell_quoted(word);
  return text;
}

std::string directives(const BatchPlan& plan, bool array) {
  std::string text;
  const auto add = [&](const char* option, const std::optional<std::string>& value) {
    if (value) text += fmt::format("#SBATCH --{}={}\n", option, *value);
  };
  if (array && plan.runs.size() > 1) text += fmt::format("#SBATCH --array=0-{}\n", plan.runs.size() - 1);
  add("partition", plan.site.partition);
  add("account", plan.site.account);
  add("qos", plan.site.qos);
  add("constraint", plan.site.constraint);
  return text;
}

std::string setup(const Site& site) {
  std::string text;
  if (site.modules) text += fmt::format("module load {}\n", *site.modules);
  if (site.setup) text += *site.setup + "\n";
  return text;
}
}  // namespace

Site read_site(const std::filesystem::path& file) {
  std::ifstream stream(file);
  if (!stream) throw UserError(fmt::format("{}: cannot read this site file: {}.", file.string(), core::errno_text(errno)));
  Site site;
  std::string line;
  for (int number = 1; std::getline(stream, line); ++number) {
    const std::string text(core::trimmed(line));
    if (text.empty() || text.front() == '#') continue;
    const std::string where = fmt::format("{}:{}", file.string(), number);
    const auto equals = text.find('=');
    if (equals == std::string::npos) throw UserError(fmt::format("{}: '{}' is not of the form key = value.", where, text));
    const std::string_view key = core::trimmed(std::string_view(text).substr(0, equals)), value = core::trimmed(std::string_view(text).substr(equals + 1));
    set(site, std::string(key), std::string(value), where);
  }
  return site;
}

double walltime_seconds(const std::string& text) {
  unsigned d = 0, h = 0, m = 0, s = 0;
  int used = 0;
  const auto whole = [&](int fields, int wanted) { return fields == wanted && static_cast<std::size_t>(used) == text.size(); };
  double seconds = 0;
  const bool signed_number = text.find_first_of("+- ") == 0;  // which %u would take
  if (signed_number) seconds = 0;
  else if (whole(std::sscanf(text.c_str(), "%u-%u:%u:%u%n", &d, &h, &m, &s, &used), 4)) seconds = d * 86400.0 + h * 3600.0 + m * 60.0 + s;
  else if (whole(std::sscanf(text.c_str(), "%u-%u:%u%n", &d, &h, &m, &used), 3)) seconds = d * 86400.0 + h * 3600.0 + m * 60.0;
  else if (whole(std::sscanf(text.c_str(), "%u-%u%n", &d, &h, &used), 2)) seconds = d * 86400.0 + h * 3600.0;
  else if (whole(std::sscanf(text.c_str(), "%u:%u:%u%n", &h, &m, &s, &used), 3)) seconds = h * 3600.0 + m * 60.0 + s;
  else if (whole(std::sscanf(text.c_str(), "%u:%u%n", &m, &s, &used), 2)) seconds = m * 60.0 + s;
  else if (whole(std::sscanf(text.c_str(), "%u%n", &m, &used), 1)) seconds = m * 60.0;
  if (seconds <= 0) throw UserError(fmt::format("--time: the value is {}; give minutes, H:MM:SS or D-HH:MM:SS.", text));
  return seconds;
}

std::string shell_quoted(std::string_view text) {
  if (!text.empty() && text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=:,+%") == std::string_view::npos) return std::string(text);
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

std::string batch_script(const BatchPlan& plan) {
  std::string jobs;
  for (std::size_t k = 0; k < plan.runs.size(); ++k)
    jobs += fmt::format("  {}) out={} words=({}) ;;{}", k, shell_quoted(plan.runs[k].out.string()), quoted_words(plan.runs[k].words), k + 1 < plan.runs.size() ? "\n" : "");
  return filled(job_template, {{"NAME", plan.name}, {"COMMAND", plan.command}, {"NODES", std::to_string(plan.nodes)}, {"TASKS", std::to_string(plan.tasks_per_node)},
                               {"MEMORY", std::to_string(plan.memory_mebibytes)}, {"TIME", plan.time}, {"WARNING", std::to_string(plan.warning_seconds)},
                               {"LOG", plan.log.string()}, {"DIRECTIVES", directives(plan, true)}, {"TEMPERA", shell_quoted(plan.program.string())},
                               {"LAUNCHER", plan.site.launcher}, {"MAX_RESTARTS", std::to_string(plan.max_restarts)}, {"JOBS", jobs},
                               {"RUN_OPTIONS", quoted_words(plan.run_options)}, {"SETUP", setup(plan.site)}});
}

std::string report_script(const BatchPlan& plan, const std::filesystem::path& table) {
  std::vector<std::string> folders;
  for (const BatchRun& run : plan.runs) folders.push_back(run.out.string());
  const std::filesystem::path log = table.parent_path() / "report-%j.log";
  return filled(report_template, {{"NAME", plan.name}, {"LOG", log.string()}, {"DIRECTIVES", directives(plan, false)}, {"SETUP", setup(plan.site)},
                                  {"TEMPERA", shell_quoted(plan.program.string())}, {"FOLDERS", quoted_words(folders)}, {"TABLE", shell_quoted(table.string())},
                                  {"PARENT", shell_quoted(table.parent_path().string())},
                                  {"PAGE", shell_quoted((table.parent_path() / "comparison.html").string())}});
}

}  // namespace tempera::app
