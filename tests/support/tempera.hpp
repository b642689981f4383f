// The program itself, as its users run it: with a launcher and without.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/support/process.hpp"

namespace tempera::tests {

using Words = std::vector<std::string>;

/// The command line of tempera with these arguments; `ranks` 0 means without mpirun.
Words tempera_words(const Words& arguments, int ranks = 0);

/// Runs tempera to its end; see `run`.
Finished tempera(const Words& arguments, int ranks = 0, ProcessSettings settings = {});

/// What stdout holds: fails the test unless that is exactly one JSON value.
nlohmann::json json_of(const Finished& finished);

std::string content_of(const std::filesystem::path& file);

/// "tempera: ..." lines of stderr, without what the launcher says.
std::vector<std::string> own_lines(const Finished& finished);

/// An instance of the Uchoa kind with this many customers, made by `tempera generate`. @returns its path in `folder`
std::string generated(const TemporaryFolder& folder, int customers, int seed = 1);

}  // namespace tempera::tests
