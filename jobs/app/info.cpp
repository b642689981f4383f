// tempera info: versions, ranks and memory; or what a file holds.
#include <fmt/format.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>

#include "io/instances/format.hpp"
#include "jobs/app/commands.hpp"
#include "jobs/app/load.hpp"
#include "jobs/app/problem_kind.hpp"
#include "jobs/app/versions.hpp"

namespace tempera::app {

namespace {
using Json = nlohmann::ordered_json;

// The value behind "key   : value" in a file of /proc; empty when there is none.
std::string proc_value(const char* path, std::string_view key) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);)
    if (line.starts_with(key)) {
      const std::size_t from = line.find_first_not_of(" \t", line.find(':') + 1);
      return from == std::string::npos ? "" : line.substr(from);
    }
  return {};
}

double gibibytes(const char* key) { return std::round(std::atof(proc_value("/proc/meminfo", key).c_str()) / (1 << 20) * 10) / 10; }

Json machine(int ranks) {
  char host[256] = "unknown";
  gethostname(host, sizeof host - 1);
  Json json = {{"tempera", TEMPERA_VERSION}};
  for (const auto& [name, version] : library_versions()) json[name] = version;
  json["compiler"] = __VERSION__;
  json["host"] = host;
  json["ranks"] = ranks;
  json["processors"] = std::thread::hardware_concurrency();
  json["processor"] = proc_value("/proc/cpuinfo", "model name");
  json["memory_gibibytes"] = gibibytes("MemTotal");
  json["memory_available_gibibytes"] = gibibytes("MemAvailable");
  return json;
}

Json instance_facts(const std::filesystem::path& file) {
  const registry::Problem problem = load_problem(file, {});
  Json json = {{"file", file.string()}};
  json.update(kind_of(problem).facts(problem));
  return json;
}

Json run_facts(const std::filesystem::path& file) {
  const model::RunRecord r = load_run(file).record;
  return {{"file", file.string()}, {"type", "run"}, {"problem", r.problem_name}, {"created", r.created_utc}, {"command_line", r.command_line},
          {"cost", r.incumbent.cost}, {"iterations", r.iterations}, {"wall_seconds", r.wall_seconds}, {"ranks", r.ranks}};
}
}  // namespace

core::ExitCode info(const InfoOptions& options, const Invocation& invocation, int ranks) {
  Json json;
  if (!options.file) json = machine(ranks);
  else if (std::filesystem::is_directory(*options.file) || instances::recognise_file(*options.file) == instances::FileFormat::hdf5) json = run_facts(*options.file);
  else json = instance_facts(*options.file);
  if (invocation.output == OutputMode::json) fmt::print("{}\n", json.dump(2));
  if (invocation.output == OutputMode::text)
    for (const auto& [key, value] : json.items()) fmt::print("{:<26} {}\n", key, value.is_string() ? value.get<std::string>() : value.dump());
  return core::ExitCode::solved;
}

}  // namespace tempera::app
