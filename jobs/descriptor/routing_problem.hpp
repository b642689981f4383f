// The routing problem that stands in a job file: depot, vehicle, customers, as JSON or as tables beside it.
#pragma once

#include "jobs/descriptor/descriptor.hpp"
#include "solvers/model/routing_instance.hpp"

namespace tempera::descriptor {

/// True when the problem names a CVRPLIB file instead.
bool names_a_file(const Descriptor& job);

/// The file it names, the rounding and the objective it asks for. Precondition: names_a_file.
std::filesystem::path named_file(const Descriptor& job);
std::optional<model::Rounding> asked_rounding(const Descriptor& job);
std::optional<model::Objective> asked_objective(const Descriptor& job);

/// The same job with another rounding or objective, where one is given.
Descriptor asked_again(const Descriptor& job, std::optional<model::Rounding> rounding, std::optional<model::Objective> objective);

/// Where any time is given (windows, service, duration) the instance has a timetable: seconds become distance units at the
/// vehicle's speed, windows rounded inwards and service upwards; legs are rounded as the job says, by which a plan may be late by a unit a leg.
/// Depot first, customers in the order of the job; RoutingInstance::labels holds their ids.
/// @throws UserError with every mistake at once: JSON pointer or file, line and column
model::RoutingInstance routing_problem(const Descriptor& job);

}  // namespace tempera::descriptor
