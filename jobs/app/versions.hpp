// Names and versions of the libraries that the program is linked with.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace tempera::app {

std::vector<std::pair<std::string, std::string>> library_versions();

/// "Open MPI v4.1.4, HDF5 1.10.8, ...": for provenance.
std::string library_versions_text();

}  // namespace tempera::app
