#include "jobs/app/command_line.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <map>
#include <string_view>
#include <vector>

#include "jobs/app/help_texts.hpp"
#include "jobs/app/value_checks.hpp"
#include "solvers/core/error.hpp"
#include "solvers/core/nearest_name.hpp"
#include "solvers/model/top_choice.hpp"

namespace tempera::app {

namespace {
using core::UserError;

constexpr std::uint64_t most_replicas = 4096;
constexpr std::uint64_t most_ranks = 1'000'000;
constexpr std::uint64_t most_qubits = 40;

std::vector<std::string_view> names(std::span<const std::string_view> list) { return {list.begin(), list.end()}; }

struct Raw {  // values as CLI11 stores them, before they become options
  double budget = 0;
  std::uint64_t iterations = 0;
  std::string rounding, warm_start, out, html, action, output = "text", progress = "auto", instance, solution, kind = "uchoa", depot = "random",
              positions = "random", demand = "1-100", file;
  double best_known = 0, target = 0, max_hours = 0;
  std::string name, partition, account, site, log_dir;
  model::HybridRequest hybrid;
  std::uint64_t seeds = 1;
  int tasks = 0, memory = 0;
  std::string benched, precision = "double", diagonal, search = "lbfgs", mixer = "complete", start_angles, save_angles, start_state, save_state;
};

class Line {
 public:
  Line() : app_("", "tempera") {
    app_.require_subcommand(1);
    app_.set_version_flag("--version", "tempera " TEMPERA_VERSION);
    add_solve();
    add_resume();
    add_check();
    add_generate();
    add_convert();
    add_info();
    add_report();
    add_backtest();
    add_audit();
    add_status();
    add_submit();
    add_bench();
    add_circuit();
    add_qaoa();
  }

  ParsedLine parse(int count, const char* const* values) {
    if (count < 2) throw UserError("No command given. Try: tempera solve FILE --budget 60, or tempera --help.");
    std::vector<std::string> words(values + 1, values + count);
    if (words.front() == "help") {  // tempera help solve
      words.erase(words.begin());
      words.push_back("--help");
    }
    refuse_unknown_command(words.front());
    if (const auto dashes = std::ranges::find(words, "--"); words.front() == "submit" && dashes != words.end()) {  // options of the submitted command, not ours
      submit_.more_words.assign(dashes + 1, words.end());
      words.erase(dashes, words.end());
    }
    std::ranges::reverse(words);  // as CLI11 takes them
    try {
      app_.parse(words);
    } catch (const CLI::CallForHelp&) {
      return {.command = {}, .text = help_text()};
    } catch (const CLI::CallForVersion&) {
      return {.command = {}, .text = "tempera " TEMPERA_VERSION "\n"};
    } catch (const CLI::ParseError& error) {
      throw UserError(explain(error));
    }
    return {.command = command(), .text = {}, .output = output_mode()};
  }

 private:
  CLI::App* add(const char* name, const char* one_line, const char* examples) {
    CLI::App* sub = app_.add_subcommand(name, one_line);
    examples_[name] = examples;
    sub->add_option("--output", raw_.output, "text, json (one value on stdout) or quiet [text]")->check(one_of({"text", "json", "quiet"}))->type_name("MODE");
    return sub;
  }

  static void add_path(CLI::App* sub, const char* name, std::filesystem::path& path, const char* help) {
    sub->add_option(name, path, help)->required()->check(not_empty())->type_name("");
  }
  static void add_path_text(CLI::App* sub, const char* name, std::string& path, const char* help) {
    sub->add_option(name, path, help)->check(not_empty())->type_name("PATH");
  }

  void add_run_options(CLI::App* sub, const char* budget_help) {
    auto* budget = sub->add_option("--budget", raw_.budget, budget_help)->check(positive_number())->type_name("SECONDS");
    sub->add_option("--iterations", raw_.iterations, "annealing iterations instead of a budget:\nthe same answer on any number of ranks")
        ->check(whole_number(1))->excludes(budget)->type_name("N");
    add_path_text(sub, "--out", raw_.out, "directory for the results");
    sub->add_option("--target", raw_.target, "objective at which to stop (QUBO, Max-Cut, QAP)")->check(any_number())->type_name("VALUE");
    sub->add_option("--hybrid", raw_.hybrid.choices, "after annealing put the best K routes (or moves\nof stock) to CBC, tempering and QAOA")
        ->check(whole_number(1, model::most_choices))->type_name("K");
    sub->add_option("--hybrid-depth", raw_.hybrid.depth, "layers of its circuit [4]")->check(whole_number(1, 100))->type_name("P");
    sub->add_option("--hybrid-shots", raw_.hybrid.shots, "samples of its circuit [1000]")->check(whole_number(1, 10'000'000))->type_name("N");
    sub->add_option("--checkpoint-every", run_.checkpoint_seconds, "between checkpoints [60]")->check(positive_number())->type_name("SECONDS");
    sub->add_option("--max-hours", raw_.max_hours, "stop with a checkpoint before so much wall time\nis over [the end of the Slurm job]")
        ->check(positive_number())->type_name("HOURS");
    sub->add_option("--worker-timeout", run_.worker_timeout_seconds, "a rank silent for longer is given up, and the\nrun goes on without it [30]")
        ->check(positive_number())->type_name("SECONDS");
    add_path_text(sub, "--log-dir", raw_.log_dir, "directory for a log per rank and an event trace\nin JSON lines [none]");
    sub->add_option("--progress", raw_.progress, "auto or off [auto]")->check(one_of({"auto", "off"}))->type_name("MODE");
  }

  void add_rounding(CLI::App* sub) {
    sub->add_option("--round", raw_.rounding, "distances: nearest, trunc, dimacs, exact, none\n[nearest]")
        ->check(one_of({"nearest", "trunc", "dimacs", "exact", "none"}))->type_name("RULE");
  }

  void add_solve() {
    CLI::App* sub = add("solve", "solve an instance", solve_help);
    add_path(sub, "FILE", solve_.file, "instance (.vrp, .mc, .qubo, .coo, .dat, dimod BQM,\nplacement network) or job (.json)");
    add_run_options(sub, "wall seconds, reading and writing included [60]");
    sub->add_option("--seed", solve_.seed, "of all random numbers [1]")->check(whole_number(0))->type_name("N");
    sub->add_option("--replicas", run_.replicas, "whole solutions on the temperature ladder\n[chosen by size and ranks]")->check(whole_number(1, most_replicas))->type_name("N");
    add_rounding(sub);
    add_path_text(sub, "--warm-start", raw_.warm_start, "a .sol file or a result.h5 to start from;\nrepaired if it is partial or infeasible");
    sub->add_option("--best-known", raw_.best_known, "cost to show the gap to\n[from BKS.csv or a .sol beside the file]")->check(any_number())->type_name("COST");
  }

  void add_resume() {
    CLI::App* sub = add("resume", "go on with a run from its checkpoint", resume_help);
    add_path(sub, "FILE", resume_.from, "checkpoint.h5, result.h5, or the directory of one");
    add_run_options(sub, "total wall seconds, with earlier runs [as before]");
    add_path_text(sub, "--instance", raw_.instance, "where the instance lies now [where it was]");
  }

  void add_check() {
    CLI::App* sub = add("check", "check an instance, or a solution against it", check_help);
    add_path(sub, "FILE", check_.file, "instance (.vrp, .mc, .qubo, .coo, .dat, dimod BQM,\nplacement network) or job (.json)");
    add_path_text(sub, "--solution", raw_.solution, "a .sol file or a result.h5 to judge");
    add_rounding(sub);
    sub->add_option("--budget", check_.budget_seconds, "to plan for [60]")->check(positive_number())->type_name("SECONDS");
    sub->add_option("--ranks", check_.ranks, "to plan for [1]")->check(whole_number(1, most_ranks))->type_name("N");
  }

  void add_generate() {
    CLI::App* sub = add("generate", "make an instance from a seed", generate_help);
    sub->add_option("--kind", raw_.kind, "uchoa, peak-season or rebalancing [uchoa]")->check(one_of({"uchoa", "peak-season", "rebalancing"}))->type_name("KIND");
    sub->add_option("--customers", generate_.uchoa.customers, "1 to 100,000 [uchoa 100, peak-season 400]")->check(whole_number(1, 100'000))->type_name("N");
    sub->add_option("--depot", raw_.depot, "random, centric or cornered [random]")->check(one_of(names(instances::depot_position_names())))->type_name("WHERE");
    sub->add_option("--positions", raw_.positions, "random, clustered or random-clustered [random]")
        ->check(one_of(names(instances::customer_position_names())))->type_name("HOW");
    sub->add_option("--cluster-seeds", generate_.uchoa.seeds, "clusters [3 to 8, drawn]")->check(whole_number(1, 100'000))->type_name("N");
    sub->add_option("--demand", raw_.demand, "unitary, 1-10, 5-10, 1-100, 50-100, quadrant,\nmany-small [1-100]")
        ->check(one_of(names(instances::demand_kind_names())))->type_name("KIND");
    sub->add_option("--route-size", generate_.uchoa.route_size, "customers per route [3 to 25, drawn]")->check(positive_number())->type_name("N");
    sub->add_option("--towns", generate_.peak.towns, "of a peak season [6]")->check(whole_number(1, 100'000))->type_name("N");
    sub->add_option("--skus", generate_.rebalancing.skus, "of rebalancing [20]")->check(whole_number(1, 100'000))->type_name("N");
    sub->add_option("--dcs", generate_.rebalancing.dcs, "regional sites of rebalancing [5]")->check(whole_number(1, 200))->type_name("N");
    sub->add_option("--days", generate_.rebalancing.days, "of rebalancing [14]")->check(whole_number(2, 366))->type_name("N");
    sub->add_option("--seed", generate_.uchoa.seed, "of all random numbers [1]")->check(whole_number(0))->type_name("N");
    sub->add_option("--out", generate_.out, "file to write; rebalancing: the job, its tables\nbeside it")->required()->check(not_empty())->type_name("PATH");
  }

  void add_convert() {
    CLI::App* sub = add("convert", "a QUBO or Max-Cut file as a dimod BQM", convert_help);
    add_path(sub, "FILE", convert_.file, "a file that solve reads as QUBO or Max-Cut");
    sub->add_option("--out", convert_.out, "file to write")->required()->check(not_empty())->type_name("PATH");
    sub->add_option("--schema", convert_.schema, "of the BQM: 1, 2 or 3 [3]")->check(whole_number(1, 3))->type_name("N");
  }

  void add_info() {
    CLI::App* sub = add("info", "versions and machine, or what a file holds", info_help);
    sub->add_option("FILE", raw_.file, "an instance or a run file")->check(not_empty())->type_name("");
  }
  void add_backtest() {
    CLI::App* sub = add("backtest", "play ordering policies through demand", backtest_help);
    add_path(sub, "FILE", backtest_.file, "a JSON job of type backtest");
    add_path_text(sub, "--out", raw_.out, "directory for the result [runs/<name of FILE>]");
  }
  void add_report() {
    CLI::App* sub = add("report", "a page about a run, and its result again", report_help);
    add_path(sub, "FILE", report_.from, "result.h5, checkpoint.h5, or the directory of one");
    add_path_text(sub, "--html", raw_.html, "where the page goes [report.html beside FILE]");
  }

  void add_audit() {
    CLI::App* sub = add("audit", "check that a run's audit trail is whole", audit_help);
    sub->add_option("ACTION", raw_.action, "verify")->required()->check(one_of({"verify"}))->type_name("");
    add_path(sub, "DIR", audit_.from, "the directory of a run, or an audit.jsonl");
  }

  void add_status() {
    CLI::App* sub = add("status", "what the runs in some folders are doing", status_help);
    sub->add_option("DIR", submit_.files, "--out directory of a run; several make a table")->required()->check(not_empty())->type_name("");
  }

  void add_submit() {
    CLI::App* sub = add("submit", "write a Slurm batch script and submit it", submit_help);
    sub->add_option("FILE", submit_.files, "instances; several make a job array")->required()->check(not_empty())->type_name("");
    sub->add_option("--command", submit_.command, "solve, qaoa or circuit [solve]")->check(one_of({"solve", "qaoa", "circuit"}))->type_name("NAME");
    sub->add_option("--nodes", submit_.nodes, "per run [1]")->check(whole_number(1, most_ranks))->type_name("N");
    sub->add_option("--tasks-per-node", raw_.tasks, "ranks, one per core [site file, or sinfo's cores]")->check(whole_number(1, most_ranks))->type_name("N");
    sub->add_option("--time", submit_.time, "of the allocation: minutes, H:MM:SS or D-HH:MM:SS\n[1:00:00]")->check(not_empty())->type_name("TIME");
    auto* budget = sub->add_option("--budget", raw_.budget, "total wall seconds over all restarts\n[what --time allows]")->check(positive_number())->type_name("SECONDS");
    sub->add_option("--iterations", raw_.iterations, "annealing iterations instead of a budget")->check(whole_number(1))->excludes(budget)->type_name("N");
    sub->add_option("--seeds", raw_.seeds, "run every file with the seeds 1 to N [1]")->check(whole_number(1, 10'000))->type_name("N");
    add_path_text(sub, "--out", raw_.out, "directory for script, logs and results\n[runs/FILE]");
    sub->add_option("--checkpoint-every", submit_.checkpoint_seconds, "between checkpoints [60]")->check(positive_number())->type_name("SECONDS");
    sub->add_option("--worker-timeout", submit_.worker_timeout_seconds, "a rank silent for longer is given up [30]")->check(positive_number())->type_name("SECONDS");
    sub->add_option("--max-restarts", submit_.max_restarts, "requeues at most [20]")->check(whole_number(0, 10'000))->type_name("N");
    sub->add_option("--memory", raw_.memory, "per rank [from the problem]")->check(whole_number(1, 10'000'000))->type_name("MIB");
    sub->add_option("--name", raw_.name, "of the job [tempera-FILE]")->check(not_empty())->type_name("NAME");
    sub->add_option("--partition", raw_.partition, "Slurm partition")->check(not_empty())->type_name("NAME");
    sub->add_option("--account", raw_.account, "Slurm account")->check(not_empty())->type_name("NAME");
    add_path_text(sub, "--site", raw_.site, "what is particular to the cluster, see\nslurm/sites [$TEMPERA_SITE]");
    sub->add_flag("--report", submit_.report, "a second job compares all runs at their end");
    sub->add_flag("--dry-run", submit_.dry_run, "print the script, submit nothing");
  }

  void add_bench() {
    CLI::App* sub = add("bench", "time a kernel of this build on this machine", bench_help);
    sub->add_option("WHAT", raw_.benched, "statevector: a QAOA layer; qubo: moves on FILE")->required()->check(one_of({"statevector", "qubo"}))->type_name("");
    sub->add_option("FILE", raw_.file, "of qubo: a problem to try moves on")->check(not_empty())->type_name("");
    sub->add_option("--seconds", qubo_bench_.seconds, "of qubo: CPU time per engine [3]")->check(positive_number())->type_name("SECONDS");
    sub->add_option("--qubits", bench_.qubits, "of the state vector [26]")->check(whole_number(1, most_qubits))->type_name("N");
    add_precision(sub);
    sub->add_option("--diagonal", raw_.diagonal, "stored costs: uint8, uint16 or float\n[the smallest exact]")->check(one_of({"uint8", "uint16", "float"}))->type_name("KIND");
    add_threads(sub, bench_.threads);
    sub->add_option("--layers", bench_.layers, "timed [5]")->check(whole_number(1, 100'000))->type_name("N");
  }

  void add_circuit() {
    CLI::App* sub = add("circuit", "run an OpenQASM circuit", circuit_help);
    add_path(sub, "FILE", circuit_.file, "OpenQASM 2 program with the gates of qelib1.inc");
    sub->add_option("--shots", circuit_.shots, "measurements [1024]")->check(whole_number(1, 10'000'000))->type_name("N");
    sub->add_option("--seed", circuit_.seed, "of the measurements [1]")->check(whole_number(0))->type_name("N");
    sub->add_option("--z", circuit_.z_strings, "qubits whose product of Z is wanted, such as 0,3;\nmay be repeated")->check(not_empty())->type_name("QUBITS");
    add_precision(sub);
    add_threads(sub, circuit_.threads);
  }

  void add_qaoa() {
    CLI::App* sub = add("qaoa", "QAOA on a QUBO, Ising or Max-Cut file", qaoa_help);
    add_path(sub, "FILE", qaoa_.file, "a file that solve reads as QUBO or Max-Cut");
    sub->add_option("--depth", qaoa_.search.depth, "layers [4]")->check(whole_number(1, 10'000))->type_name("P");
    sub->add_option("--search", raw_.search, "of the angles: ramp, bobyqa or lbfgs [lbfgs]")->check(one_of({"ramp", "bobyqa", "lbfgs"}))->type_name("HOW");
    sub->add_option("--evaluations", qaoa_.search.most_evaluations, "at most, of the whole circuit [200]")->check(whole_number(1, 1'000'000))->type_name("N");
    sub->add_option("--tail", qaoa_.search.tail_share, "minimise the mean of this lowest share (CVaR) [1]")->check(positive_number())->type_name("SHARE");
    sub->add_option("--fourier", qaoa_.search.fourier_terms, "terms that bobyqa moves instead of all angles")->check(whole_number(1, 1000))->type_name("N");
    sub->add_option("--mixer", raw_.mixer, "of one-hot groups: complete, ring or grover\n[complete]")->check(one_of({"complete", "ring", "grover"}))->type_name("KIND");
    sub->add_option("--shots", qaoa_.shots, "samples [1000]")->check(whole_number(1, 10'000'000))->type_name("N");
    sub->add_option("--seed", qaoa_.seed, "of the samples [1]")->check(whole_number(0))->type_name("N");
    add_path_text(sub, "--angles", raw_.start_angles, "start from the angles of an earlier run");
    add_path_text(sub, "--save-angles", raw_.save_angles, "HDF5 file for the angles");
    add_path_text(sub, "--state", raw_.start_state, "take the state that --save-state wrote: no search");
    add_path_text(sub, "--save-state", raw_.save_state, "HDF5 file for all amplitudes");
    add_precision(sub);
    add_threads(sub, qaoa_.threads);
  }

  void add_precision(CLI::App* sub) {
    sub->add_option("--precision", raw_.precision, "double or single [double]")->check(one_of({"double", "single"}))->type_name("P");
  }
  static void add_threads(CLI::App* sub, int& threads) {
    sub->add_option("--threads", threads, "of each rank [a share of the processors]")->check(whole_number(1, 1024))->type_name("N");
  }
  Precision precision() const { return raw_.precision == "single" ? Precision::single_precision : Precision::double_precision; }

  // Examples stand first: most who ask for help want a line to copy.
  std::string help_text() {
    const CLI::App* sub = chosen();
    const auto found = examples_.find(sub->get_name());
    return fmt::format("{}\n\n{}", found == examples_.end() ? top_help : found->second, sub == &app_ ? sub->help() : sub->help("tempera"));
  }

  CLI::App* chosen() {
    const auto subs = app_.get_subcommands();
    return subs.empty() ? &app_ : subs.front();
  }

  void refuse_unknown_command(std::string_view word) {
    if (word.starts_with("-")) return;
    std::vector<std::string> commands;
    for (const CLI::App* sub : app_.get_subcommands({})) commands.push_back(sub->get_name());
    if (std::ranges::find(commands, word) != commands.end()) return;
    const std::vector<std::string_view> views(commands.begin(), commands.end());
    const auto nearest = core::nearest_name(word, views);
    throw UserError(fmt::format("There is no command '{}'. {}Commands: {}.", word, nearest ? fmt::format("Did you mean '{}'? ", *nearest) : "", fmt::join(views, ", ")));
  }

  std::string explain(const CLI::ParseError& error) {
    const CLI::App* sub = chosen();
    const std::string see = fmt::format(" See: tempera {}--help.", sub == &app_ ? "" : sub->get_name() + " ");
    for (const std::string& extra : sub->remaining(true)) {
      if (!extra.starts_with("-")) return fmt::format("'{}' is not expected here.{}", extra, see);
      const auto nearest = nearest_option(*sub, extra.substr(0, extra.find('=')));
      return fmt::format("There is no option {}.{}{}", extra, nearest.empty() ? "" : fmt::format(" Did you mean {}?", nearest), see);
    }
    return in_our_words(error) + see;
  }

  static std::string nearest_option(const CLI::App& sub, const std::string& word) {
    std::vector<std::string> options;
    for (const CLI::Option* option : sub.get_options())
      for (const std::string& name : option->get_lnames()) options.push_back("--" + name);
    const std::vector<std::string_view> views(options.begin(), options.end());
    return std::string(core::nearest_name(word, views).value_or(""));
  }

  // A sentence with the option's name, where CLI11 counts arguments.
  static std::string in_our_words(const CLI::ParseError& error) {
    std::string text = error.what();
    const std::string option = text.substr(0, text.find(':'));
    if (error.get_name() == "ArgumentMismatch")
      return text.find("received") != std::string::npos ? option + " is given more than once. Give it once." : option + " needs a value.";
    if (error.get_name() == "ExcludesError") return "Give either --budget or --iterations, not both.";
    if (!text.ends_with('.') && !text.ends_with('?')) text += '.';
    return text;
  }

  OutputMode output_mode() const { return raw_.output == "json" ? OutputMode::json : raw_.output == "quiet" ? OutputMode::quiet : OutputMode::text; }

  RunOptions run_options(const CLI::App* sub) const {
    RunOptions run = run_;
    if (sub->count("--budget")) run.limit.seconds = raw_.budget;
    if (sub->count("--iterations")) run.limit.iterations = raw_.iterations;
    if (sub->count("--max-hours")) run.max_hours = raw_.max_hours;
    if (sub->count("--target")) run.target = raw_.target;
    if (sub->count("--hybrid")) run.hybrid = raw_.hybrid;
    for (const char* name : {"--hybrid-depth", "--hybrid-shots"})
      if (!run.hybrid && sub->count(name)) throw UserError(fmt::format("{} needs --hybrid K beside it.", name));
    run.out = raw_.out;
    run.log_dir = raw_.log_dir;
    run.progress = raw_.progress != "off";
    return run;
  }

  static std::optional<std::filesystem::path> path_or_nothing(const std::string& text) {
    return text.empty() ? std::nullopt : std::optional<std::filesystem::path>(text);
  }

  Command command() {
    const CLI::App* sub = chosen();
    const auto rounding = raw_.rounding.empty() ? std::nullopt : model::rounding_from_name(raw_.rounding);
    if (sub->get_name() == "solve") {
      solve_.run = run_options(sub);
      solve_.load.rounding = rounding;
      solve_.warm_start = path_or_nothing(raw_.warm_start);
      if (sub->count("--best-known")) solve_.best_known = raw_.best_known;
      return solve_;
    }
    if (sub->get_name() == "resume") {
      resume_.run = run_options(sub);
      resume_.instance = path_or_nothing(raw_.instance);
      return resume_;
    }
    if (sub->get_name() == "check") {
      check_.solution = path_or_nothing(raw_.solution);
      check_.load.rounding = rounding;
      return check_;
    }
    if (sub->get_name() == "generate") return generate_command(sub);
    if (sub->get_name() == "status") return StatusOptions{submit_.files};
    if (sub->get_name() == "submit") return submit_command(sub);
    if (sub->get_name() == "bench") return bench_command(sub);
    if (sub->get_name() == "backtest") {
      backtest_.out = raw_.out;
      return backtest_;
    }
    if (sub->get_name() == "circuit") {
      circuit_.precision = precision();
      return circuit_;
    }
    if (sub->get_name() == "qaoa") return qaoa_command();
    if (sub->get_name() == "info") return InfoOptions{path_or_nothing(raw_.file)};
    if (sub->get_name() == "audit") return audit_;
    if (sub->get_name() == "convert") return convert_;
    report_.html = path_or_nothing(raw_.html);
    return report_;
  }

  Command submit_command(const CLI::App* sub) {
    if (sub->count("--budget")) submit_.limit.seconds = raw_.budget;
    if (sub->count("--iterations")) submit_.limit.iterations = raw_.iterations;
    if (sub->count("--tasks-per-node")) submit_.tasks_per_node = raw_.tasks;
    if (sub->count("--memory")) submit_.memory_mebibytes = raw_.memory;
    submit_.seeds.clear();
    for (std::uint64_t seed = 1; seed <= raw_.seeds; ++seed) submit_.seeds.push_back(seed);
    const auto text = [](const std::string& value) { return value.empty() ? std::nullopt : std::optional<std::string>(value); };
    submit_.name = text(raw_.name);
    submit_.partition = text(raw_.partition);
    submit_.account = text(raw_.account);
    submit_.site = path_or_nothing(raw_.site);
    submit_.out = raw_.out;
    return submit_;
  }

  Command qaoa_command() {
    qaoa_.precision = precision();
    qaoa_.search.search = raw_.search == "ramp" ? quantum::AngleSearch::ramp_only : raw_.search == "bobyqa" ? quantum::AngleSearch::bobyqa : quantum::AngleSearch::lbfgs;
    qaoa_.mixer = raw_.mixer == "ring" ? quantum::RowMixer::ring : raw_.mixer == "grover" ? quantum::RowMixer::grover : quantum::RowMixer::complete;
    qaoa_.start_angles = path_or_nothing(raw_.start_angles);
    qaoa_.save_angles = path_or_nothing(raw_.save_angles);
    qaoa_.start_state = path_or_nothing(raw_.start_state);
    qaoa_.save_state = path_or_nothing(raw_.save_state);
    return qaoa_;
  }

  Command bench_command(const CLI::App* sub) {
    if (raw_.benched == "qubo") {
      for (const char* name : {"--qubits", "--precision", "--diagonal", "--threads", "--layers"})
        if (sub->count(name)) throw UserError(fmt::format("{} belongs to bench statevector. Leave it out.", name));
      if (raw_.file.empty()) throw UserError("bench qubo needs a file: tempera bench qubo FILE.");
      qubo_bench_.file = raw_.file;
      return qubo_bench_;
    }
    for (const char* name : {"FILE", "--seconds"})
      if (sub->count(name)) throw UserError(fmt::format("{} belongs to bench qubo. Leave it out.", name));
    bench_.precision = precision();
    if (raw_.diagonal == "uint8") bench_.diagonal = quantum::DiagonalKind::levels8;
    if (raw_.diagonal == "uint16") bench_.diagonal = quantum::DiagonalKind::levels16;
    if (raw_.diagonal == "float") bench_.diagonal = quantum::DiagonalKind::real32;
    return bench_;
  }

  Command generate_command(const CLI::App* sub) {
    using Kind = GenerateOptions::Kind;
    generate_.kind = raw_.kind == "peak-season" ? Kind::peak_season : raw_.kind == "rebalancing" ? Kind::rebalancing : Kind::uchoa;
    // An option of another kind would be ignored without a word.
    const auto belongs = [&](Kind kind, const char* kind_name, std::initializer_list<const char*> options) {
      for (const char* name : options)
        if (generate_.kind != kind && sub->count(name))
          throw UserError(kind == Kind::uchoa ? fmt::format("{} belongs to --kind uchoa. Leave it out, or leave out --kind {}.", name, raw_.kind)
                                              : fmt::format("{} belongs to --kind {}. Leave it out, or add --kind {}.", name, kind_name, kind_name));
    };
    belongs(Kind::uchoa, "uchoa", {"--depot", "--positions", "--cluster-seeds", "--demand", "--route-size"});
    belongs(Kind::peak_season, "peak-season", {"--towns"});
    belongs(Kind::rebalancing, "rebalancing", {"--skus", "--dcs", "--days"});
    if (generate_.kind == Kind::rebalancing && sub->count("--customers")) throw UserError("--customers is about routing. Leave it out, or leave out --kind rebalancing.");
    generate_.rebalancing.seed = generate_.uchoa.seed;
    generate_.uchoa.depot = *instances::depot_position_from_name(raw_.depot);
    generate_.uchoa.positions = *instances::customer_position_from_name(raw_.positions);
    generate_.uchoa.demand = *instances::demand_kind_from_name(raw_.demand);
    if (sub->count("--customers")) generate_.peak.customers = generate_.uchoa.customers;
    generate_.peak.seed = generate_.uchoa.seed;
    return generate_;
  }

  CLI::App app_;
  std::map<std::string, std::string> examples_;  // per command
  Raw raw_;
  RunOptions run_;
  SolveOptions solve_;
  ResumeOptions resume_;
  CheckOptions check_;
  GenerateOptions generate_;
  ConvertOptions convert_;
  ReportOptions report_;
  BacktestOptions backtest_;
  AuditOptions audit_;
  SubmitOptions submit_;
  BenchOptions bench_;
  QuboBenchOptions qubo_bench_;
  CircuitOptions circuit_;
  QaoaOptions qaoa_;
};
}  // namespace

ParsedLine parse_command_line(int count, const char* const* values) { return Line().parse(count, values); }

bool asks_for_json(int count, const char* const* values) {
  for (int k = 1; k < count; ++k) {
    const std::string_view value = values[k];
    if (value == "--output=json" || (value == "--output" && k + 1 < count && std::string_view(values[k + 1]) == "json")) return true;
  }
  return false;
}

}  // namespace tempera::app
