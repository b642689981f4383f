#include "jobs/app/batch_jobs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "jobs/descriptor/descriptor.hpp"
#include "jobs/descriptor/job_list.hpp"
#include "solvers/core/atomic_file.hpp"
#include "solvers/core/error.hpp"
#include "solvers/core/text_file.hpp"

namespace tempera::app {

namespace {
namespace fs = std::filesystem;
using descriptor::FileRole;

// By their names, and JSON by what it holds: tables, matrices and solutions beside jobs are no jobs.
FileRole role_of(const fs::path& file) {
  const std::string extension = file.extension().string();
  if (extension == ".json") return descriptor::role_of(file);
  return extension == ".vrp" || extension == ".mc" || extension == ".qubo" || extension == ".coo" ? FileRole::job : FileRole::other;
}

using Names = std::set<std::string>;

// The name, or with a number behind it, so that no two jobs share a folder.
std::string own_name(const std::string& wanted, Names& names) {
  std::string name = wanted;
  for (int k = 2; !names.insert(name).second; ++k) name = fmt::format("{}-{}", wanted, k);
  return name;
}

// @param prefix  opens the names of their folders
std::vector<BatchJob> jobs_of_list(const fs::path& file, const fs::path& out, const std::string& prefix, Names& names) {
  std::vector<BatchJob> jobs;
  for (const descriptor::ListedJob& job : descriptor::read_job_list(file)) {
    const std::string name = own_name(prefix + job.name, names);
    const fs::path own = out / name / "job.json";
    fs::create_directories(own.parent_path());
    if (!fs::exists(own) || core::read_text(own) != job.text) core::write_text_atomically(own, job.text);  // unchanged it stays older than its results
    jobs.push_back({name, own});
  }
  return jobs;
}

// A list that cannot be read is one broken job: the others go on.
std::vector<BatchJob> jobs_of_file(const fs::path& file, const fs::path& out, Names& names) {
  const std::string stem = file.stem().string();
  const FileRole role = role_of(file);
  if (role == FileRole::other) return {};
  if (role == FileRole::job) {
    const std::string name = names.contains(stem) ? file.filename().string() : stem;  // a.json beside a.vrp
    return {{own_name(name, names), file}};
  }
  try {
    return jobs_of_list(file, out, stem + "-", names);
  } catch (const core::UserError& error) {
    return {{own_name(stem, names), file, error.what()}};
  }
}

std::vector<BatchJob> jobs_in(const fs::path& folder, const fs::path& out) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.is_regular_file()) files.push_back(entry.path());
  std::ranges::sort(files);
  std::vector<BatchJob> jobs;
  Names names;
  for (const fs::path& file : files) std::ranges::move(jobs_of_file(file, out, names), std::back_inserter(jobs));
  if (jobs.empty()) throw core::UserError(fmt::format("{}: there is no job (.json) and no problem (.vrp, .mc, .qubo, .coo) in this directory.", folder.string()));
  return jobs;
}
}  // namespace

std::vector<BatchJob> batch_jobs(const fs::path& from, const fs::path& out) {
  Names names;
  return fs::is_directory(from) ? jobs_in(from, out) : jobs_of_list(from, out, "", names);
}

}  // namespace tempera::app
