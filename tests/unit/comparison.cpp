// Solvers against each other, on runs made up by hand.
#include "io/report/comparison.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <sstream>

#include "solvers/core/error.hpp"

namespace tempera::report {
namespace {

// A run of problem 1 that starts at 1000 after one second and ends at `cost` after `seconds`.
ComparedRun run_of(const std::string& solver, std::uint64_t seed, double cost, double seconds = 5) {
  return {.solver = solver, .problem = "town", .problem_digest = 1, .seed = seed, .sense = model::Sense::minimise, .cost = cost, .control = 1000, .wall_seconds = 10,
          .cpu_seconds = 20, .losses = {{1, 1000}, {seconds, cost}}};
}

std::vector<ComparedRun> six_pairs() {
  std::vector<ComparedRun> runs;
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    runs.push_back(run_of("new", seed, 800 + static_cast<double>(seed - 1) * 2, 4));
    runs.push_back(run_of("old", seed, 900 + static_cast<double>(seed), 2));
  }
  return runs;
}

TEST(Comparison, CountsWhatEachSolverFound) {
  const Comparison c = compare(six_pairs(), 0.01);
  ASSERT_EQ(c.solvers.size(), 2u);
  const SolverRow& fresh = c.solvers[0];
  EXPECT_EQ(fresh.solver, "new");
  EXPECT_EQ(fresh.runs, 6u);
  EXPECT_EQ(fresh.best, 800);
  EXPECT_EQ(fresh.mean, 805);
  EXPECT_NEAR(fresh.deviation, std::sqrt(14.0), 1e-12);
  EXPECT_NEAR(fresh.mean_gap, 5.0 / 800, 1e-12);
  EXPECT_EQ(fresh.reached, 5u) << "800 to 808; 810 is more than 1 % above the best";
  EXPECT_EQ(fresh.median_time_to_target, 4);
  EXPECT_NEAR(*fresh.tts99, 10 * std::log(0.01) / std::log(1 - 5.0 / 6), 1e-9);
  EXPECT_NEAR(*fresh.cpu_seconds_per_percent, 20 / 19.5, 1e-12);
  EXPECT_EQ(c.solvers[1].reached, 0u);
  EXPECT_EQ(c.solvers[1].median_time_to_target, std::nullopt);
  EXPECT_EQ(c.solvers[1].tts99, std::nullopt);
}

// Until 1 s the gap is 1, until 4 s it is 200 / 1000, then (c - 800) / c until the 10 s of the longest run.
TEST(Comparison, ThePrimalIntegralIsTheMeanOfTheRuns) {
  double sum = 0;
  for (const double cost : {800.0, 802.0, 804.0, 806.0, 808.0, 810.0}) sum += 1 + 3 * 0.2 + 6 * (cost - 800) / cost;
  EXPECT_NEAR(compare(six_pairs(), 0.01).solvers[0].primal_integral, sum / 6, 1e-12);
}

TEST(Comparison, ProblemsOfOneNameAreToldApart) {
  std::vector<ComparedRun> runs = six_pairs();
  EXPECT_EQ(compare(runs, 0.01).problems, std::vector<std::string>{"town"});
  for (std::size_t k = 0; k < 4; ++k) runs[k].problem_digest = 0x123456789abcdef0ULL;
  EXPECT_EQ(compare(runs, 0.01).problems, (std::vector<std::string>{"town (12345678)", "town (00000000)"}));
  EXPECT_FALSE(compare(runs, 0.01).solvers[0].tts99) << "two problems, not one";
}

TEST(Comparison, PairsBySeedAndTestsTheDifference) {
  const Comparison c = compare(six_pairs(), 0.01);
  ASSERT_EQ(c.pairs.size(), 1u);
  EXPECT_EQ(c.pairs[0].first_better, 6u);
  EXPECT_NEAR(c.pairs[0].sign.p_value, 2.0 / 64, 1e-15);
  EXPECT_NEAR(c.pairs[0].wilcoxon.p_value, 2.0 / 64, 1e-15);
  EXPECT_NEAR(c.pairs[0].mean_difference, 805 - 903.5, 1e-12);
}

TEST(Comparison, TheProfileEndsAtOneAndAscends) {
  const Comparison c = compare(six_pairs(), 0.01);
  EXPECT_EQ(c.profile[0].points.front(), std::pair(0.0, 1.0 / 6)) << "one run is the best of all";
  for (const ProfileCurve& curve : c.profile) {
    EXPECT_EQ(curve.points.back().second, 1);
    for (std::size_t k = 1; k < curve.points.size(); ++k) EXPECT_GT(curve.points[k].first, curve.points[k - 1].first);
  }
}

TEST(Comparison, HigherIsBetterWhereItIsMaximised) {
  std::vector<ComparedRun> runs{run_of("a", 1, 1200), run_of("b", 1, 1100)};
  for (ComparedRun& run : runs) run.sense = model::Sense::maximise, run.losses = {{1, -1000}, {5, -run.cost}};
  const Comparison c = compare(runs, 0.01);
  EXPECT_EQ(c.solvers[0].best, 1200);
  EXPECT_EQ(c.solvers[0].mean_gap, 0);
  EXPECT_EQ(c.solvers[0].reached, 1u);
  EXPECT_NEAR(c.solvers[1].mean_gap, 100.0 / 1200, 1e-12);
  EXPECT_EQ(c.pairs[0].first_better, 1u);
  EXPECT_EQ(c.pairs[0].mean_difference, 100);
}

// Five towns where `a` saves 10 of 100 each, and one a hundred times as large where it loses 50 of 10,000: by size the loss is the
// greatest difference, by share the least. Ranks of a's savings: 6 + 5 + ... + 2 of 21.
TEST(Comparison, DifferencesOfSeveralProblemsAreRankedByShare) {
  std::vector<ComparedRun> runs;
  for (std::uint64_t town = 1; town <= 6; ++town)
    for (const char* solver : {"a", "b"}) {
      ComparedRun run = run_of(solver, 1, town == 6 ? (*solver == 'a' ? 10'050 : 10'000) : (*solver == 'a' ? 100 : 110));
      run.problem_digest = town;
      run.problem = "town " + std::to_string(town);
      runs.push_back(run);
    }
  const Comparison c = compare(runs, 0.01);
  EXPECT_EQ(c.pairs[0].first_better, 5u);
  EXPECT_EQ(c.pairs[0].wilcoxon.statistic, 20);
  EXPECT_NEAR(c.pairs[0].wilcoxon.p_value, 2 * 2.0 / 64, 1e-15) << "rank sums 0 and 1";
  EXPECT_EQ(c.solvers[0].tts99, std::nullopt) << "of several problems there is none";
  EXPECT_NE(comparison_text(c).find("means over several problems"), std::string::npos);
}

TEST(Comparison, ABestCostOfZeroHasNoInfiniteGap) {
  const Comparison c = compare(std::vector{run_of("a", 1, 0), run_of("b", 1, 7)}, 0.01);
  EXPECT_EQ(c.solvers[0].mean_gap, 0);
  EXPECT_EQ(c.solvers[1].mean_gap, 1);
}

TEST(Comparison, SaysWhatDoesNotCompare) {
  std::vector<ComparedRun> runs{run_of("a", 1, 800), run_of("b", 1, 810)};
  runs[1].ranks = 4;
  runs[1].finished = false;
  const std::string text = comparison_text(compare(runs, 0.01));
  EXPECT_NE(text.find("b: 1 of 1 runs did not finish"), std::string::npos) << text;
  EXPECT_NE(text.find("runs on 1 to 4 ranks"), std::string::npos) << text;
}

TEST(Comparison, RefusesTwoRunsOfTheSameSeed) {
  EXPECT_THROW(compare(std::vector{run_of("a", 1, 800), run_of("a", 1, 801)}, 0.01), core::UserError);
}

TEST(Comparison, TheTextFitsOnEightyColumnsAndThePageLoadsNothing) {
  std::vector<ComparedRun> runs = six_pairs();
  for (ComparedRun& run : runs) run.solver = "runs/a very long name of a solver/" + run.solver, run.cost *= 12345;
  const Comparison c = compare(runs, 0.01);
  std::istringstream text(comparison_text(c));
  for (std::string line; std::getline(text, line);) EXPECT_LE(line.size(), 80u) << line;
  std::string page = comparison_html(c, runs);
  EXPECT_NE(page.find("default-src 'none'"), std::string::npos);
  for (const std::string tag : {"script", "style"}) {  // its own, which the policy names by their hashes
    const auto first = page.find("<" + tag + ">"), last = page.find("</" + tag + ">", first);
    ASSERT_NE(last, std::string::npos) << tag;
    page.erase(first, last - first);
  }
  for (const char* part : {"<script>", "<script src", "http:", "https:", " src="}) EXPECT_EQ(page.find(part), std::string::npos) << part;
  const nlohmann::json json = nlohmann::json::parse(comparison_json(c, runs));
  EXPECT_EQ(json["runs"].size(), 12u);
  EXPECT_EQ(json["pairs"][0]["wilcoxon_test"]["unequal_pairs"], 6);
}

}  // namespace
}  // namespace tempera::report
