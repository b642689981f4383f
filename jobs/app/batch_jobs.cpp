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
bool is_problem(const fs::path& file) {
  const std::string extension = file.extension().string();
  if (extension == ".json") return descriptor::role_of(file) != FileRole::other;
  return extension == ".vrp" || extension == ".mc" || extension == ".qubo" || extension == ".coo";
}

// @param prefix  opens the names of their folders
std::vector<BatchJob> jobs_of_list(const fs::path& file, const fs::path& out, const std::string& prefix) {
  std::vector<BatchJob> jobs;
  for (const descriptor::ListedJob& job : descriptor::read_job_list(file)) {
    const fs::path own = out / (prefix + job.name) / "job.json";
    fs::create_directories(own.parent_path());
    if (!fs::exists(own) || core::read_text(own) != job.text) core::write_text_atomically(own, job.text);  // unchanged it stays older than its results
    jobs.push_back({prefix + job.name, own});
  }
  return jobs;
}

std::vector<BatchJob> jobs_in(const fs::path& folder, const fs::path& out) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.is_regular_file() && is_problem(entry.path())) files.push_back(entry.path());
  std::ranges::sort(files);
  std::vector<BatchJob> jobs;
  std::set<std::string> names;
  for (const fs::path& file : files) {
    std::vector<BatchJob> own{{file.stem().string(), file}};
    if (file.extension() == ".json" && descriptor::role_of(file) == FileRole::list) own = jobs_of_list(file, out, file.stem().string() + "-");
    for (BatchJob& job : own) {
      if (!names.insert(job.name).second) job.name = job.file.filename().string();  // a.json beside a.vrp
      jobs.push_back(std::move(job));
    }
  }
  if (jobs.empty()) throw core::UserError(fmt::format("{}: there is no job (.json) and no problem (.vrp, .mc, .qubo, .coo) in this directory.", folder.string()));
  return jobs;
}
}  // namespace

std::vector<BatchJob> batch_jobs(const fs::path& from, const fs::path& out) {
  return fs::is_directory(from) ? jobs_in(from, out) : jobs_of_list(from, out, "");
}

}  // namespace tempera::app
