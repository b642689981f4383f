// Run files: results and checkpoints alike, HDF5 in the layout of README.md.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "solvers/model/run_journal.hpp"
#include "solvers/model/run_record.hpp"

namespace tempera::checkpoint {

/// Writes beside the target, reads back and compares the digest, forces to disk, renames: the old file or the new one is
/// there, whole, whatever happens. @param previous  the old file stays under this name (same folder); empty: it goes
/// @throws DataError naming path, step and reason; the old file is then untouched
void write_record(const std::filesystem::path& path, const model::RunRecord& record, const std::filesystem::path& previous = {});

/// @throws DataError with the reason: missing, not HDF5, truncated, another format or version, a damaged item, a wrong digest
model::RunRecord read_record(const std::filesystem::path& path);

/// The reason why `read_record` would refuse; nothing when it would not.
std::optional<std::string> why_invalid(const std::filesystem::path& path);

/// Checkpoints go into one file, and the generation before stays beside it, should the disk spoil the newest.
class CheckpointJournal final : public model::RunJournal {
 public:
  CheckpointJournal(std::filesystem::path file, std::filesystem::path previous) : file_(std::move(file)), previous_(std::move(previous)) {}
  void checkpoint(const model::RunRecord& record) override;

 private:
  std::filesystem::path file_;
  std::filesystem::path previous_;
  bool known_sound_ = false;  // a damaged file of an earlier run must not push out the good generation before it
};

}  // namespace tempera::checkpoint
