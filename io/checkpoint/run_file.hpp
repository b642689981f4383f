// Run files: results and checkpoints alike, HDF5 in the layout of README.md.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "solvers/model/run_journal.hpp"
#include "solvers/model/run_record.hpp"

namespace tempera::checkpoint {

/// Writes beside the target, reads back and compares the digest, forces to disk, renames: the old file or the new one is
/// there, whole, whatever happens. @throws DataError naming path, step and reason; the old file is then untouched
void write_record(const std::filesystem::path& path, const model::RunRecord& record);

/// @throws DataError with the reason: missing, not HDF5, truncated, another format or version, a damaged item, a wrong digest
model::RunRecord read_record(const std::filesystem::path& path);

/// The reason why `read_record` would refuse; nothing when it would not.
std::optional<std::string> why_invalid(const std::filesystem::path& path);

/// Checkpoints go into one file, each replacing the last.
class CheckpointJournal final : public model::RunJournal {
 public:
  explicit CheckpointJournal(std::filesystem::path file) : file_(std::move(file)) {}
  void checkpoint(const model::RunRecord& record) override { write_record(file_, record); }

 private:
  std::filesystem::path file_;
};

}  // namespace tempera::checkpoint
