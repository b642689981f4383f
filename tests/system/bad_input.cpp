// Bad input of every kind: one clear message, exit code 2 on every rank, no hang, and the previous result untouched.
#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <map>
#include <sstream>

#include "tests/support/tempera.hpp"

namespace tempera::tests {
namespace {

namespace fs = std::filesystem;

const fs::path invalid_jobs = fs::path(TEMPERA_SOURCE_DIR) / "jobs" / "invalid";

void put(const fs::path& path, std::string_view text) { std::ofstream(path, std::ios::binary) << text; }

/// File name -> the message it must give, from messages.txt: it opens with the name, or stands behind "name => ".
std::map<std::string, std::string> expected_messages() {
  std::map<std::string, std::string> messages;
  std::istringstream text(content_of(invalid_jobs / "messages.txt"));
  for (std::string line; std::getline(text, line);) {
    const auto arrow = line.find(" => ");
    if (arrow != std::string::npos) messages[line.substr(0, arrow)] = line.substr(arrow + 4);
    else messages[line.substr(0, line.find(':'))] = line;
  }
  return messages;
}

/// A finished run in a folder, and a look at whether its files are still the same.
class BadInput : public ::testing::Test {
 protected:
  BadInput() : instance_(generated(folder_, 60)), out_(folder_ / "run") {
    const Finished first = tempera({"solve", instance_, "--iterations", "20000", "--out", out_.string(), "--output", "quiet"});
    EXPECT_EQ(first.exit_code, 0) << first.err;
    before_ = files();
    EXPECT_EQ(before_.size(), 4u);
  }

  /// Result files by name with their content; not those that are about the last run alone, whatever became of it.
  std::map<std::string, std::string> files() const {
    std::map<std::string, std::string> all;
    for (const auto& entry : fs::directory_iterator(out_))
      if (const fs::path name = entry.path().filename(); name != ".lock" && name != "result.done" && name != "status.json") all[entry.path().filename()] = content_of(entry.path());
    return all;
  }

  /// Runs with --output json: exit code 2, this one message on stderr and in the JSON, files as before.
  void expect_refused(Words words, const std::string& message, int ranks = 0, ProcessSettings settings = {}) {
    words.insert(words.end(), {"--output", "json"});
    settings.limit_seconds = 20;
    const Finished finished = tempera(words, ranks, settings);
    EXPECT_EQ(finished.exit_code, 2) << message;
    const std::vector<std::string> lines = own_lines(finished);
    ASSERT_EQ(lines.size(), 1u) << finished.err;
    EXPECT_NE(lines[0].find(message), std::string::npos) << lines[0] << "\nexpected: " << message;
    const nlohmann::json json = json_of(finished);
    EXPECT_EQ(json["exit_code"], 2);
    EXPECT_EQ(json["status"], "bad_input");
    EXPECT_EQ("tempera: " + json["error"]["message"].get<std::string>(), lines[0]);
    EXPECT_EQ(files(), before_) << message;
  }

  TemporaryFolder folder_;
  std::string instance_;
  fs::path out_;
  std::map<std::string, std::string> before_;
};

TEST_F(BadInput, EveryInvalidJobHasItsMessageAndNoMessageIsWithoutAJob) {
  std::vector<std::string> jobs, named;
  for (const auto& entry : fs::directory_iterator(invalid_jobs))
    if (entry.path().extension() == ".vrp" || entry.path().extension() == ".json" || entry.path().filename().string().starts_with("window_")) jobs.push_back(entry.path().filename());
  for (const auto& [name, message] : expected_messages()) named.push_back(name);
  std::ranges::sort(jobs);
  EXPECT_EQ(jobs, named);
  EXPECT_GT(jobs.size(), 35u);
}

TEST_F(BadInput, InvalidJobsAreRefusedWithTheirMessage) {
  for (const auto& [name, message] : expected_messages()) {
    expect_refused({"solve", name, "--out", out_.string()}, "tempera: " + message, 0, {.folder = invalid_jobs});
    const Finished check = tempera({"check", name}, 0, {.folder = invalid_jobs});
    EXPECT_EQ(check.exit_code, 2);
    EXPECT_EQ(check.err, "tempera: " + message + "\n");
  }
}

// A few of them: the launcher takes a second to end a job that failed.
TEST_F(BadInput, InvalidJobsAreRefusedOnTwoRanks) {
  const auto messages = expected_messages();
  for (const char* name : {"capacity_zero.vrp", "coordinate_nan.vrp", "cut_off.vrp", "demand_above_capacity.vrp", "node_twice.vrp", "weight_negative.vrp"})
    expect_refused({"solve", name, "--out", out_.string()}, "tempera: " + messages.at(name), 2, {.folder = invalid_jobs});
}

TEST_F(BadInput, ADirectoryThatCannotBeMadeIsNamed) {
  put(folder_ / "file", "x");
  for (const int ranks : {0, 2}) {
    const std::string below = (folder_ / "file" / "below").string();
    expect_refused({"solve", instance_, "--out", below}, "--out " + below + ": cannot make this directory: Not a directory.", ranks);
    const std::string file = (folder_ / "file").string();
    expect_refused({"solve", instance_, "--out", file}, "--out " + file + ": cannot make this directory: Not a directory.", ranks);
    expect_refused({"solve", instance_, "--out", "/proc/tempera"}, "--out /proc/tempera: cannot make this directory:", ranks);  // root may not write there either
  }
}

TEST_F(BadInput, ADirectoryThatAnotherRunUsesIsRefused) {
  const fs::path busy = folder_ / "busy";
  fs::copy(out_, busy);
  const std::string nobody = content_of(busy / ".lock");
  Process other(tempera_words({"solve", instance_, "--budget", "20", "--out", busy.string(), "--output", "quiet"}), {});
  ASSERT_TRUE(other.wait_until([&] { return content_of(busy / ".lock") != nobody; }, 10));
  expect_refused({"solve", instance_, "--budget", "0.2", "--out", busy.string()}, "--out " + busy.string() + ": another run writes here (process ");
  expect_refused({"resume", busy.string(), "--iterations", "40000"}, "another run writes here (process ", 2);
  other.send(SIGTERM);
  EXPECT_EQ(other.wait().exit_code, 3);
}

// A file size limit fails as a full disk does, and binds root too.
TEST_F(BadInput, AFullDiskLeavesThePreviousResultAndTellsTheCost) {
  const Finished finished = tempera({"solve", instance_, "--iterations", "30000", "--seed", "2", "--out", out_.string(), "--output", "json"}, 0,
                                    {.environment = {"TMPDIR=" + folder_.path().string()}, .file_size_limit = 4000});
  EXPECT_EQ(finished.exit_code, 2);
  EXPECT_EQ(files(), before_);
  const nlohmann::json json = json_of(finished);
  EXPECT_EQ(json["status"], "bad_input");
  EXPECT_GT(json["objective"]["cost"], 0);
  EXPECT_NE(json["error"]["message"].get<std::string>().find("result.h5: cannot write: File too large."), std::string::npos) << json["error"];
  EXPECT_EQ(finished.err, "tempera: " + json["error"]["message"].get<std::string>() + "\n");
}

TEST_F(BadInput, AnswersThatCannotBeWrittenGoToTheTemporaryDirectory) {
  const fs::path elsewhere = folder_ / "tmp";
  fs::create_directory(elsewhere);
  fs::remove_all(out_);
  const Finished finished = tempera({"solve", instance_, "--iterations", "30000", "--out", out_.string()}, 0,
                                    {.environment = {"TMPDIR=" + elsewhere.string()}, .file_size_limit = 4000});
  EXPECT_EQ(finished.exit_code, 2);
  ASSERT_EQ(std::distance(fs::directory_iterator(elsewhere), {}), 1) << finished.err;
  const std::string rescued = fs::directory_iterator(elsewhere)->path().string();
  EXPECT_NE(finished.err.find("The routes are in " + rescued + "."), std::string::npos) << finished.err;
  EXPECT_EQ(tempera({"check", instance_, "--solution", rescued}).exit_code, 0);
}

// A real full disk on several ranks: a small file system in a mount namespace of its own, filled behind the previous result.
TEST_F(BadInput, AFullDiskIsToldOnTwoRanks) {
  const fs::path disk = folder_ / "disk";
  fs::create_directory(disk);
  const std::string mount = "mount -t tmpfs -o size=300k none " + disk.string();
  if (run({"unshare", "-m", "sh", "-c", mount}).exit_code != 0) GTEST_SKIP() << "needs the right to mount a file system";
  std::string solve;
  for (const std::string& word : tempera_words({"solve", instance_, "--budget", "1", "--seed", "3", "--out", (disk / "run").string(), "--output", "json"}, 2)) solve += " " + word;
  const std::string script = mount + " && cp -r " + out_.string() + " " + disk.string() + " && { head -c 1000000 /dev/zero >" + (disk / "fill").string() +
                             " 2>/dev/null;" + solve + "; code=$?; rm -f " + (disk / "run/.lock").string() + " " + (out_ / ".lock").string() + "; for f in result.done status.json; do rm -f " +
                             (disk / "run").string() + "/$f " + out_.string() + "/$f; done; diff -r " + out_.string() +
                             " " + (disk / "run").string() + " && exit $code; }";
  const Finished finished = run({"unshare", "-m", "sh", "-c", script});
  EXPECT_EQ(finished.exit_code, 2) << finished.err;
  const nlohmann::json json = json_of(finished);
  EXPECT_EQ(json["exit_code"], 2);
  const std::string message = json["error"]["message"];
  EXPECT_NE(message.find("No space left on device"), std::string::npos) << message;
  EXPECT_EQ(own_lines(finished), (std::vector<std::string>{"tempera: " + message}));
  if (const std::size_t at = message.find("/tempera-"); at != std::string::npos)  // the rescued routes
    fs::remove(message.substr(message.rfind(' ', at) + 1, message.size() - message.rfind(' ', at) - 2));
}

TEST_F(BadInput, StandardOutputThatCannotBeWrittenIsTold) {
  std::string solve;
  for (const std::string& word : tempera_words({"report", out_.string()})) solve += word + " ";
  const Finished finished = run({"sh", "-c", solve + ">/dev/full"});
  EXPECT_EQ(finished.exit_code, 2);
  EXPECT_EQ(finished.err, "tempera: standard output: cannot write: No space left on device.\n");
}

TEST_F(BadInput, ACheckpointOfAnotherProblemIsRefused) {
  const TemporaryFolder other_folder;
  const std::string other = generated(other_folder, 70);
  for (const int ranks : {0, 2})
    expect_refused({"resume", out_.string(), "--instance", other, "--iterations", "40000"}, "is a checkpoint of another problem than " + other + ": digest ", ranks);
  expect_refused({"solve", other, "--warm-start", (out_ / "result.h5").string(), "--out", out_.string()}, "holds a run of another problem");
}

TEST_F(BadInput, AnInstanceThatIsGoneIsToldOnResume) {
  fs::remove(instance_);
  expect_refused({"resume", out_.string(), "--iterations", "40000"}, "its instance " + instance_ + " is not there (any more). Say where it is: --instance FILE.");
}

TEST_F(BadInput, ADamagedCheckpointIsRefused) {
  const std::string whole = content_of(out_ / "result.h5");
  put(folder_ / "cut.h5", whole.substr(0, whole.size() / 2));
  std::string flipped = whole;
  flipped[whole.size() / 2] ^= 1;
  put(folder_ / "flipped.h5", flipped);
  put(folder_ / "text.h5", "no HDF5 at all");
  for (const int ranks : {0, 2}) {
    expect_refused({"resume", (folder_ / "cut.h5").string()}, "cut.h5: cut off, or not written by Tempera: the seal at its end is missing.", ranks);
    expect_refused({"resume", (folder_ / "flipped.h5").string()}, "flipped.h5: damaged: its checksum does not fit its content.", ranks);
    expect_refused({"resume", (folder_ / "text.h5").string()}, "text.h5: not an HDF5 file (or damaged at its start).", ranks);
    expect_refused({"resume", (folder_ / "none.h5").string()}, "none.h5: there is no such file.", ranks);
  }
  fs::create_directory(folder_ / "nothing");
  expect_refused({"resume", (folder_ / "nothing").string()}, "holds neither checkpoint.h5 nor result.h5.");
}

TEST_F(BadInput, ASpentBudgetIsNotResumed) {
  for (const int ranks : {0, 2}) {
    expect_refused({"resume", out_.string()}, "20000 iterations are done of 20000. Give more, counted from the first start: --iterations 40000.", ranks);
    expect_refused({"resume", out_.string(), "--iterations", "10000"}, "20000 iterations are done of 10000.", ranks);
  }
}

TEST_F(BadInput, AWarmStartThatIsNoSolutionIsRefused) {
  put(folder_ / "bad.sol", "Route #1: 1 two 3\n");
  for (const int ranks : {0, 2}) {
    expect_refused({"solve", instance_, "--warm-start", (folder_ / "bad.sol").string(), "--out", out_.string()}, "bad.sol:1:", ranks);
    expect_refused({"solve", instance_, "--warm-start", (folder_ / "none.sol").string(), "--out", out_.string()}, "none.sol: cannot open: No such file or directory.", ranks);
  }
}

TEST_F(BadInput, AFailedRunLeavesItsResultJsonWhereNoneWas) {
  const fs::path fresh = folder_ / "fresh";
  const Finished finished = tempera({"solve", (folder_ / "none.vrp").string(), "--out", fresh.string(), "--output", "json"});
  EXPECT_EQ(finished.exit_code, 2);
  EXPECT_EQ(content_of(fresh / "result.json"), finished.out);
  EXPECT_EQ(tempera({"solve", instance_, "--iterations", "1000", "--out", fresh.string(), "--output", "quiet"}).exit_code, 0);  // and is replaced by a good one
  EXPECT_EQ(nlohmann::json::parse(content_of(fresh / "result.json"))["status"], "solved");
}

TEST_F(BadInput, AnInfeasibleSolutionIsJudgedSo) {
  put(folder_ / "bad.sol", "Route #1: 1 2\nRoute #2: 2 99\nCost 1\n");
  for (const int ranks : {0, 3}) {
    const Finished finished = tempera({"check", instance_, "--solution", (folder_ / "bad.sol").string(), "--output", "json"}, ranks);
    EXPECT_EQ(finished.exit_code, 2);
    const nlohmann::json json = json_of(finished);
    EXPECT_EQ(json["status"], "infeasible");
    EXPECT_EQ(json["exit_code"], 2);
    EXPECT_GT(json["violations"].size(), 2u);
  }
}

}  // namespace
}  // namespace tempera::tests
