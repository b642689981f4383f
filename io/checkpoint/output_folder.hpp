// The folder that a run writes into: made, tried and locked before any work begins.
#pragma once

#include <filesystem>

namespace tempera::checkpoint {

/// Holds an advisory lock on `.lock` in the folder for its life; the kernel lets go of it when the process dies.
class OutputFolder {
 public:
  /// Makes the folder and its parents, and removes what a killed run left half written. @throws UserError when it cannot be made or written to, or another run uses it
  explicit OutputFolder(std::filesystem::path folder);
  ~OutputFolder();
  OutputFolder(const OutputFolder&) = delete;
  OutputFolder& operator=(const OutputFolder&) = delete;

  const std::filesystem::path& path() const { return folder_; }
  std::filesystem::path result_h5() const { return folder_ / "result.h5"; }
  std::filesystem::path result_json() const { return folder_ / "result.json"; }
  std::filesystem::path solution_sol() const { return folder_ / "solution.sol"; }
  std::filesystem::path checkpoint_h5() const { return folder_ / "checkpoint.h5"; }

 private:
  std::filesystem::path folder_;
  int lock_ = -1;
};

}  // namespace tempera::checkpoint
