// Works tasks of a campaign in the test itself, as a rank would.
#pragma once

#include "solvers/model/campaign.hpp"

namespace tempera::tests {

/// From start to completion.
inline model::Outcome work(model::TaskRunner& runner, const model::Task& task) {
  runner.start(task);
  while (!runner.advance()) {}
  return runner.take();
}

}  // namespace tempera::tests
