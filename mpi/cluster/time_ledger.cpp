#include "mpi/cluster/time_ledger.hpp"

namespace tempera::cluster {

TimeLedger::TimeLedger(int rank, std::string host, Activity first) : current_(first) {
  timing_.rank = rank;
  timing_.host = std::move(host);
}

void TimeLedger::enter(Activity next) {
  const double now = watch_.seconds();
  const double spent = now - charged_until_;
  charged_until_ = now;
  switch (current_) {
    case Activity::annealing: timing_.annealing += spent; break;
    case Activity::waiting: timing_.waiting += spent; break;
    case Activity::communicating: timing_.communicating += spent; break;
    case Activity::writing: timing_.writing += spent; break;
  }
  current_ = next;
}

model::RankTiming TimeLedger::reading() {
  enter(current_);
  return timing_;
}

}  // namespace tempera::cluster
