#include "io/audit/audit_trail.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "solvers/core/error.hpp"
#include "tests/support/temporary_folder.hpp"

namespace tempera::audit {
namespace {

class Audit : public ::testing::Test {
 protected:
  std::string written(int records) {
    AuditTrail trail(file());
    for (int k = 0; k < records; ++k) trail.add("decision", {{"cost", k}}, "2026-11-21T00:00:00Z");
    trail.write();
    return trail.head();
  }
  std::filesystem::path file() const { return folder_ / "audit.jsonl"; }
  std::string text() const {
    std::ifstream stream(file(), std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }
  void put(const std::string& content) { std::ofstream(file(), std::ios::binary) << content; }

  tests::TemporaryFolder folder_;
};

TEST_F(Audit, Sha256IsTheStandards) {  // FIPS 180-4 examples
  EXPECT_EQ(sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_F(Audit, AWholeTrailIsConfirmed) {
  const std::string head = written(5);
  const AuditVerdict verdict = verify(file(), head);
  EXPECT_EQ(verdict.fault, "");
  EXPECT_EQ(verdict.records, 5u);
  EXPECT_EQ(verdict.head, head);
}

TEST_F(Audit, AResumedRunGoesOnBehindTheTrail) {
  written(2);
  const std::string head = written(3);
  EXPECT_EQ(verify(file(), head).records, 5u);
}

// Every byte matters but those that JSON does not see; here there are none.
TEST_F(Audit, EveryChangedByteIsFound) {
  const std::string head = written(3), whole = text();
  for (std::size_t k = 0; k < whole.size(); ++k) {
    std::string changed = whole;
    changed[k] = changed[k] == 'x' ? 'y' : 'x';
    put(changed);
    EXPECT_NE(verify(file(), head).fault, "") << "byte " << k;
  }
}

TEST_F(Audit, TheFirstBrokenRecordIsNamed) {
  const std::string head = written(4);
  std::string changed = text();
  changed.replace(changed.find("\"cost\":2"), 8, "\"cost\":7");
  put(changed);
  EXPECT_EQ(verify(file(), head).fault, "record 3 was changed: its hash does not fit its content");
  EXPECT_THROW(AuditTrail{file()}, core::DataError);
}

TEST_F(Audit, TruncationIsFoundAnywhere) {
  const std::string head = written(4), whole = text();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    put(whole.substr(0, size));
    EXPECT_NE(verify(file(), head).fault, "") << size << " bytes";
  }
  put(whole.substr(whole.find('\n') + 1));
  EXPECT_EQ(verify(file(), head).fault, "record 1 does not follow the record before it: one was changed, removed or added");
}

}  // namespace
}  // namespace tempera::audit
