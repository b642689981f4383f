// tempera status: what the runs in some folders are doing, from their own files; works while they run, and from another machine.
#include <fmt/format.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "io/checkpoint/output_folder.hpp"
#include "io/report/numbers.hpp"
#include "jobs/app/commands.hpp"
#include "mpi/cluster/host.hpp"

namespace tempera::app {

namespace {
using Json = nlohmann::ordered_json;

constexpr double silent_seconds = 60;  // a run writes its status every few seconds

Json read_status(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / "status.json";
  std::ifstream stream(file);
  if (!stream) throw core::UserError(fmt::format("{}: there is no status.json, so no run has written here. Give the --out directory of a run.", folder.string()));
  Json json = Json::parse(stream, nullptr, false);
  if (json.is_discarded() || !json.contains("state")) throw core::UserError(fmt::format("{}: not a status file of a run.", file.string()));
  return json;
}

// A run that ended by itself says how; one that was killed still says "running", but holds no lock and falls silent.
void correct_state(Json& json, const std::filesystem::path& folder) {
  const double age = core::unix_seconds() - json.value("updated_unix", 0.0);
  json["updated_seconds_ago"] = age;
  if (json["state"] != "running") return;
  const bool here = json.value("host", "") == cluster::host_name();  // elsewhere the lock may not be seen
  if (!checkpoint::is_locked(folder) && age > (here ? silent_seconds / 10 : silent_seconds)) json["state"] = "ended without a word";
  else if (age > silent_seconds) json["state"] = "silent";
}

std::string cost_text(const Json& json, const char* key) { return json.contains(key) && json[key].is_number() ? report::grouped(json[key].get<double>(), 3) : "-"; }

model::Sense sense_of(const Json& j) { return j.value("sense", "") == "maximise" ? model::Sense::maximise : model::Sense::minimise; }

std::string left_text(const Json& j) {
  if (j["remaining_seconds"].is_number()) return report::duration(j["remaining_seconds"].get<double>()) + " left";
  if (j["iterations_limit"].is_number()) return report::percent(j["iterations"].get<double>() / j["iterations_limit"].get<double>(), 0) + " done";
  return "-";
}

void print_one(const std::filesystem::path& folder, const Json& j) {
  fmt::print("{}: {}\n  {} ({}, size {}), seed {}, {} rank{}{} on {}{}\n", folder.string(), j["state"].get<std::string>(), j["problem"].get<std::string>(),
             j["type"].get<std::string>(), j["size"].get<std::int64_t>(), j["seed"].get<std::uint64_t>(), j["ranks"].get<int>(), j["ranks"] == 1 ? "" : "s",
             j["lost_ranks"] == 0 ? "" : fmt::format(", {} of them lost", j["lost_ranks"].get<int>()), j["host"].get<std::string>(),
             j["slurm_job"].is_string() ? ", Slurm job " + j["slurm_job"].get<std::string>() : "");
  fmt::print("  incumbent {}, baseline {}", cost_text(j, "incumbent"), cost_text(j, "baseline"));
  if (j["best_known"].is_number())
    fmt::print(", gap {}", report::signed_percent(report::relative_gap(j["incumbent"].get<double>(), j["best_known"].get<double>(), sense_of(j)), 2));
  fmt::print("\n  {} spent, {}, {} iterations; said so {} ago\n", report::duration(j["elapsed_seconds"].get<double>()), left_text(j),
             report::grouped(j["iterations"].get<std::int64_t>()), report::duration(j["updated_seconds_ago"].get<double>()));
}

/// The run with the best incumbent, or all.size() where there is none or some minimise and others maximise.
std::size_t best_of(const std::vector<Json>& all) {
  std::size_t best = all.size();
  for (std::size_t k = 0; k < all.size(); ++k) {
    if (!all[k]["incumbent"].is_number()) continue;
    if (best == all.size()) best = k;
    if (sense_of(all[k]) != sense_of(all[best])) return all.size();
    const bool lower = all[k]["incumbent"] < all[best]["incumbent"], higher = all[k]["incumbent"] > all[best]["incumbent"];
    if (sense_of(all[k]) == model::Sense::maximise ? higher : lower) best = k;
  }
  return best;
}

void print_table(const std::vector<std::filesystem::path>& folders, const std::vector<Json>& all) {
  const std::size_t best = best_of(all);
  fmt::print("  {:<14} {:>14} {:>14} {:>10} {:>14}  {:>5}  folder\n", "state", "incumbent", "baseline", "spent", "to do", "seed");
  for (std::size_t k = 0; k < all.size(); ++k) {
    const Json& j = all[k];
    if (j.contains("error")) {
      fmt::print("  {:<14} {:>14} {:>14} {:>10} {:>14}  {:>5}  {}\n", "not started", "-", "-", "-", "-", "-", folders[k].string());
      continue;
    }
    fmt::print("{} {:<14} {:>14} {:>14} {:>10} {:>14}  {:>5}  {}\n", k == best ? "*" : " ", j["state"].get<std::string>().substr(0, 14), cost_text(j, "incumbent"),
               cost_text(j, "baseline"), report::duration(j["elapsed_seconds"].get<double>()), left_text(j), j["seed"].get<std::uint64_t>(), folders[k].string());
  }
  if (best < all.size()) fmt::print("* {}\n", sense_of(all[best]) == model::Sense::maximise ? "highest objective" : "lowest cost");
}
}  // namespace

core::ExitCode status(const StatusOptions& options, const Invocation& invocation) {
  std::vector<Json> all;
  for (const std::filesystem::path& folder : options.folders) {
    try {
      Json json = read_status(folder);
      correct_state(json, folder);
      all.push_back(std::move(json));
    } catch (const core::UserError& error) {
      if (options.folders.size() == 1) throw;
      all.push_back({{"error", error.what()}, {"incumbent", nullptr}});
    }
  }
  if (invocation.output == OutputMode::json) {
    Json list = Json::array();
    for (std::size_t k = 0; k < all.size(); ++k) {
      all[k]["folder"] = options.folders[k].string();
      list.push_back(all[k]);
    }
    fmt::print("{}\n", (all.size() == 1 ? list[0] : list).dump(2, ' ', false, Json::error_handler_t::replace));
  } else if (invocation.output == OutputMode::text) {
    if (all.size() == 1) print_one(options.folders[0], all[0]);
    else print_table(options.folders, all);
  }
  return core::ExitCode::solved;
}

}  // namespace tempera::app
