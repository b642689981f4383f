// QUBO, Max-Cut and QAP from file to files through the command line.
#include <gtest/gtest.h>

#include <fstream>

#include "io/checkpoint/run_file.hpp"
#include "tests/support/tempera.hpp"

namespace tempera::tests {
namespace {

class QuboRuns : public ::testing::Test {
 protected:
  std::string file(const std::string& name, const std::string& text) {
    const std::string path = (folder_ / name).string();
    std::ofstream(path) << text;
    return path;
  }
  // A torus of 8 x 8 with weights of both signs, as a graph.
  std::string torus() {
    std::string edges;
    for (int i = 0; i < 64; ++i) {
      const int right = i / 8 * 8 + (i + 1) % 8, below = (i + 8) % 64;
      edges += std::to_string(i + 1) + " " + std::to_string(right + 1) + (i * 7 % 3 ? " 1\n" : " -1\n");
      edges += std::to_string(i + 1) + " " + std::to_string(below + 1) + (i * 5 % 4 ? " 1\n" : " -1\n");
    }
    return file("torus.mc", "64 128\n" + edges);
  }
  Finished solve(const std::string& problem, Words more, int ranks = 0) {
    more.insert(more.begin(), {"solve", problem, "--out", out_, "--output", "json"});
    return tempera(more, ranks);
  }
  TemporaryFolder folder_;
  std::string out_ = (folder_ / "run").string();
};

TEST_F(QuboRuns, AConvertedGraphHasTheSameOptimumInEverySchema) {
  const std::string graph = torus();
  const double cut = json_of(solve(graph, {"--iterations", "2000"})).at("objective").at("cost");
  for (const char* schema : {"1", "2", "3"}) {
    const std::string bqm = (folder_ / "torus.json").string();
    const nlohmann::json written = json_of(tempera({"convert", graph, "--schema", schema, "--out", bqm, "--output", "json"}));
    EXPECT_EQ(written.at("bqm_schema"), std::string(schema) + ".0.0");
    EXPECT_EQ(written.at("couplings"), 128);
    EXPECT_EQ(json_of(solve(bqm, {"--iterations", "2000"})).at("objective").at("cost"), -cut) << "schema " << schema;
  }
  const Finished groups = tempera({"convert", file("rows.coo", "0 0 -1\n0 1 2\n#@ one-hot 0 1\n"), "--out", (folder_ / "rows.json").string()});
  EXPECT_EQ(groups.exit_code, 2);
  EXPECT_NE(groups.err.find("cannot hold the 1 groups"), std::string::npos) << groups.err;
  const Finished squeezed = tempera({"convert", file("g.mc.gz", "\x1f\x8b\x08 squeezed"), "--out", (folder_ / "g.json").string()});
  EXPECT_EQ(squeezed.exit_code, 2);
  EXPECT_NE(squeezed.err.find("is compressed (gzip). Unpack it first: gunzip -k "), std::string::npos) << squeezed.err;
}

TEST_F(QuboRuns, OneLadderOverTheRanksAnswersAlikeOnAnyAndIsRefusedElsewhere) {
  const std::string graph = torus();
  nlohmann::json first;
  for (const int ranks : {0, 2, 3}) {
    const nlohmann::json result = json_of(solve(graph, {"--iterations", "4000", "--ladder", "spanning"}, ranks));
    if (first.is_null()) first = result;
    EXPECT_EQ(result["objective"], first["objective"]);
    EXPECT_EQ(result["replica_exchange"], first["replica_exchange"]) << ranks << " ranks";
    EXPECT_EQ(result["replica_exchange"]["accepted"].size(), 4u * 32 - 1) << "four blocks, and the boundaries between them";
  }
  const Finished routes = tempera({"solve", std::string(TEMPERA_SOURCE_DIR) + "/jobs/examples/one_region.json", "--out", out_, "--ladder", "spanning"});
  EXPECT_EQ(routes.exit_code, 2);
  EXPECT_NE(routes.err.find("--ladder works for QUBO, Max-Cut and QAP"), std::string::npos) << routes.err;
}

TEST_F(QuboRuns, ConstraintsOfAJobHoldOnAnyRanksAndASolutionIsCheckedAgainstThem) {
  const std::string job = std::string(TEMPERA_SOURCE_DIR) + "/jobs/examples/budgeted_choice.json";
  std::string first;
  for (const int ranks : {0, 3}) {
    const nlohmann::json result = json_of(solve(job, {"--iterations", "2000"}, ranks));
    EXPECT_EQ(result["objective"]["cost"], -35) << "the best of the 256 choices that keep all three";
    EXPECT_GT(result["figures"]["constraints"]["feasible_share_of_samples"]["value"], 0);
    EXPECT_EQ(result["figures"]["constraints"]["constraints"]["value"], 3);
    const std::string values = content_of(out_ + "/solution.txt");
    if (first.empty()) first = values;
    EXPECT_EQ(values, first);
  }
  EXPECT_NE(content_of(out_ + "/samples.csv").find("objective,occurrences,feasible,values"), std::string::npos);
  EXPECT_EQ(tempera({"check", job, "--solution", out_ + "/solution.txt"}).exit_code, 0);
  const Finished broken = tempera({"check", job, "--solution", file("all.txt", "1 1 1 1 1 1 1 1\n")});
  EXPECT_EQ(broken.exit_code, 2);
  EXPECT_NE(broken.out.find("constraint /problem/constraints/0 (trucks) is missed by 18"), std::string::npos) << broken.out;
  EXPECT_NE(broken.out.find("constraint /problem/constraints/1 (one of the north) is missed by 2"), std::string::npos) << broken.out;
}

TEST_F(QuboRuns, GiveTheSameAnswerOnAnyRanksAndARefereeAgrees) {
  const std::string graph = torus();
  std::string first;
  for (const int ranks : {0, 2, 3}) {
    const Finished finished = solve(graph, {"--iterations", "2000", "--seed", "4"}, ranks);
    ASSERT_EQ(finished.exit_code, 0) << finished.err;
    const auto json = json_of(finished);
    EXPECT_EQ(json["problem"]["type"], "qubo");
    EXPECT_EQ(json["objective"]["sense"], "maximise");
    EXPECT_EQ(json["iterations"], 2000);
    const std::string answer = content_of(out_ + "/solution.txt") + content_of(out_ + "/samples.csv");
    if (first.empty()) first = answer;
    EXPECT_EQ(answer, first) << ranks << " ranks";
    const auto checked = json_of(tempera({"check", graph, "--solution", out_ + "/solution.txt", "--output", "json"}));
    EXPECT_EQ(checked["cost"], json["objective"]["cost"]);
    EXPECT_EQ(checked["status"], "feasible");
  }
}

TEST_F(QuboRuns, EndAtTheirTargetAndGoOnFromTheirResult) {
  const std::string graph = torus();
  ASSERT_EQ(solve(graph, {"--iterations", "500"}).exit_code, 0);
  const Finished more = tempera({"resume", out_, "--iterations", "1500", "--output", "json"});
  ASSERT_EQ(more.exit_code, 0) << more.err;
  EXPECT_EQ(json_of(more)["iterations"], 1500);
  const double best = json_of(more)["objective"]["cost"];
  const Finished stopped = solve(graph, {"--budget", "30", "--target", std::to_string(best - 2)});
  ASSERT_EQ(stopped.exit_code, 0) << stopped.err;
  EXPECT_GE(json_of(stopped)["objective"]["cost"].get<double>(), best - 2);
  EXPECT_LT(json_of(stopped)["budget"]["wall_seconds"].get<double>(), 25);
  const Finished warm = solve(graph, {"--iterations", "100", "--warm-start", out_ + "/solution.txt"});
  EXPECT_GE(json_of(warm)["objective"]["cost"].get<double>(), json_of(stopped)["objective"]["cost"].get<double>());
}

TEST_F(QuboRuns, KeepGroupsAndPermutations) {
  const std::string groups = file("g.coo", "#@ one-hot 0 1 2\n#@ exactly 2 3 4 5 6\n0 0 5\n1 1 3\n2 2 4\n3 4 7\n0 5 -9\n5 6 2\n3 6 1\n7 0 -1\n");
  const Finished finished = solve(groups, {"--iterations", "400"});
  ASSERT_EQ(finished.exit_code, 0) << finished.err;
  EXPECT_EQ(json_of(finished)["objective"]["cost"], json_of(finished)["objective"]["lower_bound"]);  // enumerated
  const Finished qap = solve(file("q.dat", "3\n0 1 2\n1 0 5\n2 5 0\n0 4 1\n4 0 2\n1 2 0\n"), {"--iterations", "400"}, 2);
  ASSERT_EQ(qap.exit_code, 0) << qap.err;
  EXPECT_EQ(json_of(qap)["objective"]["cost"], 2 * (5 * 1 + 2 * 2 + 1 * 4));
}

TEST_F(QuboRuns, RefuseWhatTheyCannotUse) {
  const std::string graph = torus();
  struct Case { Words words; std::string expected; };
  const Case cases[] = {
      {{"solve", file("loop.mc", "3 1\n2 2 1\n"), "--out", out_}, "loop.mc:2: a self loop at '2'"},
      {{"solve", file("nan.coo", "0 1 nan\n"), "--out", out_}, "nan.coo:1: the coefficient is 'nan', which is not finite"},
      {{"solve", graph, "--out", out_, "--round", "exact"}, "--round is about distances; a QUBO has none"},
      {{"solve", graph, "--out", out_, "--warm-start", file("w.txt", "1 2\n")}, "w.txt:1: the value is '2'. Give 0 or 1"},
      {{"bench", "qubo"}, "bench qubo needs a file"},
      {{"bench", "qubo", graph, "--qubits", "20"}, "--qubits belongs to bench statevector"},
  };
  for (const Case& c : cases) {
    const Finished finished = tempera(c.words);
    EXPECT_EQ(finished.exit_code, 2);
    EXPECT_NE(finished.err.find(c.expected), std::string::npos) << finished.err;
  }
}

TEST_F(QuboRuns, AreTimedByBench) {
  const auto json = json_of(tempera({"bench", "qubo", torus(), "--seconds", "0.1", "--output", "json"}));
  EXPECT_EQ(json["chosen"], "sparse");
  EXPECT_GT(json["sparse"]["attempts_per_nanosecond"].get<double>(), 0);
}

}  // namespace
}  // namespace tempera::tests
