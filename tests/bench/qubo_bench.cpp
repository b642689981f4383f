// One ladder on one core: what it finds by CPU seconds and how fast it tries moves.
//   qubo_bench FILE SECONDS SEED [sparse|dense|grouped] [TARGET]
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <string>

#include "io/instances/qubo_files.hpp"
#include "solvers/core/budget.hpp"
#include "solvers/model/qubo_referee.hpp"
#include "solvers/qubo/choose.hpp"

using namespace tempera;

int main(int count, char** values) {
  if (count < 4) {
    fmt::print(stderr, "qubo_bench FILE SECONDS SEED [sparse|dense|grouped] [TARGET]\n");
    return 2;
  }
  const std::string file = values[1], wanted = count > 4 ? values[4] : "";
  const double seconds = std::atof(values[2]);
  const bool targeted = count > 5;
  const double target = targeted ? std::atof(values[5]) : 0;
  const bool qap = instances::recognise_file(file) == instances::FileFormat::qaplib;
  const model::QapProblem assignment = qap ? instances::read_qaplib(file) : model::QapProblem{};
  const model::QuboProblem problem = qap ? model::QuboProblem{} : instances::read_qubo(file);
  qubo::Engine engine = qap ? qubo::Engine::grouped : qubo::engine_for(problem);
  for (const qubo::Engine e : {qubo::Engine::sparse, qubo::Engine::dense, qubo::Engine::grouped})
    if (qubo::name_of(e) == wanted) engine = e;

  const double started = core::process_cpu_seconds();
  const auto ladder = qap ? qubo::make_ladder(assignment) : qubo::make_ladder(problem, engine);
  ladder->begin({}, {.seed = std::strtoull(values[3], nullptr, 10), .domain = core::anneal_qubo}, {});
  const double ready = core::process_cpu_seconds();
  const auto objective = [&](std::int64_t energy) { return qap ? static_cast<double>(energy) : problem.objective(energy); };
  const std::uint64_t slice = std::max<std::uint64_t>(1, 1'000'000 / ladder->attempts_per_sweep());
  std::uint64_t sweeps = 0;
  std::int64_t best = std::numeric_limits<std::int64_t>::max();
  double found = 0;
  while (core::process_cpu_seconds() - started < seconds && !(targeted && best != std::numeric_limits<std::int64_t>::max() && objective(best) == target)) {
    ladder->sweep(slice);
    sweeps += slice;
    if (ladder->best().energy < best) best = ladder->best().energy, found = core::process_cpu_seconds() - started;
  }
  const double spent = core::process_cpu_seconds() - ready;
  const model::QuboVerdict verdict = qap ? model::judge(assignment, ladder->best().values) : model::judge(problem, ladder->best().values);
  const std::vector<double> temperatures = ladder->temperatures();
  fmt::print("{} seed {} best {} at {:.2f} s{}  {} sweeps, {:.3f} attempts/ns, T {:.3g} to {:.3g}, {} round trips\n", file.substr(file.rfind('/') + 1), values[3],
             objective(best), found, verdict.feasible && verdict.energy == best ? "" : " REFUSED BY THE REFEREE", sweeps,
             static_cast<double>(sweeps * ladder->attempts_per_sweep()) / spent * 1e-9, temperatures.front(), temperatures.back(), ladder->round_trips());
  return verdict.energy == best ? 0 : 1;
}
