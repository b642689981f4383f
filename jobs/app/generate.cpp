// tempera generate: instances from a seed.
#include <fmt/format.h>

#include "io/instances/rebalancing_file.hpp"
#include "io/instances/vrplib.hpp"
#include "io/report/numbers.hpp"
#include "jobs/app/commands.hpp"

namespace tempera::app {

namespace {
core::ExitCode generate_job(const GenerateOptions& options, const Invocation& invocation) {
  const model::RebalancingProblem problem = instances::generate_rebalancing(options.rebalancing);
  instances::write_rebalancing_job(problem, options.out);
  if (invocation.output == OutputMode::text)
    fmt::print("{} and its tables: {} with {} SKUs, {} sites, {} lanes, {} days\n", options.out.string(), problem.name, report::grouped(static_cast<std::int64_t>(problem.skus.size())),
               problem.sites.size(), problem.lanes.size(), problem.days);
  if (invocation.output == OutputMode::json)
    fmt::print("{{\"schema_version\": 1, \"status\": \"generated\", \"exit_code\": 0, \"name\": \"{}\", \"skus\": {}}}\n", problem.name, problem.skus.size());
  return core::ExitCode::solved;
}
}  // namespace

core::ExitCode generate(const GenerateOptions& options, const Invocation& invocation) {
  if (options.kind == GenerateOptions::Kind::rebalancing) return generate_job(options, invocation);
  const model::RoutingInstance instance = options.kind == GenerateOptions::Kind::peak_season ? instances::generate_peak_season(options.peak) : instances::generate_uchoa(options.uchoa);
  instances::write_vrplib(instance, options.out);
  if (invocation.output == OutputMode::text)
    fmt::print("{}: {} with {} customers, capacity {}\n", options.out.string(), instance.name, report::grouped(std::int64_t{instance.customers()}), instance.capacity.value);
  if (invocation.output == OutputMode::json)
    fmt::print("{{\"schema_version\": 1, \"status\": \"generated\", \"exit_code\": 0, \"name\": \"{}\", \"customers\": {}}}\n", instance.name, instance.customers());
  return core::ExitCode::solved;
}

}  // namespace tempera::app
