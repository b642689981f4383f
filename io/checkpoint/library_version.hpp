// The HDF5 library's version, for those who may not include hdf5.h.
#pragma once

#include <string>

namespace tempera::checkpoint {

/// e.g. "1.10.8"
std::string hdf5_version();

}  // namespace tempera::checkpoint
