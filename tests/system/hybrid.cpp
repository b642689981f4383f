// The hybrid step through the command line: every solver's figures in every result, and no claim beyond them.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "io/checkpoint/run_file.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/tempera.hpp"

namespace tempera::tests {
namespace {

class Hybrid : public ::testing::Test {
 protected:
  Words words(const char* folder, Words more = {}) const {
    Words all{"solve", instance_, "--iterations", "20000", "--seed", "3", "--hybrid", "12", "--hybrid-depth", "2", "--hybrid-shots", "200", "--out", out(folder).string(), "--progress", "off"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  std::filesystem::path out(const char* folder) const { return folder_.path() / folder; }

  TemporaryFolder folder_;
  std::string instance_ = generated(folder_, 60);
};

TEST_F(Hybrid, KeepsEverySolversFiguresInJsonAndInHdf5) {
  const nlohmann::json json = json_of(tempera(words("run", {"--output", "json"})));
  ASSERT_TRUE(json.contains("hybrid")) << json.dump(1);
  const nlohmann::json& step = json.at("hybrid").at(0);
  EXPECT_EQ(step.at("subject"), "routes");
  EXPECT_LE(step.at("choices").get<int>(), 12);
  ASSERT_EQ(step.at("solvers").size(), 5u);
  for (const auto& solver : step.at("solvers"))
    for (const char* key : {"cost", "cost_before_repair", "wall_seconds", "cpu_seconds", "feasible_share", "optimum_probability", "shots"}) EXPECT_TRUE(solver.at(key).is_number()) << solver;
  const nlohmann::json& qaoa = step.at("solvers").at(3);
  EXPECT_EQ(qaoa.at("solver"), "QAOA");
  EXPECT_EQ(qaoa.at("qubits"), step.at("choices"));
  EXPECT_EQ(qaoa.at("shots"), 200);
  EXPECT_EQ(qaoa.at("gamma").size(), 2u);
  EXPECT_EQ(qaoa.at("beta").size(), 2u);
  EXPECT_GT(step.at("uniform").at("optimum_probability").get<double>(), 0);
  EXPECT_LE(json.at("objective").at("cost"), step.at("cost_before"));
  EXPECT_NE(step.at("finding").get<std::string>().find("QAOA: P(optimum)"), std::string::npos);

  const model::RunRecord record = checkpoint::read_record(out("run") / "result.h5");
  ASSERT_EQ(record.hybrid.size(), 1u);
  EXPECT_EQ(record.hybrid[0].optimum, step.at("optimum").get<double>());
  ASSERT_EQ(record.hybrid[0].runs.size(), 5u);
  EXPECT_EQ(record.hybrid[0].runs[3].optimum_probability, qaoa.at("optimum_probability").get<double>());
  EXPECT_EQ(record.hybrid[0].runs[3].gamma.size(), 2u);
}

TEST_F(Hybrid, TellsTheSameOnTwoRanks) {
  nlohmann::json one = json_of(tempera(words("one", {"--output", "json"}))), two = json_of(tempera(words("two", {"--output", "json"}), 2));
  for (nlohmann::json* json : {&one, &two})
    for (auto& solver : json->at("hybrid").at(0).at("solvers")) solver.erase("wall_seconds"), solver.erase("cpu_seconds");
  for (nlohmann::json* json : {&one, &two}) json->at("hybrid").at(0).erase("finding");  // it tells times
  EXPECT_EQ(one.at("hybrid"), two.at("hybrid"));
  EXPECT_EQ(one.at("objective"), two.at("objective"));
}

TEST_F(Hybrid, SummaryShowsTheTableAndClaimsNothing) {
  const Finished finished = tempera(words("run"));
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  for (const char* text : {"hybrid step:", "exact (CBC)", "tempering", "QAOA", "(a uniform pick)", "advantage"})
    EXPECT_NE(finished.out.find(text), std::string::npos) << text << "\n" << finished.out;
}

TEST_F(Hybrid, AJobFileAsksForItToo) {
  const auto job = folder_.path() / "job.json";
  std::ofstream(job) << nlohmann::json{{"schema_version", 1}, {"problem_type", "routing"}, {"problem", {{"file", std::filesystem::path(instance_).filename().string()}}},
                                       {"solver", {{"iterations", 5000}, {"hybrid", {{"choices", 8}, {"depth", 1}, {"shots", 50}}}}}}.dump();
  const nlohmann::json json = json_of(tempera({"solve", job.string(), "--out", out("job").string(), "--output", "json"}));
  EXPECT_EQ(json.at("hybrid").at(0).at("solvers").at(3).at("shots"), 50);
  EXPECT_EQ(json.at("hybrid").at(0).at("solvers").at(3).at("depth"), 1);
}

TEST_F(Hybrid, StaysInsideATimeBudget) {
  const nlohmann::json json = json_of(tempera({"solve", instance_, "--budget", "4", "--hybrid", "14", "--out", out("timed").string(), "--output", "json"}));
  EXPECT_EQ(json.at("hybrid").size(), 1u);
  EXPECT_LT(json.at("budget").at("wall_seconds").get<double>(), 4.5);
}

TEST_F(Hybrid, RefusesWhatItCannotDo) {
  const Finished many = tempera({"solve", instance_, "--hybrid", "27"});
  EXPECT_EQ(many.exit_code, 2);
  const Finished alone = tempera({"solve", instance_, "--hybrid-depth", "3"});
  EXPECT_EQ(alone.exit_code, 2);
  EXPECT_NE(alone.err.find("--hybrid-depth needs --hybrid K"), std::string::npos) << alone.err;
  const auto qubo = folder_.path() / "tiny.coo";
  std::ofstream(qubo) << "0 0 -1\n0 1 2\n";
  const Finished other = tempera({"solve", qubo.string(), "--hybrid", "5"});
  EXPECT_EQ(other.exit_code, 2);
  EXPECT_NE(other.err.find("--hybrid works for routing without a fleet and for rebalancing"), std::string::npos) << other.err;
}

}  // namespace
}  // namespace tempera::tests
