#include "mpi/cluster/worker_loop.hpp"

#include <exception>
#include <memory>
#include <optional>

#include "mpi/cluster/host.hpp"
#include "mpi/cluster/protocol.hpp"
#include "mpi/cluster/time_ledger.hpp"
#include "solvers/core/budget.hpp"

namespace tempera::cluster {

namespace {
constexpr int master = 0;
constexpr double idle_wait_seconds = 0.05;

class Worker {
 public:
  explicit Worker(comm::Transport& transport) : transport_(transport), ledger_(transport.rank(), host_name(), Activity::waiting) {}

  int serve() {
    while (!leave_with_) {
      while (std::optional<comm::Envelope> envelope = transport_.poll()) {
        ledger_.enter(Activity::communicating);
        handle(*envelope);
      }
      if (leave_with_) break;
      if (working_on_) {
        ledger_.enter(Activity::annealing);
        work();
      } else {
        ledger_.enter(Activity::waiting);
        transport_.wait(idle_wait_seconds);
      }
    }
    return *leave_with_;
  }

 private:
  void handle(const comm::Envelope& envelope) {
    switch (envelope.tag) {
      case tag_setup:
        runner_.reset();
        problem_.emplace(decode_problem(envelope.bytes));
        runner_ = registry::make_runner(*problem_);
        break;
      case tag_assign: guarded([&] { begin(decode_task(envelope.bytes)); }); break;
      case tag_stop: say_farewell(); break;
      case tag_leave: leave_with_ = decode_leave(envelope.bytes); break;
      default: break;  // not for workers: dropped, the master would not have sent it
    }
  }

  void begin(model::Task task) {
    working_on_ = Failure{.task = task.id, .attempt = task.attempt, .reason = {}};
    ledger_.enter(Activity::annealing);
    runner_->start(std::move(task));
  }

  void work() {
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
      transport_.send(master, tag_failed, encode(failure));
    }
  }

  void say_farewell() {
    if (working_on_) guarded([&] { hand_in(); });
    transport_.send(master, tag_farewell, encode(Farewell{ledger_.reading(), core::process_cpu_seconds()}));
    ledger_.enter(Activity::waiting);
  }

  comm::Transport& transport_;
  TimeLedger ledger_;
  std::optional<registry::Problem> problem_;
  std::unique_ptr<model::TaskRunner> runner_;
  std::optional<Failure> working_on_;  // names the task in work
  std::optional<int> leave_with_;
};
}  // namespace

int run_worker(comm::Transport& transport) {
  const int code = Worker(transport).serve();
  transport.flush(1.0);
  return code;
}

}  // namespace tempera::cluster
