// tempera bench qubo FILE: how fast the engines that fit a problem try moves on this machine, one core.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "io/instances/qubo_files.hpp"
#include "jobs/app/commands.hpp"
#include "solvers/qubo/choose.hpp"
#include "solvers/qubo/dense_ladder.hpp"
#include "solvers/qubo/lane_kernel.hpp"
#include "solvers/qubo/sparse_ladder.hpp"

namespace tempera::app {

namespace {
using Json = nlohmann::ordered_json;

// Sweeps past the first respacings, then times what follows. CPU seconds: other work on the machine does not count.
Json measure(qubo::ReplicaLadder& ladder, double seconds, std::uint64_t seed) {
  ladder.begin({}, {.seed = seed, .domain = core::anneal_qubo}, {});
  const std::uint64_t slice = std::max<std::uint64_t>(1, 1'000'000 / ladder.attempts_per_sweep());
  const double begun = core::process_cpu_seconds();
  while (core::process_cpu_seconds() - begun < seconds / 4) ladder.sweep(slice);
  const double from = core::process_cpu_seconds();
  std::uint64_t sweeps = 0;
  double spent = 0;
  for (; spent < seconds; spent = core::process_cpu_seconds() - from) ladder.sweep(slice), sweeps += slice;
  const std::vector<double> temperatures = ladder.temperatures();
  return {{"attempts_per_nanosecond", static_cast<double>(sweeps * ladder.attempts_per_sweep()) / spent * 1e-9},
          {"sweeps", sweeps}, {"cpu_seconds", spent}, {"coldest_temperature", temperatures.front()}, {"hottest_temperature", temperatures.back()}};
}
}  // namespace

core::ExitCode bench_qubo(const QuboBenchOptions& options, const Invocation& invocation) {
  Json json = {{"schema_version", 1}, {"status", "measured"}, {"exit_code", 0}, {"instructions", qubo::name_of(qubo::best_isa())}};
  if (instances::recognise_file(options.file) == instances::FileFormat::qaplib) {
    const model::QapProblem problem = instances::read_qaplib(options.file);
    json["problem"] = {{"name", problem.name}, {"facilities", problem.size}};
    json["permutation"] = measure(*qubo::make_ladder(problem), options.seconds, 1);
  } else {
    const model::QuboProblem problem = instances::read_qubo(options.file);
    json["problem"] = {{"name", problem.name}, {"variables", problem.variables()}, {"mean_degree", static_cast<double>(problem.column.size()) / problem.variables()}};
    json["chosen"] = qubo::name_of(qubo::engine_for(problem));
    const bool free = problem.groups.empty();
    if (free && qubo::fits_lanes(problem)) json["sparse"] = measure(*qubo::make_ladder(problem, qubo::Engine::sparse), options.seconds, 1);
    if (free && qubo::fits_dense(problem)) json["dense"] = measure(*qubo::make_ladder(problem, qubo::Engine::dense), options.seconds, 1);
    if (!free) json["grouped"] = measure(*qubo::make_ladder(problem, qubo::Engine::grouped), options.seconds, 1);
  }
  if (invocation.output == OutputMode::json) fmt::print("{}\n", json.dump(2));
  if (invocation.output == OutputMode::text)
    for (const auto& [key, value] : json.items()) fmt::print("{:<16} {}\n", key, value.is_string() ? value.get<std::string>() : value.dump());
  return core::ExitCode::solved;
}

}  // namespace tempera::app
