#include "solvers/baselines/forest_programme.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "solvers/core/error.hpp"

namespace tempera::baselines {

namespace {
constexpr double infinite = std::numeric_limits<double>::infinity();

// Union-find with path halving.
std::int32_t find_root(std::vector<std::int32_t>& parent, std::int32_t i) {
  while (parent[static_cast<std::size_t>(i)] != i) {
    auto& p = parent[static_cast<std::size_t>(i)];
    p = parent[static_cast<std::size_t>(p)];
    i = p;
  }
  return i;
}
}  // namespace

ForestProgramme::ForestProgramme(const model::PlacementProblem& problem, const TimeGrid& grid) : problem_(problem), grid_(grid) {
  const std::vector<char> none(problem.arcs.size(), 0);
  choose(none);
}

bool ForestProgramme::choose(std::span<const char> kept) {
  const std::size_t n = problem_.size();
  TEMPERA_ASSERT(kept.size() == problem_.arcs.size(), "one flag per arc");
  std::vector<std::int32_t> tree(n);
  std::iota(tree.begin(), tree.end(), 0);
  for (std::size_t a = 0; a < kept.size(); ++a) {
    if (!kept[a]) continue;
    const std::int32_t from = find_root(tree, problem_.arcs[a].from), to = find_root(tree, problem_.arcs[a].to);
    if (from == to) return false;
    tree[static_cast<std::size_t>(from)] = to;
  }
  children_.assign(n, {});
  order_.clear();
  supplies_parent_.assign(n, 1);
  std::vector<char> seen(n, 0);
  for (std::size_t root = 0; root < n; ++root) {
    if (seen[root]) continue;
    seen[root] = 1;
    order_.push_back(static_cast<std::int32_t>(root));
    for (std::size_t k = order_.size() - 1; k < order_.size(); ++k) {
      const auto i = static_cast<std::size_t>(order_[k]);
      const auto visit = [&](const model::ArcLists::Entry& e, bool supplies) {
        const auto j = static_cast<std::size_t>(e.stage);
        if (!kept[static_cast<std::size_t>(e.arc)] || seen[j]) return;
        seen[j] = 1;
        supplies_parent_[j] = supplies;
        children_[i].push_back({e.stage, supplies});
        order_.push_back(e.stage);
      };
      for (const auto& e : problem_.suppliers.of(i)) visit(e, true);
      for (const auto& e : problem_.customers.of(i)) visit(e, false);
    }
  }
  first_.assign(n, 0);
  length_.assign(n, 0);
  std::size_t total = 0;
  for (std::size_t i = 0; i < n; ++i) {
    first_[i] = total;
    length_[i] = static_cast<std::size_t>((supplies_parent_[i] ? grid_.outbound_most(i) : grid_.inbound_most(i) - grid_.inbound_least(i)) + 1);
    total += length_[i];
  }
  values_.resize(total);
  return true;
}

double ForestProgramme::minimise(std::span<const double> out_price, std::span<const double> in_price, std::span<double> outbound, std::span<double> inbound) {
  const auto price = [](std::span<const double> prices, std::size_t i) { return prices.empty() ? 0.0 : prices[i]; };
  for (auto it = order_.rbegin(); it != order_.rend(); ++it) {
    const auto i = static_cast<std::size_t>(*it);
    sum_suppliers(i, price(in_price, i));
    sum_customers(i, price(out_price, i));
    if (supplies_parent_[i]) by_outbound(i, values(i));
    else by_inbound(i, values(i));
  }
  double total = 0;
  s_.assign(problem_.size(), -1);
  si_.assign(problem_.size(), -1);
  for (const std::int32_t stage : order_) {
    const auto i = static_cast<std::size_t>(stage);
    if (s_[i] < 0 && si_[i] < 0) {  // a root
      const auto best = std::ranges::min_element(values(i));
      s_[i] = static_cast<std::int32_t>(best - values(i).begin());
      total += *best;
    }
    trace(i, price(out_price, i), price(in_price, i));
    trace_children(i);
    outbound[i] = s_[i] * grid_.step();
    inbound[i] = si_[i] * grid_.step();
  }
  return total;
}

// by_si_[m] = prices and supplying children when SI = inbound_least + m.
void ForestProgramme::sum_suppliers(std::size_t i, double in_price) {
  const std::int32_t least = grid_.inbound_least(i), count = grid_.inbound_most(i) - least + 1;
  const double shift = grid_.is_exact() ? 0.0 : 1.0;  // the real time may be almost a step longer
  by_si_.resize(static_cast<std::size_t>(count));
  for (std::int32_t m = 0; m < count; ++m) by_si_[static_cast<std::size_t>(m)] = -in_price * grid_.step() * (least + m + shift);
  for (const Child& child : children_[i]) {
    if (!child.supplies) continue;
    const std::span<const double> f = values(static_cast<std::size_t>(child.stage));
    const auto most = static_cast<std::int32_t>(f.size()) - 1;
    double lowest = infinite;
    for (std::int32_t x = 0; x < least && x <= most; ++x) lowest = std::min(lowest, f[static_cast<std::size_t>(x)]);
    for (std::int32_t m = 0; m < count; ++m) {
      if (least + m <= most) lowest = std::min(lowest, f[static_cast<std::size_t>(least + m)]);
      by_si_[static_cast<std::size_t>(m)] += lowest;
    }
  }
}

// by_s_[s] = prices and supplied children when S = s.
void ForestProgramme::sum_customers(std::size_t i, double out_price) {
  const std::int32_t count = grid_.outbound_most(i) + 1;
  by_s_.resize(static_cast<std::size_t>(count));
  for (std::int32_t s = 0; s < count; ++s) by_s_[static_cast<std::size_t>(s)] = out_price * grid_.step() * s;
  for (const Child& child : children_[i]) {
    if (child.supplies) continue;
    const auto j = static_cast<std::size_t>(child.stage);
    const std::span<const double> g = values(j);
    const std::int32_t least = grid_.inbound_least(j);
    double lowest = infinite;
    auto m = static_cast<std::int32_t>(g.size()) - 1;
    for (; m >= 0 && m + least >= count; --m) lowest = std::min(lowest, g[static_cast<std::size_t>(m)]);
    for (std::int32_t s = count - 1; s >= 0; --s) {
      if (s >= least && m >= 0 && m + least == s) lowest = std::min(lowest, g[static_cast<std::size_t>(m--)]);
      by_s_[static_cast<std::size_t>(s)] += lowest;
    }
  }
}

// The points where `values` bends upwards, and both ends; all points where the stage's own cost is not concave.
void ForestProgramme::find_bends(std::span<const double> values, bool all) {
  bends_.clear();
  double largest = 0;
  for (const double v : values) largest = std::max(largest, std::abs(v));
  const double noise = 4e-15 * largest;
  const std::size_t n = values.size();
  for (std::size_t m = 0; m < n; ++m) {
    const bool end = m == 0 || m + 1 == n;
    if (all || end || values[m + 1] - 2 * values[m] + values[m - 1] > noise) bends_.push_back({static_cast<std::int32_t>(m), values[m]});
  }
}

void ForestProgramme::by_outbound(std::size_t i, std::span<double> out) {
  const std::int32_t lead = grid_.lead(i), least = grid_.inbound_least(i), most = grid_.inbound_most(i);
  const std::span<const double> f = grid_.cost(i);
  const auto count = static_cast<std::int32_t>(out.size());
  std::ranges::fill(out, infinite);
  find_bends(by_si_, !grid_.is_concave(i));
  for (const Bend& bend : bends_) {
    const std::int32_t reach = least + bend.at + lead;  // the largest S it allows
    const double* row = f.data() + reach;
    const std::int32_t last = std::min(count - 1, reach);
    double* o = out.data();
    for (std::int32_t s = 0; s <= last; ++s) o[s] = std::min(o[s], bend.value + row[-s]);
  }
  for (std::int32_t t = 0; t < grid_.bent_steps(); ++t)
    for (std::int32_t s = std::max(0, least + lead - t); s < count && s - lead + t <= most; ++s)
      out[static_cast<std::size_t>(s)] = std::min(out[static_cast<std::size_t>(s)], by_si_[static_cast<std::size_t>(s - lead + t - least)] + f[static_cast<std::size_t>(t)]);
  for (std::int32_t s = 0; s < count; ++s) out[static_cast<std::size_t>(s)] += by_s_[static_cast<std::size_t>(s)];
}

void ForestProgramme::by_inbound(std::size_t i, std::span<double> out) {
  const std::int32_t lead = grid_.lead(i), least = grid_.inbound_least(i), longest = grid_.outbound_most(i);
  const std::span<const double> f = grid_.cost(i);
  const auto count = static_cast<std::int32_t>(out.size());
  std::ranges::fill(out, infinite);
  find_bends(by_s_, !grid_.is_concave(i));
  for (const Bend& bend : bends_) {
    const std::int32_t first = std::max(0, bend.at - lead - least);
    const double* row = f.data() + least + lead - bend.at;
    double* o = out.data();
    for (std::int32_t m = first; m < count; ++m) o[m] = std::min(o[m], bend.value + row[m]);
  }
  for (std::int32_t t = 0; t < grid_.bent_steps(); ++t)
    for (std::int32_t m = std::max(0, t - lead - least); m < count && least + m + lead - t <= longest; ++m)
      out[static_cast<std::size_t>(m)] = std::min(out[static_cast<std::size_t>(m)], by_s_[static_cast<std::size_t>(least + m + lead - t)] + f[static_cast<std::size_t>(t)]);
  for (std::int32_t m = 0; m < count; ++m) out[static_cast<std::size_t>(m)] += by_si_[static_cast<std::size_t>(m)];
}

// One of S and SI is known; finds the best other one.
void ForestProgramme::trace(std::size_t i, double out_price, double in_price) {
  const std::int32_t lead = grid_.lead(i), least = grid_.inbound_least(i);
  const std::span<const double> f = grid_.cost(i);
  double best = infinite;
  if (s_[i] >= 0) {
    sum_suppliers(i, in_price);
    for (std::int32_t si = std::max(least, s_[i] - lead); si <= grid_.inbound_most(i); ++si) {
      const double value = by_si_[static_cast<std::size_t>(si - least)] + f[static_cast<std::size_t>(si + lead - s_[i])];
      if (value < best) { best = value; si_[i] = si; }
    }
  } else {
    sum_customers(i, out_price);
    for (std::int32_t s = 0; s <= std::min(grid_.outbound_most(i), si_[i] + lead); ++s) {
      const double value = by_s_[static_cast<std::size_t>(s)] + f[static_cast<std::size_t>(si_[i] + lead - s)];
      if (value < best) { best = value; s_[i] = s; }
    }
  }
  TEMPERA_ASSERT(s_[i] >= 0 && si_[i] >= 0, "the forest programme found no service times");
}

void ForestProgramme::trace_children(std::size_t i) {
  for (const Child& child : children_[i]) {
    const auto j = static_cast<std::size_t>(child.stage);
    const std::span<const double> v = values(j);
    if (child.supplies) {
      const auto end = v.begin() + std::min(static_cast<std::ptrdiff_t>(v.size()), static_cast<std::ptrdiff_t>(si_[i]) + 1);
      s_[j] = static_cast<std::int32_t>(std::min_element(v.begin(), end) - v.begin());
    } else {
      const auto begin = v.begin() + std::max(0, s_[i] - grid_.inbound_least(j));
      si_[j] = static_cast<std::int32_t>(std::min_element(begin, v.end()) - v.begin()) + grid_.inbound_least(j);
    }
  }
}

}  // namespace tempera::baselines
