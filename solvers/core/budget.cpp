#include "solvers/core/budget.hpp"

#include <fmt/chrono.h>

#include <ctime>
#include <limits>

#include "solvers/core/error.hpp"

namespace tempera::core {

double Stopwatch::seconds() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
}

double process_cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

double unix_seconds() { return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count(); }

std::string utc_timestamp() { return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr))); }

Budget::Budget(BudgetLimit limit, Stopwatch started, double already_spent_seconds)
    : limit_(limit), started_(started), already_spent_(already_spent_seconds) {
  TEMPERA_ASSERT(limit.seconds.has_value() != limit.iterations.has_value(), "a budget is either seconds or iterations");
}

double Budget::remaining_seconds() const {
  return is_timed() ? *limit_.seconds - elapsed_seconds() : std::numeric_limits<double>::infinity();
}

}  // namespace tempera::core
