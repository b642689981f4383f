// bench, circuit and qaoa: the commands on a state vector, and the bench of the QUBO engines beside them.
#include <fmt/format.h>

#include "jobs/app/command_table.hpp"
#include "jobs/app/help_texts.hpp"
#include "solvers/core/error.hpp"

namespace tempera::app {

namespace {
using core::UserError;

constexpr std::uint64_t most_qubits = 40;

void add_precision(CLI::App* sub, std::string& precision) {
  sub->add_option("--precision", precision, "double or single [double]")->check(one_of({"double", "single"}))->type_name("P");
}
void add_threads(CLI::App* sub, int& threads) {
  sub->add_option("--threads", threads, "of each rank [a share of the processors]")->check(whole_number(1, 1024))->type_name("N");
}
Precision precision_of(const std::string& name) { return name == "single" ? Precision::single_precision : Precision::double_precision; }

struct BenchWords {
  BenchOptions state_vector;
  QuboBenchOptions qubo;
  std::string benched, file, precision = "double", diagonal;
};

Command taken(const BenchWords& words, const CLI::App& sub) {
  if (words.benched == "qubo") {
    for (const char* name : {"--qubits", "--precision", "--diagonal", "--threads", "--layers"})
      if (sub.count(name)) throw UserError(fmt::format("{} belongs to bench statevector. Leave it out.", name));
    if (words.file.empty()) throw UserError("bench qubo needs a file: tempera bench qubo FILE.");
    QuboBenchOptions options = words.qubo;
    options.file = words.file;
    return options;
  }
  for (const char* name : {"FILE", "--seconds"})
    if (sub.count(name)) throw UserError(fmt::format("{} belongs to bench qubo. Leave it out.", name));
  BenchOptions options = words.state_vector;
  options.precision = precision_of(words.precision);
  if (words.diagonal == "uint8") options.diagonal = quantum::DiagonalKind::levels8;
  if (words.diagonal == "uint16") options.diagonal = quantum::DiagonalKind::levels16;
  if (words.diagonal == "float") options.diagonal = quantum::DiagonalKind::real32;
  return options;
}

void add_bench(CommandTable& table) {
  const auto raw = std::make_shared<BenchWords>();
  CLI::App* sub = table.add("bench", "time a kernel of this build on this machine", bench_help, [raw](const CLI::App& parsed) { return taken(*raw, parsed); });
  sub->add_option("WHAT", raw->benched, "statevector: a QAOA layer; qubo: moves on FILE")->required()->check(one_of({"statevector", "qubo"}))->type_name("");
  sub->add_option("FILE", raw->file, "of qubo: a problem to try moves on")->check(not_empty())->type_name("");
  sub->add_option("--seconds", raw->qubo.seconds, "of qubo: CPU time per engine [3]")->check(positive_number())->type_name("SECONDS");
  sub->add_option("--qubits", raw->state_vector.qubits, "of the state vector [26]")->check(whole_number(1, most_qubits))->type_name("N");
  add_precision(sub, raw->precision);
  sub->add_option("--diagonal", raw->diagonal, "stored costs: uint8, uint16 or float\n[the smallest exact]")->check(one_of({"uint8", "uint16", "float"}))->type_name("KIND");
  add_threads(sub, raw->state_vector.threads);
  sub->add_option("--layers", raw->state_vector.layers, "timed [5]")->check(whole_number(1, 100'000))->type_name("N");
}

void add_circuit(CommandTable& table) {
  struct Raw {
    CircuitOptions options;
    std::string precision = "double";
  };
  const auto raw = std::make_shared<Raw>();
  CLI::App* sub = table.add("circuit", "run an OpenQASM circuit", circuit_help, [raw](const CLI::App&) {
    CircuitOptions options = raw->options;
    options.precision = precision_of(raw->precision);
    return options;
  });
  add_path(sub, "FILE", raw->options.file, "OpenQASM 2 program with the gates of qelib1.inc");
  sub->add_option("--shots", raw->options.shots, "measurements [1024]")->check(whole_number(1, 10'000'000))->type_name("N");
  sub->add_option("--seed", raw->options.seed, "of the measurements [1]")->check(whole_number(0))->type_name("N");
  sub->add_option("--z", raw->options.z_strings, "qubits whose product of Z is wanted, such as 0,3;\nmay be repeated")->check(not_empty())->type_name("QUBITS");
  add_precision(sub, raw->precision);
  add_threads(sub, raw->options.threads);
}

struct QaoaWords {
  QaoaOptions options;
  std::string precision = "double", search = "lbfgs", mixer = "complete", start_angles, save_angles, start_state, save_state;
};

QaoaOptions taken(const QaoaWords& words) {
  QaoaOptions options = words.options;
  options.precision = precision_of(words.precision);
  options.search.search = words.search == "ramp" ? quantum::AngleSearch::ramp_only : words.search == "bobyqa" ? quantum::AngleSearch::bobyqa : quantum::AngleSearch::lbfgs;
  options.mixer = words.mixer == "ring" ? quantum::RowMixer::ring : words.mixer == "grover" ? quantum::RowMixer::grover : quantum::RowMixer::complete;
  options.start_angles = path_or_nothing(words.start_angles);
  options.save_angles = path_or_nothing(words.save_angles);
  options.start_state = path_or_nothing(words.start_state);
  options.save_state = path_or_nothing(words.save_state);
  return options;
}

void add_qaoa(CommandTable& table) {
  const auto raw = std::make_shared<QaoaWords>();
  CLI::App* sub = table.add("qaoa", "QAOA on a QUBO, Ising or Max-Cut file", qaoa_help, [raw](const CLI::App&) { return taken(*raw); });
  add_path(sub, "FILE", raw->options.file, "a file that solve reads as QUBO or Max-Cut");
  sub->add_option("--depth", raw->options.search.depth, "layers [4]")->check(whole_number(1, 10'000))->type_name("P");
  sub->add_option("--search", raw->search, "of the angles: ramp, bobyqa or lbfgs [lbfgs]")->check(one_of({"ramp", "bobyqa", "lbfgs"}))->type_name("HOW");
  sub->add_option("--evaluations", raw->options.search.most_evaluations, "at most, of the whole circuit [200]")->check(whole_number(1, 1'000'000))->type_name("N");
  sub->add_option("--tail", raw->options.search.tail_share, "minimise the mean of this lowest share (CVaR) [1]")->check(positive_number())->type_name("SHARE");
  sub->add_option("--fourier", raw->options.search.fourier_terms, "terms that bobyqa moves instead of all angles")->check(whole_number(1, 1000))->type_name("N");
  sub->add_option("--mixer", raw->mixer, "of problems with groups: complete or ring (XY on\npairs), or grover [complete]")->check(one_of({"complete", "ring", "grover"}))->type_name("KIND");
  sub->add_option("--shots", raw->options.shots, "samples [1000]")->check(whole_number(1, 10'000'000))->type_name("N");
  sub->add_option("--seed", raw->options.seed, "of the samples [1]")->check(whole_number(0))->type_name("N");
  add_path_text(sub, "--angles", raw->start_angles, "start from the angles of an earlier run");
  add_path_text(sub, "--save-angles", raw->save_angles, "HDF5 file for the angles");
  add_path_text(sub, "--state", raw->start_state, "take the state that --save-state wrote: no search");
  add_path_text(sub, "--save-state", raw->save_state, "HDF5 file for all amplitudes");
  add_precision(sub, raw->precision);
  add_threads(sub, raw->options.threads);
}
}  // namespace

void add_quantum_commands(CommandTable& table) {
  add_bench(table);
  add_circuit(table);
  add_qaoa(table);
}

}  // namespace tempera::app
