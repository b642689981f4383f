#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <tuple>

#include "io/checkpoint/output_folder.hpp"
#include "io/checkpoint/run_file.hpp"
#include "solvers/core/error.hpp"
#include "solvers/core/random.hpp"

namespace tempera::checkpoint {
namespace {

namespace fs = std::filesystem;

class Checkpoint : public testing::Test {
 protected:
  Checkpoint() {
    std::string pattern = (fs::temp_directory_path() / "tempera-test-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  ~Checkpoint() override { fs::remove_all(folder_); }
  fs::path folder_;
};

model::Answer random_answer(core::RandomStream& random, int customers) {
  model::Answer answer{.cost = 123.25, .cost_units = 12325, .ints = {}, .reals = {0.5, 1.5}};
  for (int c = 1; c <= customers; ++c) {
    answer.ints.push_back(c);
    if (random.below(5) == 0) answer.ints.push_back(0);
  }
  if (answer.ints.back() != 0) answer.ints.push_back(0);
  return answer;
}

model::RunRecord random_record(std::uint64_t seed, int customers = 200) {
  core::RandomStream random({.seed = seed, .domain = core::tests});
  model::RunRecord r;
  r.created_utc = "2026-11-21T03:00:00Z";
  r.host = "node7";
  r.command_line = "tempera solve \"a file.vrp\" --seed 1";
  r.software_version = "0.1.0";
  r.seed = (std::uint64_t{1} << 63) + seed;
  r.ranks = 3;
  r.problem_name = "Grüße";
  r.problem_digest = 0xFEDCBA9876543210ULL;
  r.problem_size = customers;
  if (seed % 2) r.limit.seconds = 30.5; else r.limit.iterations = 1000;
  if (seed % 3) r.best_known = 100.125;
  r.status = model::RunStatus::solved;
  r.baseline = {"savings", random_answer(random, customers), 0.25, 0.2};
  r.incumbent = random_answer(random, customers);
  r.served_by = "annealer";
  for (std::uint32_t k = 0; k < 5 + seed; ++k) r.trace.push_back({k * 1000ULL, k, 200.0 - k, 30.0 / (k + 1), 0.1 * k});
  for (int k = 0; k < 3; ++k) r.timings.push_back({k, "node" + std::to_string(k), 1.0 + k, 0.5, 0.25, 0.125, 777, 3});
  r.swaps = {{10, 0}, {4, 0}, 2};
  r.baseline.judgement = {seed % 2 == 0, seed % 2 ? "route 2 carries 30 > 20" : ""};
  r.policy = {.mode = model::ServingMode::candidate, .min_improvement = 0.01, .min_confidence = 0.5, .within = 0.02, .seeds = 3, .top_k = 2};
  r.seeds = {{r.seed, 100.5}, {r.seed + 1, 101.5}};
  r.candidates = {r.incumbent, random_answer(random, customers)};
  r.rank_trace = {{0, 0.5, 120}, {2, 0.75, 110.5}};
  r.lower_bound = 90.5;
  r.lower_bound_method = "tree";
  r.solver = {.method = "qaoa", .replicas = 3, .depth = 5, .shots = 700, .digest = 99 + seed};
  r.best_sample = {30, 700};
  r.vehicle_price = 1e4;
  r.missing_price = 1e7;
  if (seed % 2) r.profiles = {{"before", "stock on hand", "units", "day", {1.5, 2.5, 0}}, {"after", "stock on hand", "units", "day", {4}}};
  r.warnings = seed % 2 ? std::vector<std::string>{"first", "second, longer"} : std::vector<std::string>{};
  r.campaign = {7, 8, 9, 1.125, 0.75, 30.5, 0.305, {{1, 2, random_answer(random, customers)}, {0, 1, random_answer(random, customers)}}};
  if (seed % 2) {
    model::HybridStep step{.subject = "routes", .choices = 5, .candidates = 40, .before = 9, .after = 8, .optimum = 7.5, .penalty_factor = 2, .states = 32, .feasible_states = 3, .optimal_states = 1, .runs = {}};
    model::HybridRun exact, qaoa;
    exact.solver = "exact (CBC)", exact.cost = 8, exact.accepted = 1, exact.shots = 1, exact.decoded = 1;
    qaoa.solver = "QAOA", qaoa.optimum_probability = 0.25, qaoa.qubits = 5, qaoa.depth = 2, qaoa.gamma = {0.1, 0.2}, qaoa.beta = {-0.3, -0.1}, qaoa.shots = 1000;
    step.runs = {exact, qaoa};
    r.hybrid = {step, step};
  }
  if (r.problem_type == "routing") r.campaign.pool = {{{3, 1}, 17, 2}, {{2}, 8, 6}};
  return r;
}

void expect_equal(const model::RunRecord& a, const model::RunRecord& b) {
  EXPECT_EQ(a.command_line, b.command_line);
  EXPECT_EQ(a.seed, b.seed);
  EXPECT_EQ(a.problem_name, b.problem_name);
  EXPECT_EQ(a.problem_digest, b.problem_digest);
  EXPECT_EQ(a.limit.seconds, b.limit.seconds);
  EXPECT_EQ(a.limit.iterations, b.limit.iterations);
  EXPECT_EQ(a.best_known, b.best_known);
  EXPECT_EQ(a.status, b.status);
  EXPECT_EQ(a.baseline.method, b.baseline.method);
  EXPECT_EQ(a.baseline.answer.ints, b.baseline.answer.ints);
  EXPECT_EQ(a.incumbent.ints, b.incumbent.ints);
  EXPECT_EQ(a.incumbent.reals, b.incumbent.reals);
  EXPECT_EQ(a.incumbent.cost_units, b.incumbent.cost_units);
  ASSERT_EQ(a.trace.size(), b.trace.size());
  for (std::size_t k = 0; k < a.trace.size(); ++k) {
    EXPECT_EQ(a.trace[k].iterations, b.trace[k].iterations);
    EXPECT_EQ(a.trace[k].cost, b.trace[k].cost);
    EXPECT_EQ(a.trace[k].seconds, b.trace[k].seconds);
  }
  ASSERT_EQ(a.timings.size(), b.timings.size());
  EXPECT_EQ(a.timings[2].host, b.timings[2].host);
  EXPECT_EQ(a.timings[2].annealing, b.timings[2].annealing);
  EXPECT_EQ(a.swaps.attempted, b.swaps.attempted);
  EXPECT_EQ(a.swaps.round_trips, b.swaps.round_trips);
  EXPECT_EQ(a.warnings, b.warnings);
  EXPECT_EQ(a.solver.method, b.solver.method);
  EXPECT_EQ(a.solver.depth, b.solver.depth);
  EXPECT_EQ(a.solver.digest, b.solver.digest);
  EXPECT_EQ(a.best_sample.count, b.best_sample.count);
  EXPECT_EQ(a.vehicle_price, b.vehicle_price);
  EXPECT_EQ(a.missing_price, b.missing_price);
  ASSERT_EQ(a.profiles.size(), b.profiles.size());
  for (std::size_t k = 0; k < a.profiles.size(); ++k) {
    EXPECT_EQ(a.profiles[k].group, b.profiles[k].group);
    EXPECT_EQ(a.profiles[k].axis, b.profiles[k].axis);
    EXPECT_EQ(a.profiles[k].values, b.profiles[k].values);
  }
  EXPECT_EQ(a.baseline.judgement.feasible, b.baseline.judgement.feasible);
  EXPECT_EQ(a.baseline.judgement.violation, b.baseline.judgement.violation);
  EXPECT_EQ(std::tie(a.policy.mode, a.policy.min_improvement, a.policy.min_confidence, a.policy.within, a.policy.seeds, a.policy.top_k),
            std::tie(b.policy.mode, b.policy.min_improvement, b.policy.min_confidence, b.policy.within, b.policy.seeds, b.policy.top_k));
  ASSERT_EQ(a.seeds.size(), b.seeds.size());
  for (std::size_t k = 0; k < a.seeds.size(); ++k) EXPECT_EQ(std::tie(a.seeds[k].seed, a.seeds[k].cost), std::tie(b.seeds[k].seed, b.seeds[k].cost));
  ASSERT_EQ(a.candidates.size(), b.candidates.size());
  for (std::size_t k = 0; k < a.candidates.size(); ++k) EXPECT_EQ(a.candidates[k].ints, b.candidates[k].ints);
  ASSERT_EQ(a.rank_trace.size(), b.rank_trace.size());
  for (std::size_t k = 0; k < a.rank_trace.size(); ++k)
    EXPECT_EQ(std::tie(a.rank_trace[k].rank, a.rank_trace[k].seconds, a.rank_trace[k].cost), std::tie(b.rank_trace[k].rank, b.rank_trace[k].seconds, b.rank_trace[k].cost));
  EXPECT_EQ(a.lower_bound, b.lower_bound);
  EXPECT_EQ(a.lower_bound_method, b.lower_bound_method);
  ASSERT_EQ(a.campaign.replicas.size(), b.campaign.replicas.size());
  EXPECT_EQ(a.campaign.ladder_ratio, b.campaign.ladder_ratio);
  EXPECT_EQ(a.campaign.cooling_start, b.campaign.cooling_start);
  EXPECT_EQ(a.campaign.cooling_end, b.campaign.cooling_end);
  EXPECT_EQ(a.campaign.replicas[0].answer.ints, b.campaign.replicas[0].answer.ints);
  EXPECT_EQ(a.campaign.replicas[1].rung, b.campaign.replicas[1].rung);
  ASSERT_EQ(a.hybrid.size(), b.hybrid.size());
  for (std::size_t k = 0; k < a.hybrid.size(); ++k) {
    const model::HybridStep &x = a.hybrid[k], &y = b.hybrid[k];
    EXPECT_EQ(std::tie(x.subject, x.choices, x.candidates, x.before, x.after, x.optimum, x.penalty_factor, x.states, x.feasible_states, x.optimal_states),
              std::tie(y.subject, y.choices, y.candidates, y.before, y.after, y.optimum, y.penalty_factor, y.states, y.feasible_states, y.optimal_states));
    ASSERT_EQ(x.runs.size(), y.runs.size());
    for (std::size_t j = 0; j < x.runs.size(); ++j) {
      const model::HybridRun &u = x.runs[j], &v = y.runs[j];
      EXPECT_EQ(std::tie(u.solver, u.cost, u.accepted, u.shots, u.decoded, u.optimum_probability, u.qubits, u.depth, u.gamma, u.beta),
                std::tie(v.solver, v.cost, v.accepted, v.shots, v.decoded, v.optimum_probability, v.qubits, v.depth, v.gamma, v.beta));
    }
  }
  ASSERT_EQ(a.campaign.pool.size(), b.campaign.pool.size());
  for (std::size_t k = 0; k < a.campaign.pool.size(); ++k) {
    EXPECT_EQ(a.campaign.pool[k].customers, b.campaign.pool[k].customers);
    EXPECT_EQ(a.campaign.pool[k].cost, b.campaign.pool[k].cost);
    EXPECT_EQ(a.campaign.pool[k].round, b.campaign.pool[k].round);
  }
}

std::string bytes_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}
void put_bytes(const fs::path& path, std::string_view bytes) { std::ofstream(path, std::ios::binary).write(bytes.data(), std::ssize(bytes)); }

TEST_F(Checkpoint, ComesBackExactlyAsWritten) {
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    const model::RunRecord record = random_record(seed);
    write_record(folder_ / "result.h5", record);
    expect_equal(record, read_record(folder_ / "result.h5"));
  }
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), {}), 1) << "no temporary file stays behind";
}

TEST_F(Checkpoint, AnEmptyRecordComesBackToo) {
  write_record(folder_ / "empty.h5", {});
  EXPECT_FALSE(read_record(folder_ / "empty.h5").best_known.has_value());
}

TEST_F(Checkpoint, RefusesWhatIsNotARunFile) {
  EXPECT_NE(why_invalid(folder_ / "none.h5")->find("no such file"), std::string::npos);
  put_bytes(folder_ / "text.h5", "hello");
  EXPECT_NE(why_invalid(folder_ / "text.h5")->find("not an HDF5 file"), std::string::npos);
}

TEST_F(Checkpoint, EveryTruncationIsRefused) {
  write_record(folder_ / "whole.h5", random_record(1));
  const std::string whole = bytes_of(folder_ / "whole.h5");
  for (std::size_t k = 0; k < 64; ++k) {
    put_bytes(folder_ / "cut.h5", std::string_view(whole).substr(0, whole.size() * k / 64));
    EXPECT_TRUE(why_invalid(folder_ / "cut.h5").has_value()) << k << "/64";
  }
}

TEST_F(Checkpoint, EveryFlippedByteIsRefused) {
  write_record(folder_ / "whole.h5", random_record(1));
  const std::string whole = bytes_of(folder_ / "whole.h5");
  for (std::size_t k = 0; k < 1024; ++k) {
    std::string flipped = whole;
    flipped[whole.size() * k / 1024] ^= static_cast<char>(1 << (k % 8));
    put_bytes(folder_ / "flipped.h5", flipped);
    ASSERT_TRUE(why_invalid(folder_ / "flipped.h5").has_value()) << "byte " << whole.size() * k / 1024;
  }
}

TEST_F(Checkpoint, AFileWithoutItsSealIsRefused) {
  write_record(folder_ / "a.h5", {});
  EXPECT_FALSE(why_invalid(folder_ / "a.h5"));
  std::string bytes = bytes_of(folder_ / "a.h5");
  put_bytes(folder_ / "unsealed.h5", std::string_view(bytes).substr(0, bytes.size() - 24));
  EXPECT_NE(why_invalid(folder_ / "unsealed.h5")->find("the seal at its end is missing"), std::string::npos);
}

TEST_F(Checkpoint, AFullDiskLeavesTheOldFileAndSaysSo) {
  write_record(folder_ / "result.h5", random_record(1));
  const std::string before = bytes_of(folder_ / "result.h5");
  // In a child: the limit cannot be raised again without privileges. Exit 0 = refused with a text that names the file. A
  // plain exit, so that HDF5's own end runs too: it was seen to crash after a close that had failed.
  const pid_t child = ::fork();
  if (child == 0) {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{20000, 20000};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    try {
      write_record(folder_ / "result.h5", random_record(2, 50000));
      std::exit(1);
    } catch (const core::DataError& error) {
      std::exit(std::string(error.what()).find("result.h5: cannot write: File too large") != std::string::npos ? 0 : 2);
    }
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
  EXPECT_EQ(bytes_of(folder_ / "result.h5"), before);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), {}), 1);
}

TEST_F(Checkpoint, TheGenerationBeforeIsKept) {
  CheckpointJournal journal(folder_ / "checkpoint.h5", folder_ / "checkpoint_previous.h5");
  journal.checkpoint(random_record(1));
  EXPECT_FALSE(fs::exists(folder_ / "checkpoint_previous.h5"));
  journal.checkpoint(random_record(2));
  journal.checkpoint(random_record(3));
  expect_equal(read_record(folder_ / "checkpoint.h5"), random_record(3));
  expect_equal(read_record(folder_ / "checkpoint_previous.h5"), random_record(2));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), {}), 2) << "no temporary file stays behind";
}

TEST_F(Checkpoint, ADamagedGenerationDoesNotPushOutTheGoodOneBefore) {
  write_record(folder_ / "checkpoint_previous.h5", random_record(1));
  put_bytes(folder_ / "checkpoint.h5", "damaged");
  CheckpointJournal journal(folder_ / "checkpoint.h5", folder_ / "checkpoint_previous.h5");
  journal.checkpoint(random_record(2));
  expect_equal(read_record(folder_ / "checkpoint.h5"), random_record(2));
  expect_equal(read_record(folder_ / "checkpoint_previous.h5"), random_record(1));
}

TEST_F(Checkpoint, OutputFolderRefusesASecondRun) {
  const OutputFolder first(folder_ / "a" / "b");
  try {
    const OutputFolder second(folder_ / "a" / "b");
    FAIL() << "two runs in one folder";
  } catch (const core::UserError& error) {
    EXPECT_NE(std::string(error.what()).find("another run writes here (process " + std::to_string(::getpid())), std::string::npos) << error.what();
  }
}

TEST_F(Checkpoint, OutputFolderIsFreeAgainAfterwards) {
  { const OutputFolder first(folder_ / "a"); }
  EXPECT_NO_THROW(OutputFolder(folder_ / "a"));
}

TEST_F(Checkpoint, OutputFolderUnderAFileIsRefused) {
  put_bytes(folder_ / "file", "x");
  EXPECT_THROW(OutputFolder(folder_ / "file"), core::UserError);
  EXPECT_THROW(OutputFolder(folder_ / "file" / "below"), core::UserError);
}

}  // namespace
}  // namespace tempera::checkpoint
