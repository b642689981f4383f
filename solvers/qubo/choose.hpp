// Which engine works a problem: the one place that decides.
#pragma once

#include <memory>
#include <string_view>

#include "solvers/model/qap_problem.hpp"
#include "solvers/model/qubo_problem.hpp"
#include "solvers/qubo/replica_ladder.hpp"

namespace tempera::qubo {

enum class Engine : std::uint8_t { sparse, dense, grouped };
std::string_view name_of(Engine engine);

inline constexpr double dense_degree = 200;  ///< mean couplings of a variable: the crossover, see README.md

/// Groups and huge coefficients need the grouped engine; else dense from a mean degree of `dense_degree` on while the matrix fits, else sparse.
Engine engine_for(const model::QuboProblem& problem);

/// `problem` must outlive the ladder.
std::unique_ptr<ReplicaLadder> make_ladder(const model::QuboProblem& problem, Engine engine);
std::unique_ptr<ReplicaLadder> make_ladder(const model::QapProblem& problem);

}  // namespace tempera::qubo
