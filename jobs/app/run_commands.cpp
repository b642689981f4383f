// solve, resume, check, submit, compare and batch: the commands that drive runs.
#include <fmt/format.h>

#include <sstream>

#include "jobs/app/command_table.hpp"
#include "jobs/app/help_texts.hpp"
#include "solvers/core/error.hpp"
#include "solvers/model/top_choice.hpp"

namespace tempera::app {

namespace {
constexpr std::uint64_t most_replicas = 4096;
constexpr std::uint64_t most_ranks = 1'000'000;

// How a run is driven, as CLI11 stores it.
struct RunWords {
  RunOptions options;
  double budget = 0, target = 0, max_hours = 0;
  std::uint64_t iterations = 0;
  model::HybridRequest hybrid;
  std::string out, log_dir, progress = "auto";
};

void add_run_options(CLI::App* sub, RunWords& words, const char* budget_help) {
  auto* budget = sub->add_option("--budget", words.budget, budget_help)->check(positive_number())->type_name("SECONDS");
  sub->add_option("--iterations", words.iterations, "annealing iterations instead of a budget:\nthe same answer on any number of ranks")
      ->check(whole_number(1))->excludes(budget)->type_name("N");
  add_path_text(sub, "--out", words.out, "directory for the results");
  sub->add_option("--target", words.target, "objective at which to stop (QUBO, Max-Cut, QAP)")->check(any_number())->type_name("VALUE");
  sub->add_option("--hybrid", words.hybrid.choices, "after annealing put the best K routes (or moves\nof stock) to CBC, tempering and QAOA")
      ->check(whole_number(1, model::most_choices))->type_name("K");
  sub->add_option("--hybrid-depth", words.hybrid.depth, "layers of its circuit [4]")->check(whole_number(1, 100))->type_name("P");
  sub->add_option("--hybrid-shots", words.hybrid.shots, "samples of its circuit [1000]")->check(whole_number(1, 10'000'000))->type_name("N");
  sub->add_option("--checkpoint-every", words.options.checkpoint_seconds, "between checkpoints [60]")->check(positive_number())->type_name("SECONDS");
  sub->add_option("--max-hours", words.max_hours, "stop with a checkpoint before so much wall time\nis over [the end of the Slurm job]")
      ->check(positive_number())->type_name("HOURS");
  sub->add_option("--worker-timeout", words.options.worker_timeout_seconds, "a rank silent for longer is given up, and the\nrun goes on without it [30]")
      ->check(positive_number())->type_name("SECONDS");
  add_path_text(sub, "--log-dir", words.log_dir, "directory for a log per rank and an event trace\nin JSON lines [none]");
  sub->add_option("--progress", words.progress, "auto or off [auto]")->check(one_of({"auto", "off"}))->type_name("MODE");
}

RunOptions taken(const RunWords& words, const CLI::App& sub) {
  RunOptions run = words.options;
  if (sub.count("--budget")) run.limit.seconds = words.budget;
  if (sub.count("--iterations")) run.limit.iterations = words.iterations;
  if (sub.count("--max-hours")) run.max_hours = words.max_hours;
  if (sub.count("--target")) run.target = words.target;
  if (sub.count("--hybrid")) run.hybrid = words.hybrid;
  for (const char* name : {"--hybrid-depth", "--hybrid-shots"})
    if (!run.hybrid && sub.count(name)) throw core::UserError(fmt::format("{} needs --hybrid K beside it.", name));
  run.out = words.out;
  run.log_dir = words.log_dir;
  run.progress = words.progress != "off";
  return run;
}

// How a file becomes a problem, as CLI11 stores it.
struct LoadWords {
  std::string rounding, objective, format;
};

void add_load_options(CLI::App* sub, LoadWords& words) {
  sub->add_option("--round", words.rounding, "distances: nearest, trunc, dimacs, exact, none\n[the job's, or nearest; of Solomon files dimacs,\nwith --objective vehicles none]")
      ->check(one_of({"nearest", "trunc", "dimacs", "exact", "none"}))->type_name("RULE");
  sub->add_option("--objective", words.objective, "of routes: distance, or vehicles first and then\ndistance [the job's, or distance]")
      ->check(one_of({"distance", "vehicles"}))->type_name("WHAT");
  sub->add_option("--format", words.format, "of a routing file: vrplib or solomon\n[by its content]")->check(one_of({"vrplib", "solomon"}))->type_name("NAME");
}

LoadOptions taken(const LoadWords& words) {
  LoadOptions options;
  if (!words.rounding.empty()) options.rounding = model::rounding_from_name(words.rounding);
  if (!words.objective.empty()) options.objective = model::objective_from_name(words.objective);
  if (!words.format.empty()) options.format = words.format == "solomon" ? instances::FileFormat::solomon : instances::FileFormat::vrplib;
  return options;
}

void add_solve(CommandTable& table) {
  struct Raw {
    RunWords run;
    SolveOptions options;
    LoadWords load;
    std::string warm_start;
    double best_known = 0;
    std::int32_t depth = 0;
    std::uint64_t shots = 0;
  };
  const auto raw = std::make_shared<Raw>();
  CLI::App* sub = table.add("solve", "solve an instance", solve_help, [raw](const CLI::App& parsed) {
    SolveOptions options = raw->options;
    options.run = taken(raw->run, parsed);
    options.load = taken(raw->load);
    options.warm_start = path_or_nothing(raw->warm_start);
    if (parsed.count("--best-known")) options.best_known = raw->best_known;
    if (parsed.count("--depth")) options.run.depth = raw->depth;
    if (parsed.count("--shots")) options.run.shots = raw->shots;
    return options;
  });
  add_path(sub, "FILE", raw->options.file, "instance (.vrp, Solomon .txt, .mc, .qubo, .coo,\n.dat, dimod BQM, placement network) or job (.json)");
  add_run_options(sub, raw->run, "wall seconds, reading and writing included [60]");
  sub->add_option("--seed", raw->options.seed, "of all random numbers [1]")->check(whole_number(0))->type_name("N");
  sub->add_option("--ladder", raw->run.options.ladder, "of a QUBO or QAP: temperature ladders that only\npass good states on, or one that spans all\nranks [independent]")->check(one_of({"independent", spanning_ladder}))->type_name("WHICH");
  sub->add_option("--replicas", raw->run.options.replicas, "whole solutions on the temperature ladder\n[chosen by size and ranks]")->check(whole_number(1, most_replicas))->type_name("N");
  sub->add_option("--method", raw->run.options.method, "what looks for the candidate: annealing, or of\na QUBO tabu, greedy, exhaustive, qaoa; baseline:\nnothing does [annealing]")->check(not_empty())->type_name("NAME");
  sub->add_option("--baseline", raw->run.options.baseline, "the control: of routes local_search, savings or\ninsertion; of a QUBO tabu, greedy, descent or\nexhaustive; of inventory tree, descent,\nbase_stock, do_nothing or cbc [by the problem]")->check(not_empty())->type_name("NAME");
  sub->add_option("--depth", raw->depth, "layers of the circuit of --method qaoa [4]")->check(whole_number(1, 100))->type_name("P");
  sub->add_option("--shots", raw->shots, "samples of the circuit of --method qaoa [1000]")->check(whole_number(1, 10'000'000))->type_name("N");
  add_load_options(sub, raw->load);
  add_path_text(sub, "--warm-start", raw->warm_start, "a .sol file or a result.h5 to start from;\nrepaired if it is partial or infeasible");
  sub->add_option("--best-known", raw->best_known, "cost to show the gap to\n[from BKS.csv or a .sol beside the file]")->check(any_number())->type_name("COST");
}

void add_resume(CommandTable& table) {
  struct Raw {
    RunWords run;
    ResumeOptions options;
    std::string instance;
  };
  const auto raw = std::make_shared<Raw>();
  CLI::App* sub = table.add("resume", "go on with a run from its checkpoint", resume_help, [raw](const CLI::App& parsed) {
    ResumeOptions options = raw->options;
    options.run = taken(raw->run, parsed);
    options.instance = path_or_nothing(raw->instance);
    return options;
  });
  add_path(sub, "FILE", raw->options.from, "checkpoint.h5, result.h5, or the directory of one");
  add_run_options(sub, raw->run, "total wall seconds, with earlier runs [as before]");
  add_path_text(sub, "--instance", raw->instance, "where the instance lies now [where it was]");
}

void add_check(CommandTable& table) {
  struct Raw {
    CheckOptions options;
    LoadWords load;
    std::string solution;
  };
  const auto raw = std::make_shared<Raw>();
  CLI::App* sub = table.add("check", "check an instance, or a solution against it", check_help, [raw](const CLI::App&) {
    CheckOptions options = raw->options;
    options.solution = path_or_nothing(raw->solution);
    options.load = taken(raw->load);
    return options;
  });
  add_path(sub, "FILE", raw->options.file, "instance (.vrp, Solomon .txt, .mc, .qubo, .coo,\n.dat, dimod BQM, placement network) or job (.json)");
  add_path_text(sub, "--solution", raw->solution, "a .sol file or a result.h5 to judge");
  add_load_options(sub, raw->load);
  sub->add_option("--budget", raw->options.budget_seconds, "to plan for [the job's, or 60]")->check(positive_number())->type_name("SECONDS");
  sub->add_option("--ranks", raw->options.ranks, "to plan for [1]")->check(whole_number(1, most_ranks))->type_name("N");
}

void add_compare(CommandTable& table) {
  struct Raw {
    RunWords run;
    CompareOptions options;
    LoadWords load;
    std::string html, solvers;
  };
  const auto raw = std::make_shared<Raw>();
  CLI::App* sub = table.add("compare", "solvers or runs against each other", compare_help, [raw](const CLI::App& parsed) {
    CompareOptions options = raw->options;
    options.run = taken(raw->run, parsed);
    options.load = taken(raw->load);
    options.html = path_or_nothing(raw->html);
    std::istringstream names(raw->solvers);
    for (std::string name; std::getline(names, name, ',');) options.solvers.push_back(name);
    for (const CLI::Option* option : parsed.get_options())
      if (const std::string name = option->get_name(); option->count() > 0 && name.starts_with("--") && name != "--within" && name != "--html" && name != "--output") options.word_for_making = name;
    return options;
  });
  sub->add_option("FILE", raw->options.files, "run files, or directories with runs below them;\nor one problem or job, which is then solved")->required()->check(not_empty())->type_name("");
  sub->add_option("--solvers", raw->solvers, "of a problem: annealer, annealer-N with N\nreplicas, baseline, of a QUBO tabu, greedy,\nexhaustive, qaoa [annealer,baseline]")->check(not_empty())->type_name("LIST");
  sub->add_option("--seeds", raw->options.seeds, "runs of each solver, seeds 1 to N [5]")->check(whole_number(1, 10'000))->type_name("N");
  add_run_options(sub, raw->run, "wall seconds of every run [the job's, or 60]");
  add_load_options(sub, raw->load);
  sub->add_option("--within", raw->options.within, "share of the best cost that counts as\nreaching it [0.01]")->check(positive_number())->type_name("SHARE");
  add_path_text(sub, "--html", raw->html, "where a page for people goes [none; of a problem:\ncomparison.html in --out]");
}

void add_batch(CommandTable& table) {
  struct Raw {
    RunWords run;
    BatchOptions options;
    std::string spread = "auto";
  };
  const auto raw = std::make_shared<Raw>();
  CLI::App* sub = table.add("batch", "many jobs, one after another", batch_help, [raw](const CLI::App& parsed) {
    BatchOptions options = raw->options;
    options.spread = raw->spread == "on" ? Spread::always : raw->spread == "off" ? Spread::never : Spread::automatic;
    options.run = taken(raw->run, parsed);
    return options;
  });
  add_path(sub, "DIR", raw->options.from, "directory of jobs and problems, or a JSON file\nwith a list of jobs");
  add_run_options(sub, raw->run, "wall seconds of every job [the job's, or 60]");
  sub->add_option("--spread", raw->spread, "on: a rank for each job, all ranks at once; off:\nall ranks for each job, one after another; auto:\non when there are as many jobs as ranks [auto]")->check(one_of({"auto", "on", "off"}))->type_name("WHEN");
}

void add_submit(CommandTable& table, std::vector<std::string>& more_words) {
  struct Raw {
    SubmitOptions options;
    double budget = 0;
    std::uint64_t iterations = 0, seeds = 1;
    int tasks = 0, memory = 0;
    std::string out, name, partition, account, site;
  };
  const auto raw = std::make_shared<Raw>();
  CLI::App* sub = table.add("submit", "write a Slurm batch script and submit it", submit_help, [raw, &more_words](const CLI::App& parsed) {
    SubmitOptions options = raw->options;
    options.more_words = more_words;
    if (parsed.count("--budget")) options.limit.seconds = raw->budget;
    if (parsed.count("--iterations")) options.limit.iterations = raw->iterations;
    if (parsed.count("--tasks-per-node")) options.tasks_per_node = raw->tasks;
    if (parsed.count("--memory")) options.memory_mebibytes = raw->memory;
    options.seeds.clear();
    for (std::uint64_t seed = 1; seed <= raw->seeds; ++seed) options.seeds.push_back(seed);
    const auto text = [](const std::string& value) { return value.empty() ? std::nullopt : std::optional<std::string>(value); };
    options.name = text(raw->name);
    options.partition = text(raw->partition);
    options.account = text(raw->account);
    options.site = path_or_nothing(raw->site);
    options.out = raw->out;
    return options;
  });
  sub->add_option("FILE", raw->options.files, "instances; several make a job array")->required()->check(not_empty())->type_name("");
  sub->add_option("--command", raw->options.command, "solve, qaoa or circuit [solve]")->check(one_of({"solve", "qaoa", "circuit"}))->type_name("NAME");
  sub->add_option("--nodes", raw->options.nodes, "per run [1]")->check(whole_number(1, most_ranks))->type_name("N");
  sub->add_option("--tasks-per-node", raw->tasks, "ranks, one per core [site file, or sinfo's cores]")->check(whole_number(1, most_ranks))->type_name("N");
  sub->add_option("--time", raw->options.time, "of the allocation: minutes, H:MM:SS or D-HH:MM:SS\n[1:00:00]")->check(not_empty())->type_name("TIME");
  auto* budget = sub->add_option("--budget", raw->budget, "total wall seconds over all restarts\n[what --time allows]")->check(positive_number())->type_name("SECONDS");
  sub->add_option("--iterations", raw->iterations, "annealing iterations instead of a budget")->check(whole_number(1))->excludes(budget)->type_name("N");
  sub->add_option("--seeds", raw->seeds, "run every file with the seeds 1 to N [1]")->check(whole_number(1, 10'000))->type_name("N");
  add_path_text(sub, "--out", raw->out, "directory for script, logs and results\n[runs/FILE]");
  sub->add_option("--checkpoint-every", raw->options.checkpoint_seconds, "between checkpoints [60]")->check(positive_number())->type_name("SECONDS");
  sub->add_option("--worker-timeout", raw->options.worker_timeout_seconds, "a rank silent for longer is given up [30]")->check(positive_number())->type_name("SECONDS");
  sub->add_option("--max-restarts", raw->options.max_restarts, "requeues at most [20]")->check(whole_number(0, 10'000))->type_name("N");
  sub->add_option("--memory", raw->memory, "per rank [from the problem]")->check(whole_number(1, 10'000'000))->type_name("MIB");
  sub->add_option("--name", raw->name, "of the job [tempera-FILE]")->check(not_empty())->type_name("NAME");
  sub->add_option("--partition", raw->partition, "Slurm partition")->check(not_empty())->type_name("NAME");
  sub->add_option("--account", raw->account, "Slurm account")->check(not_empty())->type_name("NAME");
  add_path_text(sub, "--site", raw->site, "what is particular to the cluster, see\nslurm/sites [$TEMPERA_SITE]");
  sub->add_flag("--report", raw->options.report, "a second job compares all runs at their end");
  sub->add_flag("--dry-run", raw->options.dry_run, "print the script, submit nothing");
}
}  // namespace

void add_run_commands(CommandTable& table, std::vector<std::string>& more_words) {
  add_solve(table);
  add_resume(table);
  add_check(table);
  add_submit(table, more_words);
  add_compare(table);
  add_batch(table);
}

}  // namespace tempera::app
