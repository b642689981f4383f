// Which jobs a batch is made of.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace tempera::app {

struct BatchJob {
  std::string name;   ///< of its folder
  std::filesystem::path file;
  std::string broken = {};  ///< why there is nothing to solve; empty: to be tried
};

/// The jobs and problems of a directory, in the order of their names, or of a list. Each job of a list, also of one that lies in the directory, becomes a
/// file of its own in its folder below `out`, as solve, resume and report need it.
/// @throws UserError when there is none
std::vector<BatchJob> batch_jobs(const std::filesystem::path& from, const std::filesystem::path& out);

}  // namespace tempera::app
