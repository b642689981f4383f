// Temperature ladders over ranks, as the scheduler sees them: rounds of one task per ladder. The ladders are independent and
// elites travel between them, or they are the blocks of one ladder that spans them all (spanning_ladder.hpp).
#pragma once

#include <deque>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "solvers/model/campaign.hpp"
#include "solvers/model/qubo_referee.hpp"
#include "solvers/qubo/replica_ladder.hpp"
#include "solvers/qubo/spanning_ladder.hpp"

namespace tempera::qubo {

/// How a run uses its ranks, decided once.
struct LadderPlan {
  std::uint64_t seed = 0;
  std::uint32_t ladders = 1;       ///< spanning: blocks of the one
  bool spanning = false;
  std::int64_t target = std::numeric_limits<std::int64_t>::min();  ///< energy at which the run ends
  bool penalised = false;          ///< ladders may find states that break a constraint: samples, but never answers
  // Counted in sweeps of one ladder: follows from the job alone.
  std::uint64_t sweeps = 0;        ///< of the whole run; 0 when timed
  std::uint64_t round_sweeps = 1;  ///< of one ladder
  // Timed
  double ends = 0;                 ///< seconds of the job
  double round_seconds = 0;

  bool is_timed() const { return sweeps == 0; }
};

struct LadderPlanRequest {
  core::BudgetLimit limit;
  std::uint64_t seed = 0;
  int ranks = 1;
  std::uint32_t ladders = 0;       ///< 0: one per rank; counted in sweeps, four
  bool spanning = false;           ///< means nothing where there is one ladder
  double now = 0;                  ///< seconds of the job already spent
  std::int64_t moves = 1;          ///< tried in one sweep of one ladder
  std::int64_t target = std::numeric_limits<std::int64_t>::min();
  bool penalised = false;
};
LadderPlan make_plan(const LadderPlanRequest& request);

/// A round: every ladder goes on for its share. Every fourth round each independent ladder receives the best state of its
/// neighbour in a ring; the blocks of a spanning ladder swap after every round. Every state that counts is priced by the
/// referee first. See runner.hpp for what tasks carry.
class LadderCampaign final : public model::Campaign {
 public:
  using Referee = std::function<model::QuboVerdict(std::span<const std::int32_t>)>;
  /// Of a penalised problem: the slack variables as the others want them, which is never worse.
  using SettleSlack = std::function<std::vector<std::int32_t>(std::vector<std::int32_t>)>;

  /// @param variables  length of an answer @param settle  only where the plan is penalised @param start  feasible; its energy is what the annealer has to beat
  LadderCampaign(const LadderPlan& plan, Referee referee, SettleSlack settle, std::size_t variables, const model::Answer& start, std::string started_from);

  /// Goes on where `record` was written. Throws UserError when its answers do not fit.
  void restore(const model::RunRecord& record);

  std::optional<model::Task> next_task(double elapsed_seconds) override;
  void on_outcome(const model::Outcome& outcome, double elapsed_seconds) override;
  void on_lost(const model::Task& task, double elapsed_seconds) override;
  bool finished(double elapsed_seconds) const override;
  model::CampaignProgress progress() const override;
  void describe(model::RunRecord& record) const override;

 private:
  struct Priced {
    Found state;
    double objective = 0;
    bool feasible = true;  // false only where constraints are kept by penalties
  };
  // What an outcome brings.
  struct Arrival {
    LadderImage image;
    std::vector<Priced> found;  // the best of the task first
    Found on_coldest, on_hottest;  // rung
    double coldest = 0, hottest = 0, trips = 0;
    std::vector<double> acceptance;
    std::uint64_t sweeps = 0;
  };
  struct Island {
    LadderImage image;
    Found best;                     // of this ladder's whole life; no values before its first outcome
    std::uint64_t task = 0;
    bool open = false;              // its task of this round is out or waits to go out
    std::optional<Found> on_coldest, on_hottest;  // spanning: of this round
    std::vector<Guest> guests;      // spanning: of the next round
    std::optional<Arrival> arrival; // counted in sweeps: kept until the round closes, so that a checkpoint is a round boundary
    double coldest = 0, hottest = 0, trips = 0;
    std::vector<double> acceptance;
  };
  struct Sample {
    Found state;
    double objective = 0;
    std::uint32_t occurrences = 1;
  };

  bool reached() const { return incumbent_.energy <= plan_.target; }
  bool out_of_budget(double elapsed) const;
  void open_round();
  std::uint64_t sweeps_of(std::uint32_t ladder) const;
  Arrival read(const model::Outcome& outcome) const;
  Priced settled(Priced found) const;
  void offer(const Arrival& arrival, double elapsed);
  void apply(Island& island, Arrival arrival);
  void keep_sample(Found state, double objective);
  void close(Island& island, double elapsed);
  void exchange_blocks();
  std::vector<Guest> guests_of(std::uint32_t ladder) const;
  model::SwapStatistics swaps() const;
  void note_trace(double elapsed);
  model::QuboVerdict price(std::span<const std::int32_t> values, const char* what) const;
  model::Answer answer_of(const Found& state, double objective) const;

  LadderPlan plan_;
  Referee referee_;
  SettleSlack settle_;
  std::size_t variables_;
  Found incumbent_;
  double incumbent_objective_ = 0;
  std::string served_by_;
  std::vector<Island> islands_;
  std::optional<SpanningLadder> spanning_;
  std::vector<Sample> samples_;    // ascending energy
  std::uint32_t round_ = 0;
  bool round_open_ = false;
  std::deque<model::Task> ready_;
  std::size_t in_flight_ = 0;
  std::size_t islands_left_ = 0;   // not answered in the open round
  std::uint64_t next_task_id_ = 0;
  std::uint64_t iterations_ = 0;   // of applied arrivals
  std::uint64_t waiting_ = 0;      // of arrivals that wait for the round to close
  std::optional<double> offered_;  // objective of the best state that the latest outcome brought
  std::vector<model::TracePoint> trace_;
};

/// Replicas in CampaignState are of three kinds, told by `rung`.
enum ImageKind : std::uint32_t {
  ladder_image = 0,
  ladder_best = 1,
  sample_state = 2,  ///< `trip` counts occurrences
  block_guest = 3,   ///< of the image before it; `trip` is the rung
  spanning_state = 4,
};

}  // namespace tempera::qubo
