// The name of the machine a rank runs on, for reports.
#pragma once

#include <unistd.h>

#include <string>

namespace tempera::cluster {

inline std::string host_name() {
  char name[256] = {};
  return gethostname(name, sizeof name - 1) == 0 ? name : "unknown";
}

}  // namespace tempera::cluster
