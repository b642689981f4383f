#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "jobs/app/problem_kind.hpp"

namespace tempera::app {

namespace {
// Every kind of problem that the commands can work with.
const auto& table() {
  static const std::array kinds{&routing_kind(), &placement_kind(), &qubo_kind(), &qap_kind(), &rebalancing_kind()};
  return kinds;
}
}  // namespace

const ProblemKind& kind_named(std::string_view type) {
  const auto found = std::ranges::find(table(), type, &ProblemKind::type);
  if (found == table().end()) throw core::UserError(fmt::format("There is no problem of type '{}' in this version of tempera.", type));
  return **found;
}

registry::Problem ProblemKind::load_job(const descriptor::Descriptor& job) const {
  const std::filesystem::path file = job.resolve(job.problem->at("file").get<std::string>());
  const ProblemKind* kind = kind_reading(instances::recognise_file(file));
  if (type() == "qubo" && kind == &qap_kind()) return kind->load(file, {});  // quadratic assignment is a QUBO with a solver of its own
  if (kind != this)
    throw core::UserError(fmt::format("{}: /problem/file {} is not {} file. Give one, or another problem_type.", job.source.string(), file.string(),
                                      type() == "routing" ? "a routing" : type() == "qubo" ? "a QUBO" : "a network"));
  return load(file, {});
}

model::Answer ProblemKind::find_candidate(const registry::Problem&, const core::Budget&, model::RunRecord& record) const {
  throw core::LogicError(fmt::format("{} has no method {}", type(), record.solver.method));
}

const ProblemKind& kind_of(const registry::Problem& problem) { return kind_named(registry::problem_type(problem)); }

const ProblemKind* kind_reading(instances::FileFormat format) {
  const auto found = std::ranges::find_if(table(), [&](const ProblemKind* kind) { return kind->reads(format); });
  return found == table().end() ? nullptr : *found;
}

}  // namespace tempera::app
