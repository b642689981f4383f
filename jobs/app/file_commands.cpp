// generate, convert, info, report, backtest, audit and status: the commands that read and write files.
#include <fmt/format.h>

#include "io/instances/generate.hpp"
#include "jobs/app/command_table.hpp"
#include "jobs/app/help_texts.hpp"
#include "solvers/core/error.hpp"

namespace tempera::app {

namespace {
using core::UserError;

std::vector<std::string_view> names(std::span<const std::string_view> list) { return {list.begin(), list.end()}; }

struct GenerateWords {
  GenerateOptions options;
  std::string kind = "uchoa", depot = "random", positions = "random", demand = "1-100";
};

GenerateOptions taken(const GenerateWords& words, const CLI::App& sub) {
  GenerateOptions options = words.options;
  using Kind = GenerateOptions::Kind;
  options.kind = words.kind == "peak-season" ? Kind::peak_season : words.kind == "rebalancing" ? Kind::rebalancing : Kind::uchoa;
  // An option of another kind would be ignored without a word.
  const auto belongs = [&](Kind kind, const char* kind_name, std::initializer_list<const char*> names_of_kind) {
    for (const char* name : names_of_kind)
      if (options.kind != kind && sub.count(name))
        throw UserError(kind == Kind::uchoa ? fmt::format("{} belongs to --kind uchoa. Leave it out, or leave out --kind {}.", name, words.kind)
                                            : fmt::format("{} belongs to --kind {}. Leave it out, or add --kind {}.", name, kind_name, kind_name));
  };
  belongs(Kind::uchoa, "uchoa", {"--depot", "--positions", "--cluster-seeds", "--demand", "--route-size"});
  belongs(Kind::peak_season, "peak-season", {"--towns"});
  belongs(Kind::rebalancing, "rebalancing", {"--skus", "--dcs", "--days"});
  if (options.kind == Kind::rebalancing && sub.count("--customers")) throw UserError("--customers is about routing. Leave it out, or leave out --kind rebalancing.");
  options.rebalancing.seed = options.uchoa.seed;
  options.uchoa.depot = *instances::depot_position_from_name(words.depot);
  options.uchoa.positions = *instances::customer_position_from_name(words.positions);
  options.uchoa.demand = *instances::demand_kind_from_name(words.demand);
  if (sub.count("--customers")) options.peak.customers = options.uchoa.customers;
  options.peak.seed = options.uchoa.seed;
  return options;
}

void add_generate(CommandTable& table) {
  const auto raw = std::make_shared<GenerateWords>();
  CLI::App* sub = table.add("generate", "make an instance from a seed", generate_help, [raw](const CLI::App& parsed) { return taken(*raw, parsed); });
  sub->add_option("--kind", raw->kind, "uchoa, peak-season or rebalancing [uchoa]")->check(one_of({"uchoa", "peak-season", "rebalancing"}))->type_name("KIND");
  sub->add_option("--customers", raw->options.uchoa.customers, "1 to 100,000 [uchoa 100, peak-season 400]")->check(whole_number(1, 100'000))->type_name("N");
  sub->add_option("--depot", raw->depot, "random, centric or cornered [random]")->check(one_of(names(instances::depot_position_names())))->type_name("WHERE");
  sub->add_option("--positions", raw->positions, "random, clustered or random-clustered [random]")
      ->check(one_of(names(instances::customer_position_names())))->type_name("HOW");
  sub->add_option("--cluster-seeds", raw->options.uchoa.seeds, "clusters [3 to 8, drawn]")->check(whole_number(1, 100'000))->type_name("N");
  sub->add_option("--demand", raw->demand, "unitary, 1-10, 5-10, 1-100, 50-100, quadrant,\nmany-small [1-100]")
      ->check(one_of(names(instances::demand_kind_names())))->type_name("KIND");
  sub->add_option("--route-size", raw->options.uchoa.route_size, "customers per route [3 to 25, drawn]")->check(positive_number())->type_name("N");
  sub->add_option("--towns", raw->options.peak.towns, "of a peak season [6]")->check(whole_number(1, 100'000))->type_name("N");
  sub->add_option("--skus", raw->options.rebalancing.skus, "of rebalancing [20]")->check(whole_number(1, 100'000))->type_name("N");
  sub->add_option("--dcs", raw->options.rebalancing.dcs, "regional sites of rebalancing [5]")->check(whole_number(1, 200))->type_name("N");
  sub->add_option("--days", raw->options.rebalancing.days, "of rebalancing [14]")->check(whole_number(2, 366))->type_name("N");
  sub->add_option("--seed", raw->options.uchoa.seed, "of all random numbers [1]")->check(whole_number(0))->type_name("N");
  sub->add_option("--out", raw->options.out, "file to write; rebalancing: the job, its tables\nbeside it")->required()->check(not_empty())->type_name("PATH");
}

void add_convert(CommandTable& table) {
  const auto raw = std::make_shared<ConvertOptions>();
  CLI::App* sub = table.add("convert", "a QUBO or Max-Cut file as a dimod BQM", convert_help, [raw](const CLI::App&) { return *raw; });
  add_path(sub, "FILE", raw->file, "a file that solve reads as QUBO or Max-Cut");
  sub->add_option("--out", raw->out, "file to write")->required()->check(not_empty())->type_name("PATH");
  sub->add_option("--schema", raw->schema, "of the BQM: 1, 2 or 3 [3]")->check(whole_number(1, 3))->type_name("N");
}

void add_info(CommandTable& table) {
  const auto file = std::make_shared<std::string>();
  CLI::App* sub = table.add("info", "versions and machine, or what a file holds", info_help, [file](const CLI::App&) { return InfoOptions{path_or_nothing(*file)}; });
  sub->add_option("FILE", *file, "an instance or a run file")->check(not_empty())->type_name("");
}

void add_report(CommandTable& table) {
  struct Raw {
    ReportOptions options;
    std::string html;
  };
  const auto raw = std::make_shared<Raw>();
  CLI::App* sub = table.add("report", "a page about a run, and its result again", report_help, [raw](const CLI::App&) {
    ReportOptions options = raw->options;
    options.html = path_or_nothing(raw->html);
    return options;
  });
  add_path(sub, "FILE", raw->options.from, "result.h5, checkpoint.h5, or the directory of one");
  add_path_text(sub, "--html", raw->html, "where the page goes [report.html beside FILE]");
}

void add_backtest(CommandTable& table) {
  struct Raw {
    BacktestOptions options;
    std::string out;
  };
  const auto raw = std::make_shared<Raw>();
  CLI::App* sub = table.add("backtest", "play ordering policies through demand", backtest_help, [raw](const CLI::App&) {
    BacktestOptions options = raw->options;
    options.out = raw->out;
    return options;
  });
  add_path(sub, "FILE", raw->options.file, "a JSON job of type backtest");
  add_path_text(sub, "--out", raw->out, "directory for the result [runs/<name of FILE>]");
}

void add_audit(CommandTable& table) {
  struct Raw {
    AuditOptions options;
    std::string action;
  };
  const auto raw = std::make_shared<Raw>();
  CLI::App* sub = table.add("audit", "check that a run's audit trail is whole", audit_help, [raw](const CLI::App&) { return raw->options; });
  sub->add_option("ACTION", raw->action, "verify")->required()->check(one_of({"verify"}))->type_name("");
  add_path(sub, "DIR", raw->options.from, "the directory of a run, or an audit.jsonl");
}

void add_status(CommandTable& table) {
  const auto raw = std::make_shared<StatusOptions>();
  CLI::App* sub = table.add("status", "what the runs in some folders are doing", status_help, [raw](const CLI::App&) { return *raw; });
  sub->add_option("DIR", raw->folders, "--out directory of a run; several make a table")->required()->check(not_empty())->type_name("");
}
}  // namespace

void add_file_commands(CommandTable& table) {
  add_generate(table);
  add_convert(table);
  add_info(table);
  add_report(table);
  add_backtest(table);
  add_audit(table);
  add_status(table);
}

}  // namespace tempera::app
