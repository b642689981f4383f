// What is wrong with a job file, all of it at once.
#pragma once

#include <string>
#include <vector>

namespace tempera::descriptor {

struct Violation {
  std::string pointer;  ///< JSON pointer (RFC 6901) of the value, "" the whole file
  std::string message;  ///< the value seen and what is allowed, one sentence or two
};

/// "job.json: 2 mistakes\n  /budget_ms is -1; give ...\n  ...", at most `most` lines and how many more there are.
std::string as_text(const std::string& source, const std::vector<Violation>& violations, std::size_t most = 20);

}  // namespace tempera::descriptor
