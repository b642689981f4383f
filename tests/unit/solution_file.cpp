#include "io/instances/solution_file.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <fstream>

#include "io/instances/best_known.hpp"
#include "io/instances/format.hpp"
#include "io/instances/text_file.hpp"
#include "solvers/core/atomic_file.hpp"
#include "solvers/core/error.hpp"
#include "solvers/core/random.hpp"
#include "tests/support/benchmark_data.hpp"
#include "tests/support/temporary_folder.hpp"

namespace tempera::instances {
namespace {

using core::Cost;
using model::Rounding;
using model::RoutingSolution;

template <class Error, class Action>
std::string message_of(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "accepted";
}

TEST(SolutionFile, ReadsRoutesAndCost) {
  const SolutionFile file = parse_solution("Route #1: 3 5\r\nRoute #2:\t1\r\n\r\nCost 27591.5\r\n", "a.sol");
  EXPECT_EQ(file.solution, (RoutingSolution{{{3, 5}, {1}}}));
  EXPECT_EQ(file.cost, 27591.5);
}

TEST(SolutionFile, TakesPartialAndInfeasibleSolutions) {
  const SolutionFile file = parse_solution("Route #7: 3 3 900000\nRoute #2:\n", "a.sol");
  EXPECT_EQ(file.solution, (RoutingSolution{{{3, 3, 900000}, {}}}));
  EXPECT_FALSE(file.cost);
}

TEST(SolutionFile, WritesCostsInTheUsersUnits) {
  const RoutingSolution solution{{{3, 5}, {}, {1}}};
  EXPECT_EQ(solution_text(solution, Cost(27591), Rounding::nearest), "Route #1: 3 5\nRoute #2: 1\nCost 27591\n");
  EXPECT_TRUE(solution_text(solution, Cost(27591), Rounding::trunc).ends_with("Cost 27591\n"));
  EXPECT_TRUE(solution_text(solution, Cost(27591), Rounding::dimacs).ends_with("Cost 2759.1\n"));
  EXPECT_TRUE(solution_text(solution, Cost(27051), Rounding::exact).ends_with("Cost 27.051\n"));
  EXPECT_TRUE(solution_text(solution, Cost(7), Rounding::none).ends_with("Cost 0.000007\n"));
}

TEST(SolutionFile, ReadsBackWhatItWrites) {
  const tests::TemporaryFolder folder;
  const RoutingSolution solution{{{3, 5}, {1, 2, 4}}};
  write_solution(folder / "a.sol", solution, Cost(123456), Rounding::exact);
  const SolutionFile back = read_solution(folder / "a.sol");
  EXPECT_EQ(back.solution, solution);
  EXPECT_EQ(back.cost, 123.456);
}

TEST(SolutionFile, EveryMistakeIsNamedWithLineValueAndRemedy) {
  constexpr std::string_view remedy = "Lines are 'Route #1: 3 5 8', one per route, and at the end 'Cost 27591'.";
  const std::pair<std::string, std::string> table[] = {
      {"Route #1: 3 0\n", "a.sol:1: route #1 visits 0. The depot at both ends is implied; remove it."},
      {"Route #1: 3\nRoute #2: 4 x\n", "a.sol:2: route #2 visits 'x'. Give customers as whole numbers, 1 and up."},
      {"Route #1: 3 2.5\n", "a.sol:1: route #1 visits '2.5'. Give customers as whole numbers, 1 and up."},
      {"Route #1: -3\n", "a.sol:1: route #1 visits '-3'. Give customers as whole numbers, 1 and up."},
      {"Route #1: 4000000000\n", "a.sol:1: route #1 visits '4000000000'. Give customers as whole numbers, 1 and up."},
      {"Route 3 4\n", "a.sol:1: route line 'Route 3 4' has no 'Route #<number>:'. " + std::string(remedy)},
      {"Route #1: 3\nCost many\n", "a.sol:2: Cost is 'many'. Give a finite number, 0 or more."},
      {"Route #1: 3\nCost nan\n", "a.sol:2: Cost is 'nan'. Give a finite number, 0 or more."},
      {"Route #1: 3\nCost\n", "a.sol:2: Cost is ''. Give a finite number, 0 or more."},
      {"Route #1: 3\nCost 5\nCost 6\n", "a.sol:3: Cost stands here again; the first is on line 2. Keep one solution in the file."},
      {"Route #1: 3\nTour 5\n", "a.sol:2: 'Tour 5' is neither a route nor the cost. " + std::string(remedy)},
      {"\n", "a.sol:1: the file looks like an empty file, not like a solution. " + std::string(remedy)},
      {"NAME : x\n", "a.sol:1: the file looks like a VRPLIB problem (.vrp), not like a solution. " + std::string(remedy)},
  };
  for (const auto& [text, message] : table)
    EXPECT_EQ(message_of<core::UserError>([&] { parse_solution(text, "a.sol"); }), message);
}

TEST(SolutionFile, SurvivesTwoThousandMutations) {
  core::RandomStream random({.seed = 2, .domain = core::tests});
  const std::string valid = "Route #1: 3 5 8\nRoute #2: 1 2 4\nRoute #3: 6 7\nCost 27591\n";
  int accepted = 0, refused = 0;
  for (int trial = 0; trial < 2000; ++trial) {
    std::string text = valid;
    if (random.chance(0.3)) text.resize(random.below(static_cast<std::uint32_t>(text.size())));
    const std::uint32_t flips = random.below(4);
    for (std::uint32_t k = 0; k < flips && !text.empty(); ++k)
      text[random.below(static_cast<std::uint32_t>(text.size()))] = static_cast<char>(random.below(256));
    const std::string message = message_of<core::UserError>([&] { parse_solution(text, "mutant.sol"); });
    if (message == "accepted") ++accepted;
    else if (message.starts_with("mutant.sol:")) ++refused;
  }
  EXPECT_EQ(accepted + refused, 2000);
  EXPECT_GT(accepted, 100);
  EXPECT_GT(refused, 500);
}

TEST(WriteAtomically, LeavesThePreviousFileAndNothingElseOnFailure) {
  const tests::TemporaryFolder folder;
  EXPECT_EQ(message_of<core::DataError>([&] { core::write_text_atomically(folder / "no/such.sol", "x"); }),
            (folder / "no/such.sol").string() + ": cannot write: No such file or directory.");
  EXPECT_EQ(message_of<core::DataError>([&] { core::write_text_atomically(folder.path(), "x"); }),
            folder.path().string() + ": cannot write: it is a directory. Give a file name.");
  EXPECT_EQ(message_of<core::DataError>([&] { core::write_text_atomically("/dev/null", "x"); }),
            "/dev/null: cannot write: it is not a regular file. Give a file name.");
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

// A file size limit stands in for a full disk: the write fails in the middle.
TEST(WriteAtomically, KeepsThePreviousFileWhenTheDiskIsFull) {
  const tests::TemporaryFolder folder;
  core::write_text_atomically(folder / "a.sol", "previous");
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit small{.rlim_cur = 100, .rlim_max = before.rlim_max};
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const std::string message = message_of<core::DataError>([&] { core::write_text_atomically(folder / "a.sol", std::string(1000, 'x')); });
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  EXPECT_EQ(message, (folder / "a.sol").string() + ": cannot write: File too large.");
  EXPECT_EQ(read_text(folder / "a.sol"), "previous");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
}

TEST(WriteAtomically, ReplacesAFileThroughALinkAndLeavesNoTemporary) {
  const tests::TemporaryFolder folder;
  std::filesystem::create_directory(folder / "real");
  std::ofstream(folder / "real/a.sol") << "old";
  std::filesystem::create_symlink(folder / "real/a.sol", folder / "link.sol");
  core::write_text_atomically(folder / "link.sol", "new");
  EXPECT_EQ(read_text(folder / "real/a.sol"), "new");
  EXPECT_TRUE(std::filesystem::is_symlink(folder / "link.sol"));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder / "real"), {}), 1);
  struct stat about {};
  ASSERT_EQ(::stat((folder / "real/a.sol").c_str(), &about), 0);
  EXPECT_TRUE(about.st_mode & S_IRUSR);
}

TEST(BestKnown, FindsTheColumnByItsHeadingAndReadsQuotedFields) {
  const tests::TemporaryFolder folder;
  std::ofstream(folder / "BKS.csv") << "source,name,note,BKS\n\"from, say, \"\"here\"\"\",one,,123\nx,two,,\n";
  EXPECT_EQ(best_known(folder / "one.vrp").value().cost, 123);
  EXPECT_EQ(best_known(folder / "one.vrp").value().source, (folder / "BKS.csv").string());
  EXPECT_FALSE(best_known(folder / "two.vrp"));
  EXPECT_FALSE(best_known(folder / "three.vrp"));
  std::ofstream(folder / "two.sol") << "Route #1: 1\nCost 77\n";
  EXPECT_EQ(best_known(folder / "two.vrp").value().cost, 77);
  EXPECT_EQ(best_known(folder / "two.vrp").value().source, (folder / "two.sol").string());
}

TEST(BestKnown, RefusesAValueThatIsNoCost) {
  const tests::TemporaryFolder folder;
  std::ofstream(folder / "BKS.csv") << "name,BKS\none,-5\n";
  EXPECT_EQ(message_of<core::UserError>([&] { best_known(folder / "one.vrp"); }),
            (folder / "BKS.csv").string() + ":2: BKS of one is '-5'. Give a positive number or leave the field empty.");
}

TEST(BestKnown, KnowsTheBenchmarkTables) {
  TEMPERA_NEEDS_BENCHMARK("vrp/Arnold/BKS.csv");
  EXPECT_EQ(best_known(tests::benchmark_file("vrp/Arnold/Flanders1.vrp")).value().cost, 7238970);
  TEMPERA_NEEDS_BENCHMARK("vrp/X/BKS.csv");
  EXPECT_EQ(best_known(tests::benchmark_file("vrp/X/X-n101-k25.vrp")).value().cost, 27591);
}

TEST(Format, RecognisesShortTexts) {
  using enum FileFormat;
  const std::pair<std::string, FileFormat> table[] = {
      {"", empty}, {"\n \n", empty}, {"NAME : a\n", vrplib}, {"NODE_COORD_SECTION\n", vrplib}, {"Route #1: 2\n", cvrplib_solution},
      {"R101\n\nVEHICLE\nNUMBER CAPACITY\n", solomon}, {"3 2\n1 2 1\n2 3 -1\n", gset}, {"# a comment\n3 2\n1 1 5\n2 3 -1\n", qubo},
      {"c a comment\np qubo 0 3 1 1\n1 1 5\n", qubo}, {"0 0 1.5\n0 1 -2\n", coo}, {"2 1\n5 1.5 -1\n3 2 4\n1 0\n", network_txt},
      {"stage_id,lead_time\n", network_csv}, {"3\n\n0 1 2\n1 0 3\n", qaplib}, {" {\"a\": 1}", json}, {"[1]", json},
      {"\x1F\x8B\x08", gzip}, {"\x89HDF\r\n\x1A\n", hdf5}, {std::string("a\0b", 3), binary}, {"once upon a time\n", unknown}, {"7 8 9 10\n1\n", unknown}};
  for (const auto& [text, format] : table) EXPECT_EQ(recognise(text), format) << text;
}

TEST(Format, RecognisesTheBenchmarkFiles) {
  using enum FileFormat;
  const std::pair<std::string_view, FileFormat> table[] = {
      {"vrp/X/X-n1001-k43.vrp", vrplib}, {"vrp/Arnold/Flanders1.vrp", vrplib}, {"vrp/X/X-n1001-k43.sol", cvrplib_solution},
      {"vrp/Solomon/C101.txt", solomon}, {"qubo/gset/G1.mc", gset}, {"qubo/gset/G81.mc", gset}, {"qubo/beasley/bqp1000_1.qubo", qubo},
      {"qubo/qap/nug12.dat", qaplib}, {"qubo/p3000_1.qubo.gz", gzip}, {"inventory/willems/00.txt", network_txt},
      {"inventory/willems/38.txt", network_txt}, {"inventory/graves_willems/battery.txt", network_csv}, {"inventory/stockpyl_instances.json", json}};
  for (const auto& [file, format] : table) {
    TEMPERA_NEEDS_BENCHMARK(file);
    EXPECT_EQ(recognise_file(tests::benchmark_file(file)), format) << file << " looks like " << description(recognise_file(tests::benchmark_file(file)));
  }
}

TEST(SolutionFile, NamesVehiclesBehindTheirRoutes) {
  const std::vector<std::string> names{"van", "big truck"};
  const std::string text = fleet_solution_text({.routes = {{3, 5}, {1}}, .vehicles = {1, 0}, .left_out = {2}}, names, "12.5");
  EXPECT_EQ(text, "Route #1: 3 5\nVehicle #1: big truck\nRoute #2: 1\nVehicle #2: van\nCost 12.5\n");
  const SolutionFile file = parse_solution(text, "a.sol");
  EXPECT_EQ(file.solution, (RoutingSolution{{{3, 5}, {1}}}));
  EXPECT_EQ(file.vehicles, (std::vector<std::string>{"big truck", "van"}));
  EXPECT_EQ(file.cost, 12.5);
  EXPECT_THROW(parse_solution("Vehicle #1: van\nRoute #1: 3\n", "a.sol"), core::UserError);
  EXPECT_THROW(parse_solution("Route #1: 3\nVehicle #2: van\n", "a.sol"), core::UserError);
}

// A fleet whose customers are all optional may serve nobody.
TEST(SolutionFile, ACostAloneIsASolutionWithoutRoutes) {
  EXPECT_EQ(solution_text({}, core::Cost(5), model::Rounding::nearest), "Cost 5\n");
  const SolutionFile read = parse_solution("Cost 5\n", "a.sol");
  EXPECT_TRUE(read.solution.routes.empty());
  EXPECT_EQ(read.cost, 5);
}

}  // namespace
}  // namespace tempera::instances
