// Turns MPI return codes into errors. For the sources of mpi/comm only: it includes mpi.h.
#pragma once

#define OMPI_SKIP_MPICXX 1   // the C interface only
#define MPICH_SKIP_MPICXX 1
#include <mpi.h>

#include <string>

#include "solvers/core/error.hpp"

namespace tempera::comm {

/// @throws DataError with MPI's own text when `code` is not MPI_SUCCESS.
inline void check(int code, const char* call) {
  if (code == MPI_SUCCESS) return;
  char text[MPI_MAX_ERROR_STRING] = {};
  int length = 0;
  MPI_Error_string(code, text, &length);
  throw core::DataError(std::string(call) + " failed: " + text);
}

}  // namespace tempera::comm
