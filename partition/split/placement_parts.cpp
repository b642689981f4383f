#include "partition/split/placement_parts.hpp"

#include <algorithm>
#include <functional>
#include <numeric>

#include "solvers/core/error.hpp"

namespace tempera::split {

namespace {
// Groups that grow together up to a size.
class Groups {
 public:
  explicit Groups(std::size_t stages) : parent_(stages), size_(stages, 1) { std::iota(parent_.begin(), parent_.end(), std::size_t{0}); }

  std::size_t root(std::size_t i) {
    while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
    return i;
  }
  void join(std::size_t a, std::size_t b, std::size_t most) {
    a = root(a), b = root(b);
    if (a == b || size_[a] + size_[b] > most) return;
    if (a > b) std::swap(a, b);  // the smallest stage names its group
    parent_[b] = a;
    size_[a] += size_[b];
  }

 private:
  std::vector<std::size_t> parent_, size_;
};
}  // namespace

std::vector<std::vector<std::int32_t>> cut_at_cheap_arcs(const model::PlacementProblem& problem, std::span<const double> arc_price, std::size_t parts) {
  TEMPERA_ASSERT(parts >= 1 && arc_price.size() == problem.arcs.size(), "one price per arc and at least one part");
  const std::size_t n = problem.size();
  std::vector<std::size_t> by_price(arc_price.size());
  std::iota(by_price.begin(), by_price.end(), std::size_t{0});
  std::ranges::stable_sort(by_price, std::greater<>{}, [&](std::size_t a) { return arc_price[a]; });
  Groups groups(n);
  for (const std::size_t a : by_price)
    groups.join(static_cast<std::size_t>(problem.arcs[a].from), static_cast<std::size_t>(problem.arcs[a].to), (n + parts - 1) / parts);
  std::vector<std::vector<std::int32_t>> members(n);
  for (std::size_t i = 0; i < n; ++i) members[groups.root(i)].push_back(static_cast<std::int32_t>(i));
  std::ranges::stable_sort(members, std::greater<>{}, &std::vector<std::int32_t>::size);
  std::vector<std::vector<std::int32_t>> bins(parts);
  for (const auto& group : members) {
    if (group.empty()) break;
    auto& bin = *std::ranges::min_element(bins, {}, &std::vector<std::int32_t>::size);
    bin.insert(bin.end(), group.begin(), group.end());
  }
  std::erase_if(bins, [](const auto& bin) { return bin.empty(); });
  for (auto& bin : bins) std::ranges::sort(bin);
  return bins;
}

}  // namespace tempera::split
