// Help, suggestions, values and exit codes, as a user meets them.
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "tests/support/tempera.hpp"

namespace tempera::tests {
namespace {

const std::vector<std::string> commands = {"", "solve", "resume", "check", "generate", "convert", "info", "report", "backtest", "audit", "compare", "bench", "status", "submit", "batch", "circuit", "qaoa"};

Words help_words(const std::string& command) { return command.empty() ? Words{"--help"} : Words{command, "--help"}; }

TEST(Help, OpensWithExamples) {
  for (const std::string& command : commands) {
    const Finished help = tempera(help_words(command));
    EXPECT_EQ(help.exit_code, 0);
    EXPECT_TRUE(help.out.starts_with("Examples:\n  tempera ")) << help.out;
    EXPECT_EQ(help.err, "");
  }
}

// Processor time, which other work on the machine stretches least.
TEST(Help, TakesLessThanFiftyMilliseconds) {
  for (const std::string& command : commands) {
    double fastest = 1e9;
    for (int k = 0; k < 5; ++k) fastest = std::min(fastest, tempera(help_words(command)).cpu_seconds);
    EXPECT_LT(fastest, 0.05) << "tempera " << command << " --help";
  }
}

TEST(Help, FitsOnEightyColumns) {
  for (const std::string& command : commands) {
    std::istringstream text(tempera(help_words(command)).out);
    for (std::string line; std::getline(text, line);) EXPECT_LE(line.size(), 80u) << command << ": " << line;
  }
}

TEST(Help, IsAlsoACommand) {
  EXPECT_EQ(tempera({"help"}).out, tempera({"--help"}).out);
  EXPECT_EQ(tempera({"help", "solve"}).out, tempera({"solve", "--help"}).out);
}

// The lines "  tempera ..." and "  mpirun -n 2 tempera ..." with their continuations, cut into words at spaces.
std::vector<Words> examples_of(const std::string& help) {
  std::vector<Words> examples;
  std::istringstream text(help.substr(0, help.find("\n\n")));
  std::string line;
  std::getline(text, line);
  while (std::getline(text, line)) {
    std::istringstream cut(line.substr(0, line.find("   ", line.find_first_not_of(' '))));  // a remark stands behind three spaces
    const Words words{std::istream_iterator<std::string>(cut), {}};
    if (line.starts_with("          ")) examples.back().insert(examples.back().end(), words.begin(), words.end());
    else examples.emplace_back(std::find(words.begin(), words.end(), "tempera") + 1, words.end());
  }
  return examples;
}

TEST(Help, EveryExampleIsACommandLineThatWorks) {
  int tried = 0;
  for (const std::string& command : commands)
    for (const Words& example : examples_of(tempera(help_words(command)).out)) {
      const TemporaryFolder folder;  // holds none of the files that examples name, so most end at once with that message
      const Finished finished = tempera(example, 0, {.folder = folder.path()});
      const auto says = [&](const char* words) { return finished.err.find(words) != std::string::npos; };
      const bool only_files_are_missing = says("No such file or directory") || says("there is no such file") || says("there is no status.json") || says("How many ranks a node takes");
      EXPECT_TRUE(finished.exit_code == 0 || only_files_are_missing) << example.front() << ": " << finished.err;
      ++tried;
    }
  EXPECT_GT(tried, 12);
}

struct Mistake {
  Words words;
  std::string message;  // all of stderr, without "tempera: "
};

const std::vector<Mistake> mistakes = {
    {{}, "No command given. Try: tempera solve FILE --budget 60, or tempera --help."},
    {{"slove", "a.vrp"}, "There is no command 'slove'. Did you mean 'solve'? Commands: solve, resume, check, submit, compare, batch, generate, convert, info, report, backtest, audit, status, bench, circuit, qaoa."},
    {{"--hlep"}, "There is no option --hlep. Did you mean --help? See: tempera --help."},
    {{"solve"}, "FILE is required. See: tempera solve --help."},
    {{"solve", "a.vrp", "b.vrp"}, "'b.vrp' is not expected here. See: tempera solve --help."},
    {{"solve", "a.vrp", "--buget", "3"}, "There is no option --buget. Did you mean --budget? See: tempera solve --help."},
    {{"solve", "a.vrp", "--itterations=3"}, "There is no option --itterations=3. Did you mean --iterations? See: tempera solve --help."},
    {{"check", "a.vrp", "--soluton", "x"}, "There is no option --soluton. Did you mean --solution? See: tempera check --help."},
    {{"solve", "a.vrp", "--frobnicate-all"}, "There is no option --frobnicate-all. See: tempera solve --help."},
    {{"solve", "a.vrp", "--budget", "0"}, "--budget: the value is 0; give a number above 0. See: tempera solve --help."},
    {{"solve", "a.vrp", "--budget", "-3"}, "--budget: the value is -3; give a number above 0. See: tempera solve --help."},
    {{"solve", "a.vrp", "--budget", "nan"}, "--budget: the value is nan; give a number above 0. See: tempera solve --help."},
    {{"solve", "a.vrp", "--budget", "inf"}, "--budget: the value is inf; give a number above 0. See: tempera solve --help."},
    {{"solve", "a.vrp", "--budget", "1m"}, "--budget: the value is 1m; give a number above 0. See: tempera solve --help."},
    {{"solve", "a.vrp", "--budget"}, "--budget needs a value. See: tempera solve --help."},
    {{"solve", "a.vrp", "--budget", "3", "--budget", "4"}, "--budget is given more than once. Give it once. See: tempera solve --help."},
    {{"solve", "a.vrp", "--budget", "3", "--iterations", "4"}, "Give either --budget or --iterations, not both. See: tempera solve --help."},
    {{"solve", "a.vrp", "--iterations", "0"}, "--iterations: the value is 0; give a whole number from 1 to 18446744073709551615. See: tempera solve --help."},
    {{"solve", "a.vrp", "--iterations", "1e6"}, "--iterations: the value is 1e6; give a whole number from 1 to 18446744073709551615. See: tempera solve --help."},
    {{"solve", "a.vrp", "--seed", "-1"}, "--seed: the value is -1; give a whole number from 0 to 18446744073709551615. See: tempera solve --help."},
    {{"solve", "a.vrp", "--replicas", "5000"}, "--replicas: the value is 5000; give a whole number from 1 to 4096. See: tempera solve --help."},
    {{"solve", "a.vrp", "--checkpoint-every", "0"}, "--checkpoint-every: the value is 0; give a number above 0. See: tempera solve --help."},
    {{"solve", "a.vrp", "--out", ""}, "--out: the value is empty; give a path. See: tempera solve --help."},
    {{"solve", "a.vrp", "--round", "neerest"},
     "--round: the value is neerest; give one of nearest, trunc, dimacs, exact, none. Did you mean nearest? See: tempera solve --help."},
    {{"solve", "a.vrp", "--output", "jsn"}, "--output: the value is jsn; give one of text, json, quiet. Did you mean json? See: tempera solve --help."},
    {{"generate"}, "--out is required. See: tempera generate --help."},
    {{"generate", "--out", "a.vrp", "--customers", "100001"}, "--customers: the value is 100001; give a whole number from 1 to 100000. See: tempera generate --help."},
    {{"generate", "--out", "a.vrp", "--kind", "peak-season", "--depot", "centric"},
     "--depot belongs to --kind uchoa. Leave it out, or leave out --kind peak-season."},
    {{"generate", "--out", "nowhere/a.vrp"}, "nowhere/a.vrp: cannot write: No such file or directory."},
    {{"bench", "statevektor"}, "WHAT: the value is statevektor; give one of statevector, qubo. Did you mean statevector? See: tempera bench --help."},
    {{"bench", "statevector", "--qubits", "41"}, "--qubits: the value is 41; give a whole number from 1 to 40. See: tempera bench --help."},
    {{"report", "nowhere"}, "nowhere: there is no such file. Give the checkpoint.h5 or result.h5 of a run."},
    {{"solve", "nowhere.vrp"}, "nowhere.vrp: cannot open: No such file or directory. Check the path."},
};

TEST(Mistakes, GetOneMessageAndExitCode2) {
  for (const Mistake& mistake : mistakes) {
    const Finished finished = tempera(mistake.words);
    EXPECT_EQ(finished.exit_code, 2) << mistake.message;
    EXPECT_EQ(finished.err, "tempera: " + mistake.message + "\n");
    EXPECT_EQ(finished.out, "");
  }
}

TEST(Mistakes, AreToldInTheJsonObjectToo) {
  for (Mistake mistake : mistakes) {
    if (mistake.words.size() < 2 || std::ranges::find(mistake.words, "--output") != mistake.words.end()) continue;
    if (mistake.words.back() == "--budget") continue;  // would take --output as its value
    mistake.words.insert(mistake.words.end(), {"--output", "json"});
    const Finished finished = tempera(mistake.words);
    const nlohmann::json json = json_of(finished);
    EXPECT_EQ(json["exit_code"], finished.exit_code);
    EXPECT_EQ(json["status"], "bad_input");
    EXPECT_EQ("tempera: " + json["error"]["message"].get<std::string>() + "\n", finished.err);
  }
}

TEST(Mistakes, AreToldOnceOnSeveralRanks) {
  for (const std::size_t k : {1u, 5u, 9u, 16u, 30u}) {
    for (const int ranks : {2, 3}) {
      const Finished finished = tempera(mistakes.at(k).words, ranks);
      EXPECT_EQ(finished.exit_code, 2);
      EXPECT_EQ(own_lines(finished), (std::vector<std::string>{"tempera: " + mistakes[k].message}));
    }
  }
}

TEST(Mistakes, BehindTheDashesOfSubmitAreToldBeforeAnythingIsQueued) {
  const TemporaryFolder folder;
  const std::string city = (folder.path() / "city.vrp").string();
  ASSERT_EQ(tempera({"generate", "--out", city, "--customers", "20"}).exit_code, 0);
  const std::vector<Mistake> behind = {
      {{"--objectve", "vehicles"}, "There is no option --objectve. Did you mean --objective? See: tempera solve --help."},
      {{"--iterations=5"}, "--iterations stands behind --, where it would be given twice. Give it before --."},
      {{"--seed", "5"}, "--seed stands behind --, where it would be given twice. Leave it out: submit gives it."},
      {{"--warm-start", "none.sol"}, "none.sol: cannot open: No such file or directory. Check the path behind --warm-start."},
      {{"--ladder", "spanning"}, "--ladder works for QUBO, Max-Cut and QAP, and " + city + " is none of them. Leave it out."},
      {{"--help"}, "What stands behind -- asks solve for a text and not for a run. Leave --help and --version out."},
  };
  for (const Mistake& mistake : behind) {
    Words words{"submit", city, "--tasks-per-node", "2", "--dry-run", "--"};
    words.insert(words.end(), mistake.words.begin(), mistake.words.end());
    const Finished finished = tempera(words);
    EXPECT_EQ(finished.exit_code, 2) << finished.out;
    EXPECT_EQ(finished.err, "tempera: " + mistake.message + "\n");
  }
  const Finished right = tempera({"submit", city, "--tasks-per-node", "2", "--dry-run", "--seeds", "2", "--", "--replicas", "4", "--hybrid", "9", "--log-dir=logs"});
  EXPECT_EQ(right.exit_code, 0) << right.err;
  EXPECT_NE(right.out.find("--seed 2 --budget 3444 --replicas 4)"), std::string::npos) << right.out;
  EXPECT_NE(right.out.find("--progress off --hybrid 9 --log-dir=logs)"), std::string::npos) << "also for a run that goes on: " << right.out;
}

TEST(Version, IsPrinted) {
  const Finished finished = tempera({"--version"});
  EXPECT_EQ(finished.exit_code, 0);
  EXPECT_TRUE(finished.out.starts_with("tempera ")) << finished.out;
}

TEST(Info, NamesLibrariesRanksAndMemory) {
  const nlohmann::json alone = json_of(tempera({"info", "--output", "json"}));
  for (const char* key : {"tempera", "MPI", "HDF5", "Boost", "ranks", "processors", "memory_gibibytes"}) EXPECT_TRUE(alone.contains(key)) << key;
  EXPECT_EQ(alone["ranks"], 1);
  EXPECT_EQ(json_of(tempera({"info", "--output", "json"}, 3))["ranks"], 3);
}

}  // namespace
}  // namespace tempera::tests
