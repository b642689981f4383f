// Quadratic assignment: n facilities, n locations, one permutation. The permutation is kept by swap moves.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tempera::model {

/// Cost of placing facility i at location p(i): sum over i, j of flow[i][j] * distance[p(i)][p(j)]. Minimised, exact.
struct QapProblem {
  std::string name;
  std::int32_t size = 0;
  std::vector<std::int64_t> flow;      ///< size x size, row = from
  std::vector<std::int64_t> distance;  ///< size x size, row = from
};

}  // namespace tempera::model
