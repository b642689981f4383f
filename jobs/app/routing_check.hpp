// What tempera check says of a routing problem, and of routes against it.
#pragma once

#include <filesystem>
#include <vector>

#include "io/report/html_report.hpp"
#include "jobs/app/options.hpp"
#include "solvers/core/error.hpp"
#include "solvers/model/routing_solution.hpp"
#include "solvers/model/run_record.hpp"
#include "solvers/registry/registry.hpp"

namespace tempera::app {

/// Routes of a .sol file or of the incumbent in a run file; not checked.
model::RoutingSolution load_routes(const std::filesystem::path& file, const registry::Problem& problem);

/// What one rank holds at most: the instance, the baseline's lists, and the distance table of the largest part.
double routing_mebibytes(const model::RoutingInstance& instance, double budget_seconds, int ranks);

/// Vehicles that may drive at once.
std::int64_t vehicles_in(const model::Fleet& fleet);

/// Of the routes in `answer`.
std::vector<report::ConstraintLine> routing_constraints(const model::RoutingInstance& instance, const model::Answer& answer);

core::ExitCode check_routing_plan(const CheckOptions& options, const Invocation& invocation, const model::RoutingInstance& instance);
core::ExitCode check_routes(const CheckOptions& options, const Invocation& invocation, const registry::Problem& problem);

}  // namespace tempera::app
