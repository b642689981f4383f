// Many jobs in one JSON file.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace tempera::descriptor {

struct ListedJob {
  std::string name;   ///< its job_id where that can name a folder, else "job-<place from 1>"
  std::string text;   ///< a job file of its own; the files that it names stand there with their whole path
};

/// A JSON array of jobs, or an object whose "jobs" is one. The jobs themselves are not checked.
/// @throws UserError for a file that is neither, and for two jobs of one name
std::vector<ListedJob> read_job_list(const std::filesystem::path& file);

}  // namespace tempera::descriptor
