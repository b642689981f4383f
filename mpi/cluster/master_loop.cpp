#include "mpi/cluster/master_loop.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <numeric>

#include "mpi/cluster/host.hpp"
#include "mpi/cluster/protocol.hpp"
#include "mpi/cluster/time_ledger.hpp"

namespace tempera::cluster {

namespace {
constexpr int master = 0;
constexpr double idle_wait_seconds = 0.002;
constexpr double first_checkpoint_seconds = 1;  // soon: the baseline of a large problem is worth keeping
constexpr std::size_t most_points_per_rank = 200;
constexpr double farewell_seconds = 0.5;  // how long the end of the run waits for a worker

// Heartbeats come often enough that several may be late; a lease outlasts the master's own patience, so that whoever leaves by
// itself was given up before.
Lease lease_for(double worker_timeout) {
  return {.heartbeat_seconds = std::clamp(worker_timeout / 8, 0.02, 2.0), .lease_seconds = 4 * worker_timeout};
}

class Master final : Outbox {
 public:
  Master(const MasterRun& run, model::RunRecord& record)
      : run_(run),
        record_(record),
        lease_(lease_for(run.worker_timeout_seconds)),
        core_(run.campaign, run.transport.size(), run.worker_timeout_seconds),
        runner_(registry::make_runner(run.problem)),
        ledger_(master, host_name(), Activity::communicating),
        timings_(static_cast<std::size_t>(run.transport.size())),
        worker_cpu_(static_cast<std::size_t>(run.transport.size()), 0.0),
        earlier_cpu_(record.cpu_seconds),
        gone_(static_cast<std::size_t>(run.transport.size()), false),
        rank_best_(static_cast<std::size_t>(run.transport.size())),
        rank_points_(static_cast<std::size_t>(run.transport.size()), 0) {
    record.rank_trace.clear();  // of an earlier run with other ranks
    for (std::size_t rank = 0; rank < timings_.size(); ++rank) timings_[rank].rank = static_cast<int>(rank);
  }

  RunEnd run() {
    next_checkpoint_ = elapsed() + std::min(run_.checkpoint_seconds, first_checkpoint_seconds);
    next_progress_ = elapsed() + run_.hooks.progress_seconds;
    progress_from_ = elapsed();
    incumbent_cost_ = run_.campaign.progress().incumbent_cost;
    note({.kind = model::EventKind::run_started, .seconds = elapsed(), .cost = incumbent_cost_});
    while (!run_.campaign.finished(elapsed()) && !run_.budget.expired() && !stop_requested()) {
      receive();
      on_tick(core_, *this, elapsed());
      renew_leases_if_due();
      work_or_wait();
      checkpoint_if_due();
      show_progress_if_due();
    }
    return finish();
  }

 private:
  double elapsed() const { return run_.budget.elapsed_seconds(); }

  bool stop_requested() {
    if (!end_.stopped_early && run_.hooks.stop_requested && run_.hooks.stop_requested()) stop(master);
    return end_.stopped_early;
  }

  void stop(int rank) {
    if (!end_.stopped_early) note({.kind = model::EventKind::stop_requested, .seconds = elapsed(), .rank = rank});
    end_.stopped_early = true;
  }

  // Outbox
  void assign(int rank, const model::Task& task) override {
    if (rank != master) {
      ledger_.enter(Activity::communicating);
      run_.transport.send(rank, tag_assign, encode(task));
      return;
    }
    own_ = Failure{.task = task.id, .attempt = task.attempt, .reason = {}};
    ledger_.enter(Activity::annealing);
    guarded([&] { runner_->start(task); });
  }

  void abandon(int rank) override {
    gone_[static_cast<std::size_t>(rank)] = true;
    end_.missing_ranks.push_back(rank);
    run_.transport.send(rank, tag_abandon, {});
  }

  void warn(const std::string& text) override {
    record_.warnings.push_back(text);
    if (run_.hooks.warn) run_.hooks.warn(text);
  }

  void note(const model::RunEvent& event) override {
    if (run_.hooks.note) run_.hooks.note(event);
  }

  // What the campaign has become since: a better incumbent, a closed round.
  void note_changes() {
    if (!run_.hooks.note) return;
    const model::CampaignProgress now = run_.campaign.progress();
    if (now.incumbent_cost != incumbent_cost_)
      note({.kind = model::EventKind::incumbent, .seconds = elapsed(), .round = now.round, .cost = now.incumbent_cost});
    if (now.round != round_)
      note({.kind = model::EventKind::round_closed, .seconds = elapsed(), .round = now.round, .cost = now.incumbent_cost, .attempted = now.swaps_attempted,
            .accepted = now.swaps_accepted});
    incumbent_cost_ = now.incumbent_cost;
    round_ = now.round;
  }

  void receive() {
    while (std::optional<comm::Envelope> envelope = run_.transport.poll()) {
      ledger_.enter(Activity::communicating);
      if (!on_heard(core_, envelope->source)) continue;  // an abandoned rank that woke up again
      try {
        handle(*envelope);
      } catch (const core::DataError& error) {  // a rank that sends rubbish cannot be trusted with more
        on_worker_lost(core_, *this, envelope->source, error.what(), elapsed());
      }
    }
  }

  void handle(const comm::Envelope& envelope) {
    const auto rank = static_cast<std::size_t>(envelope.source);
    switch (envelope.tag) {
      case tag_alive: know(rank, decode_timing(envelope.bytes)); break;
      case tag_done: {
        const Done done = decode_done(envelope.bytes);
        know(rank, done.timing);
        take(envelope.source, done.outcome);
        break;
      }
      case tag_failed: on_failure(core_, *this, envelope.source, decode_failure(envelope.bytes), elapsed()); break;
      case tag_withdraw: on_worker_lost(core_, *this, envelope.source, decode_text(envelope.bytes), elapsed()); break;
      case tag_signal:
        if (run_.hooks.signalled) run_.hooks.signalled(envelope.source, decode_number(envelope.bytes));
        stop(envelope.source);
        break;
      case tag_farewell: {
        const Farewell farewell = decode_farewell(envelope.bytes);
        know(rank, farewell.timing);
        worker_cpu_[rank] = farewell.cpu_seconds;
        gone_[rank] = true;
        break;
      }
      default: break;  // not for the master
    }
  }

  void know(std::size_t rank, const model::RankTiming& timing) {
    timings_[rank] = timing;
    core_.workers[rank].host = timing.host;
  }

  void renew_leases_if_due() {
    if (elapsed() < next_lease_) return;
    for (int rank = 1; rank < run_.transport.size(); ++rank)
      if (core_.workers[static_cast<std::size_t>(rank)].present) run_.transport.send(rank, tag_lease, encode(lease_));
    next_lease_ = elapsed() + lease_.heartbeat_seconds;
  }

  // Counted in iterations, a task cut short by a stop must not count: the resumed run works it again from the round's start.
  void take(int rank, const model::Outcome& outcome) {
    if (end_.stopped_early && !run_.budget.is_timed()) return;
    if (!on_outcome(core_, *this, rank, outcome, elapsed())) return;  // late or refused: what the campaign knows is another rank's
    note_changes();
    note_rank(rank);
  }

  // Kept short however long the run: a rank's points are those where its cost falls.
  void note_rank(int rank) {
    const std::optional<double> offered = run_.campaign.progress().offered_cost;
    if (!offered) return;
    std::optional<double>& best = rank_best_[static_cast<std::size_t>(rank)];
    const double better = record_.sense == model::Sense::maximise ? -1 : 1;
    if (best && better * *offered >= better * *best) return;
    best = offered;
    if (++rank_points_[static_cast<std::size_t>(rank)] > most_points_per_rank) thin_out(rank);
    record_.rank_trace.push_back({.rank = rank, .seconds = elapsed(), .cost = *offered});
  }

  // Every other point of this rank goes, never its first.
  void thin_out(int rank) {
    std::size_t seen = 0;
    const std::size_t gone = std::erase_if(record_.rank_trace, [&](const model::RankTracePoint& point) { return point.rank == rank && seen++ % 2 == 1; });
    rank_points_[static_cast<std::size_t>(rank)] -= gone;
  }

  void work_or_wait() {
    if (!own_) {
      ledger_.enter(Activity::waiting);
      run_.transport.wait(idle_wait_seconds);
      return;
    }
    ledger_.enter(Activity::annealing);
    guarded([&] {
      if (runner_->advance()) hand_in();
    });
  }

  void hand_in() {
    const model::Outcome outcome = runner_->take();
    ledger_.enter(Activity::communicating);
    ledger_.count(outcome.iterations);
    own_.reset();
    take(master, outcome);
  }

  template <class Step>
  void guarded(Step step) {
    try {
      step();
    } catch (const std::exception& error) {
      if (!own_) throw;  // not the task's fault
      Failure failure = *own_;
      own_.reset();
      failure.reason = error.what();
      on_failure(core_, *this, master, failure, elapsed());
    }
  }

  void checkpoint_if_due() {
    if (!run_.journal || elapsed() < next_checkpoint_) return;
    ledger_.enter(Activity::writing);
    describe();
    model::RunEvent event{.kind = model::EventKind::checkpoint, .seconds = elapsed(), .cost = record_.incumbent.cost};
    try {
      run_.journal->checkpoint(record_);
    } catch (const core::DataError& error) {
      event.text = error.what();
      warn(fmt::format("checkpoint not written, the run goes on: {}", error.what()));
    }
    note(event);
    next_checkpoint_ = elapsed() + run_.checkpoint_seconds;
  }

  void describe() {
    run_.campaign.describe(record_);
    timings_[master] = ledger_.reading();
    record_.timings = timings_;
    record_.wall_seconds = elapsed();
    record_.cpu_seconds = std::accumulate(worker_cpu_.begin(), worker_cpu_.end(), earlier_cpu_ + core::process_cpu_seconds() - run_.cpu_before);
    record_.lost_tasks = core_.lost_tasks;
  }

  void show_progress_if_due() {
    if (!run_.hooks.progress || elapsed() < next_progress_) return;
    timings_[master] = ledger_.reading();
    ProgressView view{.elapsed_seconds = elapsed(), .remaining_seconds = run_.budget.remaining_seconds(), .campaign = run_.campaign.progress(),
                      .ranks = run_.transport.size(), .lost_ranks = static_cast<int>(end_.missing_ranks.size())};
    view.iterations_per_second = static_cast<double>(view.campaign.iterations - progress_iterations_) / (elapsed() - progress_from_);
    double annealing = 0, all = 0;
    for (const model::RankTiming& t : timings_) {
      annealing += t.annealing;
      all += t.total();
    }
    view.utilisation = all > 0 ? annealing / all : 0;
    run_.hooks.progress(view);
    progress_iterations_ = view.campaign.iterations;
    progress_from_ = elapsed();
    next_progress_ = elapsed() + run_.hooks.progress_seconds;
  }

  // Workers hand back what they have; whoever does not answer in time is named and left behind.
  RunEnd finish() {
    if (own_) guarded([&] { hand_in(); });
    for (int rank = 1; rank < run_.transport.size(); ++rank)
      if (!gone_[static_cast<std::size_t>(rank)]) run_.transport.send(rank, tag_stop, {});
    const double until = elapsed() + farewell_seconds;
    while (std::count(gone_.begin(), gone_.end(), false) > 1 && elapsed() < until) {
      receive();
      ledger_.enter(Activity::waiting);
      run_.transport.wait(idle_wait_seconds);
    }
    for (int rank = 1; rank < run_.transport.size(); ++rank) {
      if (gone_[static_cast<std::size_t>(rank)]) continue;
      end_.missing_ranks.push_back(rank);
      warn(fmt::format("rank {} on {} did not answer within {} s of the end; its last task is left out", rank, core_.workers[static_cast<std::size_t>(rank)].host,
                       farewell_seconds));
    }
    std::ranges::sort(end_.missing_ranks);
    note({.kind = model::EventKind::run_ended, .seconds = elapsed(), .cost = run_.campaign.progress().incumbent_cost});
    describe();
    return end_;
  }

  const MasterRun& run_;
  model::RunRecord& record_;
  const Lease lease_;
  Core core_;
  std::unique_ptr<model::TaskRunner> runner_;
  std::optional<Failure> own_;  // names the master's own task in work
  TimeLedger ledger_;
  std::vector<model::RankTiming> timings_;
  std::vector<double> worker_cpu_;
  double earlier_cpu_;  // of the runs that a resumed one goes on from
  std::vector<bool> gone_;
  std::vector<std::optional<double>> rank_best_;  // cost of the best whole solution that a rank had a part in
  std::vector<std::size_t> rank_points_;
  RunEnd end_;
  double next_lease_ = 0;
  double incumbent_cost_ = 0;
  std::uint32_t round_ = 0;
  double next_checkpoint_ = 0;
  double next_progress_ = 0;
  double progress_from_ = 0;
  std::uint64_t progress_iterations_ = 0;
};
}  // namespace

void share_problem(comm::Transport& transport, const registry::Problem& problem) {
  if (transport.size() == 1) return;
  const Bytes bytes = encode(problem);
  for (int rank = 1; rank < transport.size(); ++rank) transport.send(rank, tag_setup, bytes);
}

RunEnd run_master(const MasterRun& run, model::RunRecord& record) { return Master(run, record).run(); }

void dismiss_workers(comm::Transport& transport, core::ExitCode code) {
  for (int rank = 1; rank < transport.size(); ++rank) transport.send(rank, tag_leave, encode_number(static_cast<int>(code)));
  transport.flush(1.0);
}

}  // namespace tempera::cluster
