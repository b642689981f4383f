// status.json: what a running job says of itself, for people and scripts that look at its folder while it runs.
#pragma once

#include <filesystem>
#include <string>

#include "mpi/cluster/master_loop.hpp"
#include "solvers/model/run_record.hpp"

namespace tempera::app {

/// Replaced whole every few seconds. What cannot be written (a full disk) is left out: the run itself says so elsewhere.
class RunStatusFile {
 public:
  /// `record` must outlive this.
  RunStatusFile(std::filesystem::path file, const model::RunRecord& record);
  void running(const cluster::ProgressView& view);

 private:

  std::filesystem::path file_;
  const model::RunRecord& record_;
  double next_ = 0;
};

/// The last word of a run. @param state  solved, stopped_early or requeue
void write_final_status(const std::filesystem::path& file, const model::RunRecord& record, const std::string& state);

}  // namespace tempera::app
