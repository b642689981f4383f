#include "solvers/hybrid/exact_choice.hpp"

#include <Cbc_C_Interface.h>
#include <fmt/format.h>

#include <memory>

#include "solvers/baselines/cbc_matrix.hpp"

namespace tempera::hybrid {

namespace {
struct Delete {
  void operator()(Cbc_Model* model) const { Cbc_deleteModel(model); }
};

baselines::CbcMatrix build(const model::BinaryProgram& program) {
  using baselines::no_bound;
  baselines::CbcMatrix matrix;
  for (const double cost : program.linear) matrix.add_column(0, 1, cost);
  for (const model::BinaryRow& row : program.rows) {
    const bool exact = row.kind == model::RowKind::exactly;
    const int r = matrix.add_row(exact ? row.wanted : 0, exact ? row.wanted : 1);
    for (const std::int32_t i : row.members) matrix.set(r, i, 1);
  }
  for (const model::BinaryTerm& term : program.couplings) {  // y = x_i x_j; only the side that the objective pushes to needs rows
    const int y = matrix.add_column(0, 1, term.value);
    if (term.value > 0) {
      const int r = matrix.add_row(-1, no_bound);  // y >= x_i + x_j - 1
      matrix.set(r, y, 1), matrix.set(r, term.i, -1), matrix.set(r, term.j, -1);
    } else {
      for (const std::int32_t factor : {term.i, term.j}) {
        const int r = matrix.add_row(-no_bound, 0);  // y <= x
        matrix.set(r, y, 1), matrix.set(r, factor, -1);
      }
    }
  }
  return matrix;
}
}  // namespace

std::optional<std::vector<std::int32_t>> exact_choice(const model::BinaryProgram& program, double seconds) {
  const baselines::CbcMatrix matrix = build(program);
  const std::unique_ptr<Cbc_Model, Delete> model(Cbc_newModel());
  Cbc_setLogLevel(model.get(), 0);
  matrix.load_into(model.get(), Cbc_loadProblem);
  for (std::int32_t i = 0; i < program.variables(); ++i) Cbc_setInteger(model.get(), i);
  Cbc_setParameter(model.get(), "seconds", fmt::format("{}", seconds).c_str());
  Cbc_setParameter(model.get(), "ratioGap", "0");
  Cbc_setParameter(model.get(), "allowableGap", "0");
  Cbc_solve(model.get());
  const double* solution = Cbc_bestSolution(model.get());
  if (solution == nullptr) return std::nullopt;
  std::vector<std::int32_t> taken;
  for (std::size_t i = 0; i < program.linear.size(); ++i) taken.push_back(solution[i] > 0.5);
  if (!model::rows_hold(program, taken)) return std::nullopt;
  return taken;
}

}  // namespace tempera::hybrid
