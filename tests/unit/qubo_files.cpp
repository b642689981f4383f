// QUBO files: conventions, exact errors, and what is noticed on the way.
#include <gtest/gtest.h>

#include "io/instances/best_known.hpp"
#include "io/instances/qubo_files.hpp"
#include "io/instances/text_file.hpp"
#include "solvers/core/error.hpp"
#include "solvers/model/qubo_referee.hpp"
#include "tests/support/benchmark_data.hpp"
#include "tests/support/temporary_folder.hpp"

namespace tempera::instances {
namespace {

double objective(const model::QuboProblem& problem, std::vector<std::int32_t> values) {
  const model::QuboVerdict verdict = model::judge(problem, values);
  EXPECT_TRUE(verdict.feasible);
  EXPECT_DOUBLE_EQ(verdict.objective, problem.objective(verdict.energy));
  return verdict.objective;
}

std::string message(std::string_view text, std::string_view source = "x.qubo") {
  try {
    parse_qubo(text, source);
  } catch (const core::UserError& error) {
    return error.what();
  }
  return "no error";
}

TEST(QuboFiles, GsetIsACutThatIsMaximised) {
  const model::QuboProblem p = parse_qubo("3 3\n1 2 5\n2 3 -1\n1 3 2\n", "g.mc");
  EXPECT_EQ(p.sense, model::Sense::maximise);
  EXPECT_EQ(p.objective_unit, "cut weight");
  EXPECT_EQ(objective(p, {1, 0, 0}), 7);
  EXPECT_EQ(objective(p, {0, 1, 1}), 7);
  EXPECT_EQ(objective(p, {1, 1, 0}), 1);
  EXPECT_EQ(objective(p, {1, 1, 1}), 0);
}

TEST(QuboFiles, BeasleyCountsOffDiagonalEntriesTwiceAndMaximises) {
  const model::QuboProblem p = parse_qubo("# comment\n2 3\n1 1 7\n1 2 -2\n2 2 3\n", "b.qubo");
  EXPECT_EQ(p.sense, model::Sense::maximise);
  EXPECT_EQ(objective(p, {1, 1}), 7 + 3 - 4);
  EXPECT_EQ(objective(p, {1, 0}), 7);
}

TEST(QuboFiles, QbsolvAndCooAreMinimisedAsTheyStand) {
  const model::QuboProblem q = parse_qubo("c hello\np qubo 0 3 2 1\n0 0 -1\n2 2 4\n0 2 -7\n", "q.qubo");
  EXPECT_EQ(q.sense, model::Sense::minimise);
  EXPECT_EQ(objective(q, {1, 0, 1}), -4);
  const model::QuboProblem c = parse_qubo("0 0 -1.5\n2 2 4\n0 2 -7\n2 0 0.25\n", "q.coo");
  EXPECT_TRUE(c.exact);
  EXPECT_EQ(objective(c, {1, 0, 1}), -4.25);
  ASSERT_EQ(c.notes.size(), 1u);
  EXPECT_NE(c.notes[0].find("1 couplings were given more than once"), std::string::npos);
}

TEST(QuboFiles, CooOfSpinsBecomesBinaryWithItsConstant) {
  const model::QuboProblem p = parse_qubo("# vartype=SPIN\n0 0 0.5\n0 1 -2\n", "s.coo");
  EXPECT_EQ(objective(p, {0, 0}), -0.5 - 2);
  EXPECT_EQ(objective(p, {1, 1}), 0.5 - 2);
  EXPECT_EQ(objective(p, {1, 0}), 0.5 + 2);
}

TEST(QuboFiles, GroupsStandInComments) {
  const model::QuboProblem p = parse_qubo("#@ one-hot 0 1 2\n#@ exactly 2 3 4 5\n0 1 1\n4 5 -1\n", "g.coo");
  ASSERT_EQ(p.groups.size(), 2u);
  EXPECT_EQ(p.groups[1].wanted, 2);
  EXPECT_TRUE(model::judge(p, std::vector<std::int32_t>{0, 1, 0, 1, 1, 0}).feasible);
  const auto broken = model::judge(p, std::vector<std::int32_t>{1, 1, 0, 1, 1, 0});
  EXPECT_FALSE(broken.feasible);
  EXPECT_NE(broken.violations.front().find("group 1 has 2"), std::string::npos);
  EXPECT_NE(message("#@ one-hot 0 1\n#@ one-hot 1 2\n0 2 1\n").find("variable 1 is in two groups"), std::string::npos);
  EXPECT_NE(message("#@ two-hot 0 1\n0 2 1\n").find(":1: the group is of kind 'two-hot'"), std::string::npos);
}

TEST(QuboFiles, BqmOfBothSchemasReadsAlikeAndIsWrittenBack) {
  const std::string v1 = R"({"version":{"bqm_schema":"1.0.0"},"variable_type":"SPIN","offset":1.5,
    "linear_terms":[{"label":"a","bias":0.5},{"label":"b","bias":-1}],"quadratic_terms":[{"label_head":"a","label_tail":"b","bias":2}]})";
  const std::string v3 = R"({"type":"BinaryQuadraticModel","version":{"bqm_schema":"3.0.0"},"use_bytes":false,"variable_type":"SPIN","offset":1.5,
    "variable_labels":["a","b"],"linear_biases":[0.5,-1],"quadratic_biases":[2],"quadratic_head":[0],"quadratic_tail":[1]})";
  const model::QuboProblem first = parse_qubo(v1, "1.json"), third = parse_qubo(v3, "3.json");
  const tests::TemporaryFolder folder;
  for (int schema = 1; schema <= 3; ++schema) {
    write_bqm(first, folder.path() / "again.json", schema);
    const model::QuboProblem again = read_qubo(folder.path() / "again.json");
    for (const std::vector<std::int32_t>& x : {std::vector<std::int32_t>{0, 0}, {0, 1}, {1, 0}, {1, 1}}) {
      const int a = 2 * x[0] - 1, b = 2 * x[1] - 1;
      const double wanted = 1.5 + 0.5 * a - b + 2 * a * b;
      EXPECT_DOUBLE_EQ(objective(first, x), wanted);
      EXPECT_DOUBLE_EQ(objective(third, x), wanted);
      EXPECT_DOUBLE_EQ(objective(again, x), wanted);
    }
    EXPECT_EQ(again.labels, (std::vector<std::string>{"a", "b"})) << "schema " << schema;
  }
}

TEST(QuboFiles, RealCoefficientsArePricedInDouble) {
  const model::QuboProblem p = parse_qubo("0 0 0.1234567890123\n0 1 -3.3333333333333\n1 1 2e-9\n", "r.coo");
  EXPECT_FALSE(p.exact);
  const auto verdict = model::judge(p, std::vector<std::int32_t>{1, 1});
  EXPECT_DOUBLE_EQ(verdict.objective, 0.1234567890123 - 3.3333333333333 + 2e-9);
  EXPECT_NEAR(p.objective(verdict.energy), verdict.objective, 1e-12);
}

TEST(QuboFiles, EveryFaultIsNamedWithItsLineAndValue) {
  struct Case { std::string_view text, source, expected; };
  const Case cases[] = {
      {"p qubo 0 0 0 0\n", "x.qubo", "x.qubo: the problem has 0 variables. Give one or more."},
      {"3 2\n1 2 2\n1 4 1\n", "x.mc", "x.mc:3: the index is '4'. Give a whole number from 1 to 3."},
      {"3 2\n1 2 2\n1 3 nan\n", "x.mc", "x.mc:3: the coefficient is 'nan', which is not finite. Give a finite number."},
      {"3 2\n1 2 2\n1 3 1e999\n", "x.mc", "which is not finite"},
      {"3 1\n2 2 1\n", "x.mc", "x.mc:2: a self loop at '2': an edge must join two different nodes. Remove the line."},
      {"3 3\n1 2 2\n1 3 1\n", "x.mc", "x.mc:1: the heading counts 3 entries, but 2 lines follow."},
      {"0 1 9e18\n0 2 9e18\n", "x.coo", "x.coo: the coefficients add up to 1.8e+19 in size, above 2^60"},
      {"0 1 1\n0 2\n", "x.coo", "a file of unknown format"},
      {"p qubo chimera 3 0 0\n", "x.qubo", "x.qubo:1: the topology is 'chimera'."},
      {R"({"variable_type":"SPIN","linear_biases":[1,2],"quadratic_biases":[1],"quadratic_head":[0],"quadratic_tail":[5]})", "x.json", "x.json: /quadratic_tail/0 is 5. Give an index from 0 to 1."},
      {R"({"variable_type":"SPIN","linear_biases":[1,2],"quadratic_biases":[1],"quadratic_head":[1],"quadratic_tail":[1]})", "x.json", "variable 1 with itself"},
      {R"({"variable_type":"OTHER","linear_biases":[]})", "x.json", "/variable_type is OTHER. Give SPIN or BINARY."},
  };
  for (const Case& c : cases) EXPECT_NE(message(c.text, c.source).find(c.expected), std::string::npos) << message(c.text, c.source) << "\n  wanted: " << c.expected;
}

TEST(QuboFiles, ValuesAreWrittenAndReadBack) {
  const model::QuboProblem p = parse_qubo("3 1\n1 2 5\n", "g.mc");
  const tests::TemporaryFolder folder;
  const std::vector<std::int32_t> values{1, 0, 1};
  write_values(folder.path() / "v.txt", p, values, 5);
  EXPECT_EQ(read_values(folder.path() / "v.txt", p), values);
}

TEST(Qaplib, ReadsTwoMatricesAndRefusesACutFile) {
  const model::QapProblem p = parse_qaplib("2\n0 3\n1 0\n\n0 5\n7 0\n", "q.dat");
  EXPECT_EQ(model::judge(p, std::vector<std::int32_t>{0, 1}).energy, 3 * 5 + 1 * 7);
  EXPECT_EQ(model::judge(p, std::vector<std::int32_t>{1, 0}).energy, 3 * 7 + 1 * 5);
  EXPECT_FALSE(model::judge(p, std::vector<std::int32_t>{1, 1}).feasible);
  EXPECT_THROW(parse_qaplib("2\n0 3\n1 0\n0 5\n7\n", "q.dat"), core::UserError);
}

TEST(QuboFiles, BenchmarkFilesAreRecognisedAndHaveTheirBestKnownValue) {
  TEMPERA_NEEDS_BENCHMARK("qubo/gset/G11.mc");
  const model::QuboProblem g = read_qubo(tests::benchmark_file("qubo/gset/G11.mc"));
  EXPECT_EQ(g.variables(), 800);
  EXPECT_EQ(g.column.size(), 3200u);
  EXPECT_EQ(best_known_objective(tests::benchmark_file("qubo/gset/G11.mc"))->cost, 564);
  TEMPERA_NEEDS_BENCHMARK("qubo/beasley/bqp50_1.qubo");
  EXPECT_EQ(read_qubo(tests::benchmark_file("qubo/beasley/bqp50_1.qubo")).variables(), 50);
  TEMPERA_NEEDS_BENCHMARK("qubo/qap/nug12.dat");
  EXPECT_EQ(recognise_file(tests::benchmark_file("qubo/qap/nug12.dat")), FileFormat::qaplib);
  EXPECT_EQ(read_qaplib(tests::benchmark_file("qubo/qap/nug12.dat")).size, 12);
}

}  // namespace
}  // namespace tempera::instances
