// Problems as bytes, one pair of functions a type; `encode` and `decode_problem` of protocol.hpp choose among them.
#pragma once

#include "mpi/cluster/protocol.hpp"

namespace tempera::cluster {

Bytes encode_problem(const model::RoutingInstance& instance);
Bytes encode_problem(const model::QuboProblem& problem);
Bytes encode_problem(const model::QapProblem& problem);
Bytes encode_problem(const model::PlacementNetwork& network);
Bytes encode_problem(const model::BacktestJob& job);
Bytes encode_problem(const model::RebalancingProblem& problem);

// Each throws DataError when the bytes are truncated or foreign, UserError when the problem is not valid.
model::RoutingInstance decode_routing(ByteView bytes);
model::QuboProblem decode_qubo(ByteView bytes);
model::QapProblem decode_qap(ByteView bytes);
model::PlacementNetwork decode_placement(ByteView bytes);
model::BacktestJob decode_backtest(ByteView bytes);
model::RebalancingProblem decode_rebalancing(ByteView bytes);

}  // namespace tempera::cluster
