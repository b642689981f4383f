// Places safety stock in networks on one core and compares with the best known values beside them.
// placement_bench SECONDS FILE...   CPU seconds per network; prints a table
#include <fmt/format.h>

#include <cstdlib>
#include <string>

#include "io/instances/best_known.hpp"
#include "io/instances/network_txt.hpp"
#include "solvers/core/budget.hpp"
#include "solvers/inventory/campaign.hpp"
#include "solvers/inventory/runner.hpp"
#include "solvers/model/placement_referee.hpp"

using namespace tempera;

namespace {
void place(const std::string& file, double seconds) {
  const double begin = core::process_cpu_seconds();
  const auto spent = [&] { return core::process_cpu_seconds() - begin; };
  const model::PlacementNetwork network = instances::read_network_txt(file);
  inventory::PlacementCampaign campaign(network, {.limit = {.seconds = seconds, .iterations = {}}, .seed = 1, .ranks = 1},
                                        std::vector<double>(network.stages.size(), 0.0), "nothing");
  inventory::PlacementRunner runner(network);
  while (!campaign.finished(spent()))
    while (auto task = campaign.next_task(spent())) {
      runner.start(*task);
      while (!runner.advance()) {}
      campaign.on_outcome(runner.take(), spent());
    }
  model::RunRecord record;
  campaign.describe(record);
  const auto problem = model::compile(network);
  const auto verdict = model::judge(network, model::repaired(problem, record.incumbent.reals));
  const auto known = instances::best_known_network(file);
  const double best = known ? known->cost : verdict.cost;
  fmt::print("| {} | {} | {} | {:.4f} | {:.4f} | {:.4f} % | {:.4f} | {:+.4f} % | {:.2f} |{}\n", network.name, network.size(), problem.arcs.size(), verdict.cost,
             campaign.lower_bound(), 100 * std::max(0.0, verdict.cost - campaign.lower_bound()) / verdict.cost, best, 100 * (verdict.cost - best) / best, spent(),
             verdict.feasible ? "" : " INFEASIBLE");
  std::fflush(stdout);
}
}  // namespace

int main(int count, char** values) {
  if (count < 3) {
    fmt::print(stderr, "placement_bench SECONDS FILE...\n");
    return 2;
  }
  fmt::print("| network | stages | arcs | cost | bound | gap | best known | over it | CPU-s |\n|---|---|---|---|---|---|---|---|---|\n");
  for (int k = 2; k < count; ++k) place(values[k], std::atof(values[1]));
}
