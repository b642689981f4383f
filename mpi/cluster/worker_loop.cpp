#include "mpi/cluster/worker_loop.hpp"

#include <fmt/format.h>

#include <exception>
#include <memory>
#include <optional>

#include "mpi/cluster/awake_clock.hpp"
#include "mpi/cluster/host.hpp"
#include "mpi/cluster/protocol.hpp"
#include "mpi/cluster/time_ledger.hpp"
#include "solvers/core/budget.hpp"

namespace tempera::cluster {

namespace {
constexpr int master = 0;
constexpr double idle_wait_seconds = 0.05;
constexpr double longest_step_seconds = 1;  // a worker that was itself stopped for longer does not hold it against the master

class Worker {
 public:
  Worker(comm::Transport& transport, const WorkerHooks& hooks)
      : transport_(transport), hooks_(hooks), ledger_(transport.rank(), host_name(), Activity::waiting), awake_(longest_step_seconds) {}

  WorkerExit serve() {
    for (;;) {
      while (!leave_with_) {  // what comes behind the dismissal is not this loop's
        const std::optional<comm::Envelope> envelope = transport_.poll();
        if (!envelope) break;
        ledger_.enter(Activity::communicating);
        handle(*envelope);
      }
      if (leave_with_) return {.end = abandoned_ ? WorkerEnd::abandoned : WorkerEnd::dismissed, .exit_code = *leave_with_};
      if (abandoned_ && hooks_.may_leave_alone) return {.end = WorkerEnd::abandoned};
      if (lease_ended()) return {.end = WorkerEnd::lease_ended, .silence = awake_.seconds() - heard_at_};
      say_alive_if_due();
      pass_on_signal();
      work_or_wait();
    }
  }

 private:
  void handle(const comm::Envelope& envelope) {
    heard_at_ = awake_.seconds();
    switch (envelope.tag) {
      case tag_setup: set_up(envelope.bytes); break;
      case tag_lease: lease_ = decode_lease(envelope.bytes); break;
      case tag_assign: take_task(envelope.bytes); break;
      case tag_stop: say_farewell(); break;
      case tag_abandon:
        log("nobody waits for this rank any more: its work is dropped");
        working_on_.reset();
        abandoned_ = true;
        break;
      case tag_leave: leave_with_ = decode_number(envelope.bytes); break;
      default: break;  // not for workers: dropped, the master would not have sent it
    }
  }

  // A rank that cannot even hold the problem says so and is left out; the others go on.
  void set_up(ByteView bytes) {
    try {
      begin_run();
      problem_.emplace(decode_problem(bytes));
      runner_ = hooks_.make_runner ? hooks_.make_runner(*problem_) : registry::make_runner(*problem_);
      log("has the problem");
      transport_.send(master, tag_alive, encode(ledger_.reading()));  // so that rank 0 knows this host by name
    } catch (const std::exception& error) {
      withdraw(error.what());
    }
  }

  // Every run of a process is timed by itself, and waits for its own first lease.
  void begin_run() {
    runner_.reset();
    working_on_.reset();
    lease_.reset();
    if (problem_) {
      ledger_ = TimeLedger(transport_.rank(), host_name(), Activity::communicating);
      cpu_before_ = core::process_cpu_seconds();
    }
  }

  void withdraw(const std::string& reason) {
    log(fmt::format("cannot work: {}", reason));
    transport_.send(master, tag_withdraw, encode_text(reason));
  }

  void take_task(ByteView bytes) {
    if (abandoned_ || !runner_) return;
    std::optional<model::Task> task;
    try {
      task = decode_task(bytes);
    } catch (const std::exception& error) {
      return withdraw(error.what());
    }
    guarded([&] { begin(std::move(*task)); });
  }

  void begin(model::Task task) {
    working_on_ = Failure{.task = task.id, .attempt = task.attempt, .reason = {}};
    ledger_.enter(Activity::annealing);
    runner_->start(std::move(task));
  }

  void work_or_wait() {
    if (!working_on_) {
      ledger_.enter(Activity::waiting);
      transport_.wait(idle_wait_seconds);
      return;
    }
    ledger_.enter(Activity::annealing);
    guarded([&] {
      if (runner_->advance()) hand_in();
    });
  }

  void hand_in() {
    Done done{.outcome = runner_->take(), .timing = {}};
    working_on_.reset();
    ledger_.count(done.outcome.iterations);
    ledger_.enter(Activity::communicating);
    done.timing = ledger_.reading();
    transport_.send(master, tag_done, encode(done));
  }

  // The one place where a task's exceptions end.
  template <class Step>
  void guarded(Step step) {
    try {
      step();
    } catch (const std::exception& error) {
      Failure failure = working_on_.value_or(Failure{});
      failure.reason = error.what();
      working_on_.reset();
      log(fmt::format("task {} attempt {} failed: {}", failure.task, failure.attempt, failure.reason));
      transport_.send(master, tag_failed, encode(failure));
    }
  }

  void say_farewell() {
    if (working_on_) guarded([&] { hand_in(); });
    if (!abandoned_) transport_.send(master, tag_farewell, encode(Farewell{ledger_.reading(), core::process_cpu_seconds() - cpu_before_}));
    ledger_.enter(Activity::waiting);
    lease_.reset();  // between two runs of one process the master may be silent for long
  }

  void say_alive_if_due() {
    if (!lease_ || abandoned_ || watch_.seconds() < next_alive_) return;
    transport_.send(master, tag_alive, encode(ledger_.reading()));
    next_alive_ = watch_.seconds() + lease_->heartbeat_seconds;
  }

  void pass_on_signal() {
    const int signal = hooks_.stop_signal ? hooks_.stop_signal() : 0;
    if (signal == 0 || signal == passed_on_) return;
    log(fmt::format("got signal {}: asking rank 0 to stop the run", signal));
    transport_.send(master, tag_signal, encode_number(signal));
    passed_on_ = signal;
  }

  // Before the first lease the master reads and computes its baseline: there is nothing to measure yet. An abandoned rank gets no
  // more leases; if it still waits here, then for a launcher that ends it with the others.
  bool lease_ended() {
    awake_.look(watch_.seconds());
    return lease_ && !abandoned_ && awake_.seconds() - heard_at_ > lease_->lease_seconds;
  }

  void log(const std::string& text) const {
    if (hooks_.log) hooks_.log(text);
  }

  comm::Transport& transport_;
  const WorkerHooks& hooks_;
  TimeLedger ledger_;
  core::Stopwatch watch_;
  AwakeClock awake_;
  double heard_at_ = 0;  // awake seconds
  double next_alive_ = 0;
  double cpu_before_ = 0;  // spent on earlier runs of this process
  int passed_on_ = 0;
  std::optional<Lease> lease_;
  std::optional<registry::Problem> problem_;
  std::unique_ptr<model::TaskRunner> runner_;
  std::optional<Failure> working_on_;  // names the task in work
  bool abandoned_ = false;
  std::optional<int> leave_with_;
};
}  // namespace

WorkerExit run_worker(comm::Transport& transport, const WorkerHooks& hooks) {
  const WorkerExit exit = Worker(transport, hooks).serve();
  transport.flush(1.0);
  return exit;
}

}  // namespace tempera::cluster
