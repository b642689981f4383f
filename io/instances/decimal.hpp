// Scaled integers as the decimals a user reads.
#pragma once

#include <cstdint>
#include <string>

#include "solvers/model/routing_instance.hpp"

namespace tempera::instances {

/// `value` / units_per_distance(rounding), exactly: 27591 for nearest and trunc, 2759.1 for dimacs, three decimals for exact, six for none.
std::string in_user_units(std::int64_t value, model::Rounding rounding);

}  // namespace tempera::instances
