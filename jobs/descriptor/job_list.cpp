#include "jobs/descriptor/job_list.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>
#include <set>

#include "jobs/descriptor/descriptor.hpp"
#include "solvers/core/error.hpp"

namespace tempera::descriptor {

namespace {
using Json = nlohmann::ordered_json;

// The keys of the problem schemas that name files.
bool names_file(std::string_view key) { return key == "file" || key.ends_with("_csv"); }

void make_absolute(Json& value, const std::filesystem::path& folder) {
  if (!value.is_structured()) return;
  for (auto& [key, member] : value.items()) {
    if (value.is_object() && names_file(key) && member.is_string()) member = std::filesystem::absolute(folder / member.get<std::string>()).lexically_normal().string();
    else make_absolute(member, folder);
  }
}

bool can_name_a_folder(const std::string& id) {
  const auto plain = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_' || c == '.'; };
  return !id.empty() && id.size() <= 100 && id.front() != '.' && std::ranges::all_of(id, plain);
}
}  // namespace

std::vector<ListedJob> read_job_list(const std::filesystem::path& file) {
  Json list = Json::parse(parsed_text(file));
  if (list.is_object() && list.contains("jobs")) list = Json(list["jobs"]);
  if (!list.is_array() || list.empty()) throw core::UserError(fmt::format("{}: is not a list of jobs. Give a JSON array of jobs, or an object whose \"jobs\" is one.", file.string()));
  std::set<std::string> names;
  std::vector<ListedJob> jobs;
  for (Json& job : list) {
    const std::string id = job.is_object() && job.contains("job_id") && job["job_id"].is_string() ? job["job_id"].get<std::string>() : "";
    ListedJob listed{.name = can_name_a_folder(id) ? id : fmt::format("job-{}", jobs.size() + 1), .text = {}};
    if (!names.insert(listed.name).second) throw core::UserError(fmt::format("{}: two jobs of the list are called {}. Give each a job_id of its own.", file.string(), listed.name));
    if (job.is_object() && job.contains("problem")) make_absolute(job["problem"], file.parent_path());
    listed.text = job.dump(2) + "\n";
    jobs.push_back(std::move(listed));
  }
  return jobs;
}

}  // namespace tempera::descriptor
