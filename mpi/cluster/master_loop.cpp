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
constexpr double farewell_seconds = 0.5;  // how long the end of the run waits for a worker

class Master final : Outbox {
 public:
  Master(const MasterRun& run, model::RunRecord& record)
      : run_(run),
        record_(record),
        core_(run.campaign, run.transport.size()),
        runner_(registry::make_runner(run.problem)),
        ledger_(master, host_name(), Activity::communicating),
        timings_(static_cast<std::size_t>(run.transport.size())),
        worker_cpu_(static_cast<std::size_t>(run.transport.size()), 0.0),
        earlier_cpu_(record.cpu_seconds),
        gone_(static_cast<std::size_t>(run.transport.size()), false) {
    for (std::size_t rank = 0; rank < timings_.size(); ++rank) timings_[rank].rank = static_cast<int>(rank);
  }

  RunEnd run() {
    next_checkpoint_ = elapsed() + run_.checkpoint_seconds;
    next_progress_ = elapsed() + run_.hooks.progress_seconds;
    progress_from_ = elapsed();
    while (!run_.campaign.finished(elapsed()) && !run_.budget.expired() && !stop_requested()) {
      receive();
      on_tick(core_, *this, elapsed());
      work_or_wait();
      checkpoint_if_due();
      show_progress_if_due();
    }
    return finish();
  }

 private:
  double elapsed() const { return run_.budget.elapsed_seconds(); }

  bool stop_requested() {
    end_.stopped_early = end_.stopped_early || (run_.hooks.stop_requested && run_.hooks.stop_requested());
    return end_.stopped_early;
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

  void warn(const std::string& text) override {
    record_.warnings.push_back(text);
    if (run_.hooks.warn) run_.hooks.warn(text);
  }

  void receive() {
    while (std::optional<comm::Envelope> envelope = run_.transport.poll()) {
      ledger_.enter(Activity::communicating);
      handle(*envelope);
    }
  }

  void handle(const comm::Envelope& envelope) {
    const auto rank = static_cast<std::size_t>(envelope.source);
    if (envelope.tag == tag_done) {
      const Done done = decode_done(envelope.bytes);
      timings_[rank] = done.timing;
      take(envelope.source, done.outcome);
    } else if (envelope.tag == tag_failed) {
      on_failure(core_, *this, envelope.source, decode_failure(envelope.bytes), elapsed());
    } else if (envelope.tag == tag_farewell) {
      const Farewell farewell = decode_farewell(envelope.bytes);
      timings_[rank] = farewell.timing;
      worker_cpu_[rank] = farewell.cpu_seconds;
      gone_[rank] = true;
    }
  }

  // Counted in iterations, a task cut short by a stop must not count: the resumed run works it again from the round's start.
  void take(int rank, const model::Outcome& outcome) {
    if (end_.stopped_early && !run_.budget.is_timed()) return;
    on_outcome(core_, *this, rank, outcome, elapsed());
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
    try {
      run_.journal->checkpoint(record_);
    } catch (const core::DataError& error) {
      warn(fmt::format("checkpoint not written, the run goes on: {}", error.what()));
    }
    next_checkpoint_ = elapsed() + run_.checkpoint_seconds;
  }

  void describe() {
    run_.campaign.describe(record_);
    timings_[master] = ledger_.reading();
    record_.timings = timings_;
    record_.wall_seconds = elapsed();
    record_.cpu_seconds = std::accumulate(worker_cpu_.begin(), worker_cpu_.end(), earlier_cpu_ + core::process_cpu_seconds());
    record_.lost_tasks = core_.lost_tasks;
  }

  void show_progress_if_due() {
    if (!run_.hooks.progress || elapsed() < next_progress_) return;
    timings_[master] = ledger_.reading();
    ProgressView view{.elapsed_seconds = elapsed(), .remaining_seconds = run_.budget.remaining_seconds(), .campaign = run_.campaign.progress(),
                      .ranks = run_.transport.size()};
    view.iterations_per_second = static_cast<double>(view.campaign.iterations - progress_iterations_) / (elapsed() - progress_from_);
    double annealing = 0, all = 0;
    for (const model::RankTiming& t : timings_) {
      annealing += t.annealing;
      all += t.annealing + t.waiting + t.communicating + t.writing;
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
    for (int rank = 1; rank < run_.transport.size(); ++rank) run_.transport.send(rank, tag_stop, {});
    const double until = elapsed() + farewell_seconds;
    while (std::count(gone_.begin(), gone_.end(), false) > 1 && elapsed() < until) {
      receive();
      ledger_.enter(Activity::waiting);
      run_.transport.wait(idle_wait_seconds);
    }
    for (int rank = 1; rank < run_.transport.size(); ++rank) {
      if (gone_[static_cast<std::size_t>(rank)]) continue;
      end_.missing_ranks.push_back(rank);
      warn(fmt::format("rank {} did not answer within {} s of the end; its last task is left out", rank, farewell_seconds));
    }
    describe();
    return end_;
  }

  const MasterRun& run_;
  model::RunRecord& record_;
  Core core_;
  std::unique_ptr<model::TaskRunner> runner_;
  std::optional<Failure> own_;  // names the master's own task in work
  TimeLedger ledger_;
  std::vector<model::RankTiming> timings_;
  std::vector<double> worker_cpu_;
  double earlier_cpu_;  // of the runs that a resumed one goes on from
  std::vector<bool> gone_;
  RunEnd end_;
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
  for (int rank = 1; rank < transport.size(); ++rank) transport.send(rank, tag_leave, encode_leave(static_cast<int>(code)));
  transport.flush(1.0);
}

}  // namespace tempera::cluster
