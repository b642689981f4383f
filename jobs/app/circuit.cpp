// tempera circuit: an OpenQASM program on a state vector.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <nlohmann/json.hpp>

#include "io/instances/text_file.hpp"
#include "jobs/app/commands.hpp"
#include "jobs/app/state_vector_setup.hpp"
#include "solvers/core/budget.hpp"
#include "solvers/quantum/openqasm.hpp"
#include "solvers/quantum/qaoa_engine.hpp"
#include "solvers/quantum/register.hpp"

namespace tempera::app {

namespace {
using Json = nlohmann::ordered_json;

// "0,3" as qubits.
std::vector<int> z_string(const std::string& text, int qubits) {
  std::vector<int> string;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    int q = -1;
    const auto [stopped, error] = std::from_chars(text.data() + at, text.data() + end, q);
    if (error != std::errc() || stopped != text.data() + end || q < 0 || q >= qubits)
      throw core::UserError(fmt::format("--z: the value is {}; give qubits from 0 to {}, such as 0,{}.", text, qubits - 1, qubits - 1));
    string.push_back(q);
    at = end + 1;
  }
  return string;
}

// How often each pattern of classical bits was read, highest bit first. Without measurements every qubit is read.
std::map<std::string, std::uint64_t> counts(const quantum::Circuit& circuit, const std::vector<std::uint64_t>& drawn) {
  std::vector<quantum::Measurement> read = circuit.measurements;
  int bits = circuit.bits;
  if (read.empty()) {
    bits = circuit.qubits;
    for (int q = 0; q < circuit.qubits; ++q) read.push_back({q, q});
  }
  std::map<std::string, std::uint64_t> found;
  for (const std::uint64_t index : drawn) {
    std::string text(static_cast<std::size_t>(bits), '0');
    for (const quantum::Measurement& m : read) text[static_cast<std::size_t>(bits - 1 - m.bit)] = index >> m.qubit & 1 ? '1' : '0';
    ++found[text];
  }
  return found;
}

template <class Real>
Json run(const CircuitOptions& options, const quantum::Circuit& circuit, const StateRanks& ranks) {
  const core::Stopwatch watch;
  std::vector<std::vector<int>> strings;
  for (const std::string& text : options.z_strings) strings.push_back(z_string(text, circuit.qubits));
  quantum::Register<Real> state(circuit.qubits, *ranks.group, ranks.threads);
  const auto fused = quantum::fuse(circuit.gates, 3);
  for (const quantum::Gate& gate : fused) state.apply(gate);
  Json json = {{"file", options.file.string()}, {"qubits", circuit.qubits}, {"gates", circuit.gates.size()}, {"fused_gates", fused.size()}, {"ranks", ranks.used},
               {"threads_per_rank", ranks.threads}, {"precision", sizeof(Real) == 8 ? "double" : "single"}, {"norm", state.norm()}, {"seed", options.seed}, {"shots", options.shots}};
  json["z_expectations"] = Json::object();
  for (std::size_t k = 0; k < strings.size(); ++k) json["z_expectations"][options.z_strings[k]] = state.expectation_z(strings[k]);
  json["counts"] = counts(circuit, state.draw(options.shots, options.seed));
  json["seconds"] = watch.seconds();
  return json;
}
}  // namespace

core::ExitCode circuit(const CircuitOptions& options, const Invocation& invocation, comm::Session& session) {
  const quantum::Circuit program = quantum::parse_openqasm(instances::read_text(options.file), options.file.string());
  const StateRanks ranks = take_ranks(session, program.qubits, options.threads);
  if (!ranks.group) return core::ExitCode::solved;
  const bool precise = options.precision == Precision::double_precision;
  require_memory(*ranks.group, program.qubits, [&](int n) { return quantum::planned_bytes(std::max(n, ranks.used), ranks.used, precise ? 8 : 4, quantum::DiagonalKind::levels8, 1); },
                 false);
  const Json json = precise ? run<double>(options, program, ranks) : run<float>(options, program, ranks);
  if (ranks.group->rank() != 0) return core::ExitCode::solved;
  if (invocation.output == OutputMode::json) fmt::print("{}\n", json.dump(2));
  if (invocation.output == OutputMode::text) {
    fmt::print("{} qubits, {} gates ({} after fusion), {:.3g} s\n", program.qubits, program.gates.size(), json["fused_gates"].dump(), json["seconds"].get<double>());
    for (const auto& [string, value] : json["z_expectations"].items()) fmt::print("<Z> of {:<12} {:.10g}\n", string, value.get<double>());
    for (const auto& [bits, count] : json["counts"].items()) fmt::print("{}  {}\n", bits, count.dump());
  }
  return core::ExitCode::solved;
}

}  // namespace tempera::app
