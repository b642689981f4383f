// GoogleTest's main under MPI: rank 0 alone prints the run; what failed elsewhere is sent to it and printed with its rank;
// every rank leaves with the same code.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <deque>
#include <string>

#include "mpi/comm/archives.hpp"
#include "tests/support/rank_test.hpp"

namespace tempera::tests {

namespace {
comm::Session* the_session = nullptr;
constexpr int tag_vote = 9001, tag_verdict = 9002, tag_failures = 9003;

// Collects failures instead of printing them.
class Recorder final : public testing::EmptyTestEventListener {
 public:
  void OnTestPartResult(const testing::TestPartResult& part) override {
    if (part.failed()) text += std::string(part.file_name() ? part.file_name() : "?") + ":" + std::to_string(part.line_number()) + ": " + part.message() + "\n";
  }
  std::string text;
};

int same_code_everywhere(comm::Transport& world, int code, const std::string& failures) {
  if (world.rank() != 0) {
    world.send(0, tag_failures, comm::pack(failures));
    comm::Envelope verdict = receive(tag_verdict);
    comm::unpack(verdict.bytes, code);
    return code;
  }
  for (int k = 1; k < world.size(); ++k) {
    const comm::Envelope envelope = receive(tag_failures);
    std::string text;
    comm::unpack(envelope.bytes, text);
    if (text.empty()) continue;
    std::printf("[  FAILED  ] on rank %d:\n%s", envelope.source, text.c_str());
    code = 1;
  }
  for (int rank = 1; rank < world.size(); ++rank) world.send(rank, tag_verdict, comm::pack(code));
  world.flush(10);
  return code;
}
}  // namespace

comm::Session& session() { return *the_session; }

// A rank that is ahead may already have sent for the next step: what is not asked for yet waits here.
comm::Envelope receive(int tag) {
  static std::deque<comm::Envelope> early;
  const auto found = std::ranges::find(early, tag, &comm::Envelope::tag);
  if (found != early.end()) {
    comm::Envelope envelope = std::move(*found);
    early.erase(found);
    return envelope;
  }
  comm::Transport& world = session().world();
  for (;;) {
    std::optional<comm::Envelope> envelope = world.poll();
    if (!envelope) world.wait(0.01);
    else if (envelope->tag == tag) return std::move(*envelope);
    else early.push_back(std::move(*envelope));
  }
}

bool all_ranks(bool here) {
  comm::Transport& world = session().world();
  int verdict = here ? 1 : 0;
  if (world.rank() != 0) {
    world.send(0, tag_vote, comm::pack(verdict));
    const comm::Envelope answer = receive(tag_verdict);
    comm::unpack(answer.bytes, verdict);
    return verdict == 1;
  }
  for (int k = 1; k < world.size(); ++k) {
    const comm::Envelope envelope = receive(tag_vote);
    int vote = 0;
    comm::unpack(envelope.bytes, vote);
    verdict = verdict && vote ? 1 : 0;
  }
  for (int rank = 1; rank < world.size(); ++rank) world.send(rank, tag_verdict, comm::pack(verdict));
  return verdict == 1;
}

}  // namespace tempera::tests

int main(int count, char** values) {
  using namespace tempera::tests;
  testing::InitGoogleTest(&count, values);
  tempera::comm::Session session;
  the_session = &session;
  auto& listeners = testing::UnitTest::GetInstance()->listeners();
  auto* recorder = new Recorder;  // owned by GoogleTest
  if (session.world().rank() != 0) delete listeners.Release(listeners.default_result_printer());
  listeners.Append(recorder);
  const int code = RUN_ALL_TESTS();
  return same_code_everywhere(session.world(), code, session.world().rank() == 0 ? "" : recorder->text);
}
