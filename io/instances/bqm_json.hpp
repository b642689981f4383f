// dimod's binary quadratic models as JSON. See qubo_files.hpp for what is supported.
#pragma once

#include <string_view>

#include "io/instances/qubo_files.hpp"

namespace tempera::instances {

model::QuboProblem parse_bqm(std::string_view text, std::string_view source);

}  // namespace tempera::instances
