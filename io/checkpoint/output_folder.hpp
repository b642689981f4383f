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
  std::filesystem::path checkpoint_previous_h5() const { return folder_ / "checkpoint_previous.h5"; }
  /// There when, and only when, the run is finished and its results are whole: outranks the exit code of a launcher, which
  /// reports a lost rank even when the run went on without it.
  std::filesystem::path result_done() const { return folder_ / "result.done"; }
  /// What a running job says of itself, for `tempera status`.
  std::filesystem::path status_json() const { return folder_ / "status.json"; }

 private:
  std::filesystem::path folder_;
  int lock_ = -1;
};

/// True while a run holds the lock of this folder, as far as this machine can see.
bool is_locked(const std::filesystem::path& folder);

}  // namespace tempera::checkpoint
