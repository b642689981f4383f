// tempera generate: instances from a seed.
#include <fmt/format.h>

#include "io/instances/vrplib.hpp"
#include "io/report/numbers.hpp"
#include "jobs/app/commands.hpp"

namespace tempera::app {

core::ExitCode generate(const GenerateOptions& options, const Invocation& invocation) {
  const model::RoutingInstance instance = options.peak_season ? instances::generate_peak_season(options.peak) : instances::generate_uchoa(options.uchoa);
  instances::write_vrplib(instance, options.out);
  if (invocation.output == OutputMode::text)
    fmt::print("{}: {} with {} customers, capacity {}\n", options.out.string(), instance.name, report::grouped(std::int64_t{instance.customers()}), instance.capacity.value);
  if (invocation.output == OutputMode::json)
    fmt::print("{{\"schema_version\": 1, \"status\": \"generated\", \"exit_code\": 0, \"name\": \"{}\", \"customers\": {}}}\n", instance.name, instance.customers());
  return core::ExitCode::solved;
}

}  // namespace tempera::app
