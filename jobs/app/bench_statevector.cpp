// tempera bench statevector: seconds of one QAOA layer beside what the memory of this machine allows.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "jobs/app/commands.hpp"
#include "jobs/app/state_vector_setup.hpp"
#include "solvers/core/budget.hpp"
#include "solvers/quantum/qaoa_engine.hpp"

namespace tempera::app {

namespace {
// A Moebius ladder with whole weights 1 to 5: a 3-regular graph whose cut has at most 256 values up to 50 vertices.
quantum::CostPolynomial ladder(int n) {
  std::vector<quantum::Coupling> edges;
  for (int i = 0; i + 1 < n; ++i) edges.push_back({i, i + 1, 1.0 + i % 5});
  for (int i = 0; i + n / 2 < n && n > 3; ++i) edges.push_back({i, i + n / 2, 1.0 + i % 5});
  return quantum::max_cut(n, edges);
}

// The slowest rank's seconds of `body`, all starting together.
template <class Body>
double timed(core::RankGroup& ranks, Body body) {
  double together = 0;
  ranks.sum({&together, 1});
  const core::Stopwatch watch;
  body();
  std::vector<double> seconds(static_cast<std::size_t>(ranks.size()));
  seconds[static_cast<std::size_t>(ranks.rank())] = watch.seconds();
  ranks.sum(seconds);
  return *std::ranges::max_element(seconds);
}

struct Measured {
  std::vector<double> layers, passes;           // wall seconds
  std::vector<double> layer_cpu, pass_cpu;      // CPU seconds of this rank's threads
  double state_bytes = 0, diagonal_bytes = 0;
  quantum::DiagonalKind diagonal{};
  std::uint64_t sent_per_layer = 0;
};

template <class Real>
Measured measure(const BenchOptions& options, core::RankGroup& ranks, int threads) {
  quantum::QaoaEngine<Real> engine(ladder(options.qubits), ranks, {.threads = threads, .diagonal = options.diagonal});
  auto state = engine.make_state();
  engine.start(state);
  for (int k = 0; k < 2; ++k) engine.layer(state, 0.1, 0.3);  // both orders of the qubits, whose diagonals are built on first use
  Measured m;
  const std::uint64_t sent = ranks.bytes_sent();
  for (int k = 0; k < options.layers; ++k) {  // alternating, so that other work on the machine disturbs both alike
    const double before = core::process_cpu_seconds();
    m.layers.push_back(timed(ranks, [&] { engine.layer(state, 0.1, 0.3); }));
    const double between = core::process_cpu_seconds();
    m.passes.push_back(timed(ranks, [&] { engine.scale(state, k % 2 ? 1.25 : 0.8); }));
    m.layer_cpu.push_back(between - before);
    m.pass_cpu.push_back(core::process_cpu_seconds() - between);
  }
  m.sent_per_layer = (ranks.bytes_sent() - sent) / static_cast<std::uint64_t>(options.layers);
  m.state_bytes = std::exp2(engine.local_qubits()) * 2 * sizeof(Real);
  m.diagonal = engine.scale().kind;
  m.diagonal_bytes = std::exp2(engine.local_qubits()) * static_cast<double>(quantum::bytes_per_cost(m.diagonal));
  return m;
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

nlohmann::ordered_json told(const BenchOptions& options, const StateRanks& ranks, const Measured& m, std::uint64_t planned) {
  const double layer = *std::ranges::min_element(m.layers), pass = *std::ranges::min_element(m.passes);
  const double layer_cpu = *std::ranges::min_element(m.layer_cpu), pass_cpu = *std::ranges::min_element(m.pass_cpu);
  const double bandwidth = 2 * m.state_bytes / pass;                         // read and written
  const double floor = 2 * pass + m.diagonal_bytes / bandwidth;
  const bool precise = options.precision == Precision::double_precision;
  return {{"qubits", options.qubits},
          {"precision", precise ? "double" : "single"},
          {"diagonal", quantum::name_of(m.diagonal)},
          {"instruction_set", quantum::name_of(quantum::best_instruction_set())},
          {"ranks", ranks.used},
          {"idle_ranks", ranks.world - ranks.used},
          {"threads_per_rank", ranks.threads},
          {"planned_bytes_per_rank", planned},
          {"layers", options.layers},
          {"layer_seconds", layer},
          {"layer_seconds_median", median(m.layers)},
          {"bandwidth_gigabytes_per_second_per_rank", bandwidth / 1e9},
          {"floor_seconds", floor},
          {"layer_over_floor", layer / floor},
          {"layer_over_floor_median", median(m.layers) / (2 * median(m.passes) * floor / (2 * pass))},
          {"layer_cpu_seconds", layer_cpu},
          {"layer_over_floor_cpu", layer_cpu / (floor / pass * pass_cpu)},
          {"sent_bytes_per_rank_per_layer", m.sent_per_layer}};
}
}  // namespace

core::ExitCode bench(const BenchOptions& options, const Invocation& invocation, comm::Session& session) {
  const StateRanks ranks = take_ranks(session, options.qubits, options.threads);
  if (!ranks.group) return core::ExitCode::solved;
  const bool precise = options.precision == Precision::double_precision;
  const auto planned = [&](int n) {
    return quantum::planned_bytes(std::max(n, ranks.used), ranks.used, precise ? 8 : 4, options.diagonal.value_or(quantum::DiagonalKind::levels8), 1);
  };
  require_memory(*ranks.group, options.qubits, planned, invocation.output == OutputMode::text);
  const Measured measured = precise ? measure<double>(options, *ranks.group, ranks.threads) : measure<float>(options, *ranks.group, ranks.threads);
  if (ranks.group->rank() != 0 || invocation.output == OutputMode::quiet) return core::ExitCode::solved;
  const auto json = told(options, ranks, measured, planned(options.qubits));
  if (invocation.output == OutputMode::json) fmt::print("{}\n", json.dump(2));
  else
    for (const auto& [key, value] : json.items()) fmt::print("{:<40} {}\n", key, value.is_string() ? value.get<std::string>() : value.dump());
  return core::ExitCode::solved;
}

}  // namespace tempera::app
