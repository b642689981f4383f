// Reading what a command names: instances, solutions, run files; each with the message its user needs.
#pragma once

#include <filesystem>
#include <optional>

#include "solvers/model/routing_instance.hpp"
#include "solvers/model/routing_solution.hpp"
#include "solvers/model/run_record.hpp"

namespace tempera::app {

/// A routing instance; a file of a kind that is recognised but not solved yet says so. @throws UserError
model::RoutingInstance load_instance(const std::filesystem::path& file, std::optional<model::Rounding> rounding);

/// Routes of a .sol file or of the incumbent in a run file; not checked. @throws UserError
model::RoutingSolution load_solution(const std::filesystem::path& file, const model::RoutingInstance& instance);

/// A run file, or of a directory the newest valid of checkpoint.h5 and result.h5. @throws UserError with the reason why not
struct LoadedRun {
  std::filesystem::path file;
  model::RunRecord record;
};
LoadedRun load_run(const std::filesystem::path& from);

}  // namespace tempera::app
