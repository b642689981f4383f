#include "solvers/qubo/choose.hpp"

#include "solvers/qubo/dense_ladder.hpp"
#include "solvers/qubo/group_ladder.hpp"
#include "solvers/qubo/qap_ladder.hpp"
#include "solvers/qubo/sparse_ladder.hpp"

namespace tempera::qubo {

std::string_view name_of(Engine engine) {
  switch (engine) {
    case Engine::sparse: return "sparse";
    case Engine::dense: return "dense";
    case Engine::grouped: return "grouped";
  }
  return "";
}

Engine engine_for(const model::QuboProblem& problem) {
  if (!problem.groups.empty()) return Engine::grouped;
  const double degree = static_cast<double>(problem.column.size()) / problem.variables();
  if (degree >= dense_degree && fits_dense(problem)) return Engine::dense;
  return fits_lanes(problem) ? Engine::sparse : Engine::grouped;
}

std::unique_ptr<ReplicaLadder> make_ladder(const model::QuboProblem& problem, Engine engine) {
  switch (engine) {
    case Engine::sparse: return make_sparse_ladder(problem);
    case Engine::dense: return make_dense_ladder(problem);
    case Engine::grouped: break;
  }
  return make_group_ladder(problem);
}

std::unique_ptr<ReplicaLadder> make_ladder(const model::QapProblem& problem) { return make_qap_ladder(problem); }

}  // namespace tempera::qubo
