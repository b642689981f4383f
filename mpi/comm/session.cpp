#include "mpi/comm/session.hpp"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "mpi/comm/memory_hub.hpp"
#include "mpi/comm/mpi_check.hpp"
#include "mpi/comm/mpi_transport.hpp"

namespace tempera::comm {

namespace {
constexpr unsigned most_seconds_to_leave = 30;  // then SIGALRM ends the process, and the launcher the others
}

bool started_by_launcher() {
  // Set by Open MPI's mpirun, by PMIx (srun --mpi=pmix), and by PMI-1/2 process managers.
  for (const char* name : {"OMPI_COMM_WORLD_SIZE", "PMIX_RANK", "PMI_RANK"})
    if (std::getenv(name)) return true;
  return false;
}

Session::Session() {
  if (!started_by_launcher()) {
    world_ = std::move(make_memory_hub(1).front());
    return;
  }
  under_mpirun_ = std::getenv("OMPI_COMM_WORLD_SIZE") != nullptr;  // asked before MPI_Init, which may set it itself
  int provided = 0;
  check(MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &provided), "MPI_Init_thread");
  initialised_ = true;
  if (provided < MPI_THREAD_FUNNELED) throw core::DataError("this MPI library does not give MPI_THREAD_FUNNELED; use Open MPI 4.1 or newer");
  world_ = make_mpi_transport();
}

Session::Session(Alone) : world_(std::move(make_memory_hub(1).front())) {}

Session::~Session() {
  world_.reset();
  if (!initialised_) return;
  ::alarm(most_seconds_to_leave);  // MPI_Finalize waits for ever for a rank that died unnoticed
  MPI_Finalize();
  ::alarm(0);
}

void Session::let_others_go_on() {
  if (StepKeeper::needed()) keeper_.start();
}

void Session::leave(int exit_code) {
  if (!initialised_ || !rank_lost_) return;
  ::alarm(most_seconds_to_leave);
  MPI_Abort(MPI_COMM_WORLD, exit_code);
}

void Session::leave_alone(int exit_code) {
  std::fflush(nullptr);
  std::_Exit(exit_code);
}

std::string mpi_version() {
  char text[MPI_MAX_LIBRARY_VERSION_STRING] = {};
  int length = 0;
  MPI_Get_library_version(text, &length);  // allowed before MPI_Init
  const std::string_view whole(text);
  return std::string(whole.substr(0, whole.find(',')));
}

}  // namespace tempera::comm
