#include "jobs/app/command_line.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <cmath>
#include <map>
#include <string_view>
#include <vector>

#include "solvers/core/error.hpp"
#include "solvers/core/nearest_name.hpp"

namespace tempera::app {

namespace {
using core::UserError;

constexpr const char* top_help =
    "Examples:\n"
    "  tempera solve city.vrp --budget 60 --out runs/city      one process\n"
    "  mpirun -n 8 tempera solve city.vrp --budget 600         eight ranks\n"
    "  tempera resume runs/city --budget 1200                  go on from a checkpoint\n"
    "  tempera check city.vrp --solution runs/city/solution.sol\n"
    "  tempera generate --kind peak-season --out peak.vrp\n\n"
    "Tempera solves large routing problems on one core or many MPI ranks, with a\n"
    "classical baseline beside every answer.";

constexpr const char* solve_help =
    "Examples:\n"
    "  tempera solve city.vrp --budget 60 --out runs/city\n"
    "  mpirun -n 4 tempera solve city.vrp --iterations 5000000 --seed 7\n"
    "  tempera solve city.vrp --warm-start yesterday.sol --output json\n\n"
    "Writes result.h5, result.json and solution.sol into the --out directory.";

constexpr const char* resume_help =
    "Examples:\n"
    "  tempera resume runs/city                  go on with the budget that is left\n"
    "  mpirun -n 8 tempera resume runs/city --budget 1200\n\n"
    "Continues a run on any number of ranks, with its own or a new budget.";

constexpr const char* check_help =
    "Examples:\n"
    "  tempera check city.vrp\n"
    "  tempera check city.vrp --solution best.sol\n\n"
    "Without --solution: sizes, plan and memory. With it: the referee's verdict.";

constexpr const char* generate_help =
    "Examples:\n"
    "  tempera generate --kind peak-season --customers 400 --seed 1 --out peak.vrp\n"
    "  tempera generate --customers 1000 --depot cornered --positions clustered\n"
    "          --demand 1-100 --route-size 12 --seed 7 --out c1000.vrp\n\n"
    "Kinds: uchoa (Uchoa et al. 2017, as the CVRPLIB X set) and peak-season\n"
    "(parcel stops around several towns).";

constexpr const char* info_help =
    "Examples:\n"
    "  tempera info               versions, ranks, memory\n"
    "  tempera info city.vrp      what an instance holds\n\n"
    "The file may be an instance or a run file.";

constexpr const char* report_help =
    "Examples:\n"
    "  tempera report runs/city\n"
    "  tempera report runs/city/result.h5 --output json\n\n"
    "Prints what solve printed at its end.";

// Each check says what is allowed; CLI11 puts the option's name in front.
std::optional<double> number(const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}
std::string positive(const std::string& text) {
  const auto value = number(text);
  return value && *value > 0 ? "" : fmt::format("the value is {}; give a number above 0", text);
}
std::string whole(const std::string& text, std::uint64_t least) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && value >= least ? "" : fmt::format("the value is {}; give a whole number, {} or more", text, least);
}
std::string whole_from_0(const std::string& text) { return whole(text, 0); }
std::string whole_from_1(const std::string& text) { return whole(text, 1); }

std::string list_of(std::span<const std::string_view> names) { return fmt::format("{}", fmt::join(names, ", ")); }

// An option that takes one of a few names.
template <class FromName>
auto one_of(FromName from_name, std::vector<std::string_view> names) {
  return [from_name, names](const std::string& text) -> std::string {
    if (from_name(text)) return "";
    const auto nearest = core::nearest_name(text, names);
    return fmt::format("the value is {}; give one of {}{}", text, list_of(names), nearest ? fmt::format(". Did you mean {}?", *nearest) : "");
  };
}

struct Raw {  // values as CLI11 stores them, before they become options
  double budget = 0;
  std::uint64_t iterations = 0;
  std::string rounding, warm_start, out, output = "text", progress = "auto", instance, solution, kind = "uchoa", depot = "random",
              positions = "random", demand = "1-100", file;
  double best_known = 0;
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
    add_info();
    add_report();
  }

  ParsedLine parse(int count, const char* const* values) {
    if (count < 2) throw UserError("No command given. Try: tempera solve FILE --budget 60, or tempera --help.");
    refuse_unknown_command(values[1]);
    try {
      app_.parse(count, values);
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
    sub->add_option("--output", raw_.output, "text, json (stdout holds one JSON value) or quiet")
        ->check([](const std::string& t) { return t == "text" || t == "json" || t == "quiet" ? std::string() : fmt::format("the value is {}; give text, json or quiet", t); });
    return sub;
  }

  void add_run_options(CLI::App* sub, const char* budget_help) {
    auto* budget = sub->add_option("--budget", raw_.budget, budget_help)->check(positive);
    sub->add_option("--iterations", raw_.iterations, "annealing iterations instead: the answer is then the same on any number of ranks")
        ->check(whole_from_1)->excludes(budget);
    sub->add_option("--out", raw_.out, "directory for the results");
    sub->add_option("--checkpoint-every", run_.checkpoint_seconds, "seconds between checkpoints [60]")->check(positive);
    sub->add_option("--progress", raw_.progress, "auto or off")
        ->check([](const std::string& t) { return t == "auto" || t == "off" ? std::string() : fmt::format("the value is {}; give auto or off", t); });
  }

  void add_rounding(CLI::App* sub) {
    sub->add_option("--round", raw_.rounding, "distances: nearest, trunc, dimacs, exact or none [nearest]")
        ->check(one_of(model::rounding_from_name, {"nearest", "trunc", "dimacs", "exact", "none"}));
  }

  void add_solve() {
    CLI::App* sub = add("solve", "solve an instance", solve_help);
    sub->add_option("FILE", solve_.file, "instance in CVRPLIB format")->required();
    add_run_options(sub, "wall seconds, reading and writing included [60]");
    sub->add_option("--seed", solve_.seed, "of all random numbers [1]")->check(whole_from_0);
    sub->add_option("--replicas", run_.replicas, "whole solutions on the temperature ladder [chosen by size and ranks]")->check(whole_from_1);
    add_rounding(sub);
    sub->add_option("--warm-start", raw_.warm_start, "a .sol file or a result.h5 to start from; repaired if partial");
    sub->add_option("--best-known", raw_.best_known, "cost to show the gap to [from BKS.csv or a .sol beside the file]")->check(positive);
  }

  void add_resume() {
    CLI::App* sub = add("resume", "go on with a run from its checkpoint", resume_help);
    sub->add_option("FILE", resume_.from, "checkpoint.h5, result.h5, or the directory of one")->required();
    add_run_options(sub, "total wall seconds, earlier runs included [as before]");
    sub->add_option("--instance", raw_.instance, "where the instance lies now [where it was]");
  }

  void add_check() {
    CLI::App* sub = add("check", "check an instance, or a solution against it", check_help);
    sub->add_option("FILE", check_.file, "instance in CVRPLIB format")->required();
    sub->add_option("--solution", raw_.solution, "a .sol file or a result.h5 to judge");
    add_rounding(sub);
    sub->add_option("--budget", check_.budget_seconds, "seconds to plan for [60]")->check(positive);
    sub->add_option("--ranks", check_.ranks, "ranks to plan for [1]")->check(whole_from_1);
  }

  void add_generate() {
    CLI::App* sub = add("generate", "make an instance from a seed", generate_help);
    const auto names = [](std::span<const std::string_view> list) { return std::vector<std::string_view>(list.begin(), list.end()); };
    sub->add_option("--kind", raw_.kind, "uchoa or peak-season [uchoa]")
        ->check([](const std::string& t) { return t == "uchoa" || t == "peak-season" ? std::string() : fmt::format("the value is {}; give uchoa or peak-season", t); });
    sub->add_option("--customers", generate_.uchoa.customers, "1 to 100,000 [uchoa 100, peak-season 400]")->check(whole_from_1);
    sub->add_option("--depot", raw_.depot, "random, centric or cornered [random]")->check(one_of(instances::depot_position_from_name, names(instances::depot_position_names())));
    sub->add_option("--positions", raw_.positions, "random, clustered or random-clustered [random]")
        ->check(one_of(instances::customer_position_from_name, names(instances::customer_position_names())));
    sub->add_option("--cluster-seeds", generate_.uchoa.seeds, "clusters [3 to 8, drawn]")->check(whole_from_1);
    sub->add_option("--demand", raw_.demand, list_of(instances::demand_kind_names()) + " [1-100]")
        ->check(one_of(instances::demand_kind_from_name, names(instances::demand_kind_names())));
    sub->add_option("--route-size", generate_.uchoa.route_size, "customers per route [3 to 25, drawn]")->check(positive);
    sub->add_option("--towns", generate_.peak.towns, "of a peak season [6]")->check(whole_from_1);
    sub->add_option("--seed", generate_.uchoa.seed, "of all random numbers [1]")->check(whole_from_0);
    sub->add_option("--out", generate_.out, "file to write")->required();
  }

  void add_info() { add("info", "versions and machine, or what a file holds", info_help)->add_option("FILE", raw_.file, "an instance or a run file"); }
  void add_report() { add("report", "print the result of a run again", report_help)->add_option("FILE", report_.from, "result.h5, checkpoint.h5, or the directory of one")->required(); }

  // Examples stand first: most who ask for help want a line to copy.
  std::string help_text() {
    const CLI::App* sub = chosen();
    const auto found = examples_.find(sub->get_name());
    return fmt::format("{}\n\n{}", found == examples_.end() ? top_help : found->second, sub->help());
  }

  CLI::App* chosen() {
    const auto subs = app_.get_subcommands();
    return subs.empty() ? &app_ : subs.front();
  }

  void refuse_unknown_command(std::string_view word) {
    if (word.starts_with("-")) return;
    std::vector<std::string> names;
    for (const CLI::App* sub : app_.get_subcommands({})) names.push_back(sub->get_name());
    if (std::ranges::find(names, word) != names.end()) return;
    const std::vector<std::string_view> views(names.begin(), names.end());
    const auto nearest = core::nearest_name(word, views);
    throw UserError(fmt::format("There is no command '{}'. {}Commands: {}.", word, nearest ? fmt::format("Did you mean '{}'? ", *nearest) : "", list_of(views)));
  }

  std::string explain(const CLI::ParseError& error) {
    const CLI::App* sub = chosen();
    for (const std::string& extra : sub->remaining(true)) {
      if (!extra.starts_with("-")) return fmt::format("'{}' is not expected here. See: tempera {} --help.", extra, sub->get_name());
      std::vector<std::string> names;
      for (const CLI::Option* option : sub->get_options())
        for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
      const std::vector<std::string_view> views(names.begin(), names.end());
      const auto nearest = core::nearest_name(extra.substr(0, extra.find('=')), views);
      return fmt::format("There is no option {}. {}See: tempera {} --help.", extra, nearest ? fmt::format("Did you mean {}? ", *nearest) : "", sub->get_name());
    }
    return fmt::format("{}. See: tempera {} --help.", error.what(), sub->get_name());
  }

  OutputMode output_mode() const { return raw_.output == "json" ? OutputMode::json : raw_.output == "quiet" ? OutputMode::quiet : OutputMode::text; }

  RunOptions run_options(const CLI::App* sub) const {
    RunOptions run = run_;
    if (sub->count("--budget")) run.limit.seconds = raw_.budget;
    if (sub->count("--iterations")) run.limit.iterations = raw_.iterations;
    run.out = raw_.out;
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
      solve_.rounding = rounding;
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
      check_.rounding = rounding;
      return check_;
    }
    if (sub->get_name() == "generate") return generate_command(sub);
    if (sub->get_name() == "info") return InfoOptions{path_or_nothing(raw_.file)};
    return report_;
  }

  Command generate_command(const CLI::App* sub) {
    generate_.peak_season = raw_.kind == "peak-season";
    // An option of the other kind would be ignored without a word.
    for (const char* name : {"--depot", "--positions", "--cluster-seeds", "--demand", "--route-size"})
      if (generate_.peak_season && sub->count(name)) throw UserError(fmt::format("{} belongs to --kind uchoa. Leave it out, or leave out --kind peak-season.", name));
    if (!generate_.peak_season && sub->count("--towns")) throw UserError("--towns belongs to --kind peak-season. Leave it out, or add --kind peak-season.");
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
  ReportOptions report_;
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
