// MPI's life in this process, from the launcher to MPI_Finalize.
#pragma once

#include <memory>
#include <string>

#include "mpi/comm/step_keeper.hpp"
#include "mpi/comm/transport.hpp"

namespace tempera::comm {

/// True when a launcher (mpirun, srun) started this process: only then is MPI initialised, so that everything also runs
/// without one, and `--help` costs nothing.
bool started_by_launcher();

/// Initialises MPI under a launcher (MPI_THREAD_FUNNELED: solver threads may exist, but only one thread sends and receives),
/// and finalises it at the end of its life. At most one per process that is not `Alone`.
class Session {
 public:
  /// @throws DataError when MPI cannot start or gives less than MPI_THREAD_FUNNELED
  Session();
  ~Session();
  /// A session of this process alone, within one of all ranks: for work that no other rank has a part in.
  struct Alone {};
  explicit Session(Alone);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  Transport& world() { return *world_; }
  /// False in a process without a launcher, which never starts MPI.
  bool has_mpi() const { return initialised_; }
  /// Remembers that a rank no longer answers: MPI_Finalize would wait for it for ever.
  void mark_rank_lost() { rank_lost_ = true; }
  bool rank_lost() const { return rank_lost_; }
  /// True when this process may end alone: started by srun itself (or by no launcher). mpirun ends every rank with the first
  /// that leaves without MPI_Finalize, and in MPI_Finalize all would wait for the lost.
  bool may_leave_alone() const { return !under_mpirun_; }
  /// Asks that the others go on should this rank be killed; for a rank that somebody else can replace. Without it, as in a
  /// state-vector group, all ranks end with one. To be called before this process starts threads.
  void let_others_go_on();
  /// Ends this process at once without MPI_Finalize, the others go on where the launcher lets them.
  [[noreturn]] static void leave_alone(int exit_code);
  /// The last call before the process ends: with a lost rank, ends every rank at once with this exit code.
  void leave(int exit_code);

 private:
  bool initialised_ = false;
  bool rank_lost_ = false;
  bool under_mpirun_ = false;
  StepKeeper keeper_;
  std::unique_ptr<Transport> world_;
};

/// E.g. "Open MPI v4.1.4"; needs no session.
std::string mpi_version();

}  // namespace tempera::comm
