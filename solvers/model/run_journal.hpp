// Where the master leaves its checkpoints. The scheduler knows this interface; io/checkpoint knows HDF5.
#pragma once

#include "solvers/model/run_record.hpp"

namespace tempera::model {

class RunJournal {
 public:
  virtual ~RunJournal() = default;
  /// Makes `record` durable. Throws DataError when it cannot; the run goes on and warns.
  virtual void checkpoint(const RunRecord& record) = 0;
};

}  // namespace tempera::model
