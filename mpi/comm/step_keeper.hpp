// Keeps a Slurm job step alive when one of its ranks is killed.
#pragma once

#include <sys/types.h>

namespace tempera::comm {

/// Slurm's PMIx plugin ends the whole step when the socket of a rank closes before MPI_Finalize and another rank of that node
/// takes note (Slurm 22.05 with Open MPI 4.1), whatever `--no-kill --kill-on-bad-exit=0` say. The keeper is a child process
/// that only holds a copy of that socket: after a kill -9 of its rank it stays open, and the others go on. It leaves with its
/// rank's MPI_Finalize, or when Slurm's step daemon is gone.
class StepKeeper {
 public:
  StepKeeper() = default;
  ~StepKeeper();
  StepKeeper(const StepKeeper&) = delete;
  StepKeeper& operator=(const StepKeeper&) = delete;

  /// Whether srun with PMIx started this process, and so a keeper is of use.
  static bool needed();
  /// Starts the child; to be called soon after MPI_Init, before any thread of ours. Without the means for it (Linux before
  /// 5.3) nothing happens, and the step ends with a killed rank.
  void start();

 private:
  pid_t child_ = 0;
};

}  // namespace tempera::comm
