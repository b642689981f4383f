#include "solvers/baselines/coin.hpp"

#include <Cbc_C_Interface.h>
#include <fmt/format.h>

namespace tempera::baselines {

namespace {
struct CbcDelete {
  void operator()(Cbc_Model* model) const { Cbc_deleteModel(model); }
};
}  // namespace

std::optional<IntegerOptimum> solve_integer(const CbcMatrix& matrix, std::span<const int> integers, double seconds) {
  const std::unique_ptr<Cbc_Model, CbcDelete> model(Cbc_newModel());
  Cbc_setLogLevel(model.get(), 0);
  matrix.load_into(model.get(), Cbc_loadProblem);
  for (const int column : integers) Cbc_setInteger(model.get(), column);
  Cbc_setParameter(model.get(), "seconds", fmt::format("{}", seconds).c_str());
  Cbc_setParameter(model.get(), "ratioGap", "0");
  Cbc_setParameter(model.get(), "allowableGap", "0");
  Cbc_solve(model.get());
  const double* solution = Cbc_bestSolution(model.get());
  if (solution == nullptr) return std::nullopt;
  return IntegerOptimum{{solution, solution + matrix.columns()}, Cbc_getBestPossibleObjValue(model.get())};
}

}  // namespace tempera::baselines
