#include "solvers/baselines/savings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>

#include "solvers/core/error.hpp"

namespace tempera::baselines {

namespace {
struct Saving {
  std::int64_t amount;
  std::int32_t from, to;
  bool operator<(const Saving& other) const {
    if (amount != other.amount) return amount > other.amount;
    return from != other.from ? from < other.from : to < other.to;
  }
};

// Routes that grow by joining ends. Customer c is an end of its route while ends[c] has a free side.
class RouteForest {
 public:
  RouteForest(const model::RoutingInstance& instance, const model::Distances& d, bool symmetric)
      : instance_(instance), d_(d), symmetric_(symmetric) {
    const auto nodes = static_cast<std::size_t>(instance.nodes());
    root_.resize(nodes);
    std::iota(root_.begin(), root_.end(), 0);
    load_.resize(nodes);
    length_.resize(nodes);
    links_.assign(nodes, {0, 0});
    for (std::size_t c = 1; c < nodes; ++c) {
      const int customer = static_cast<int>(c);
      load_[c] = instance.demand[c].value;
      length_[c] = d(0, customer) + d(customer, 0) + instance.service.value;
    }
  }

  /// Makes from -> to an arc (an edge where symmetric) if both are free there, the routes differ and the limits hold.
  void join(const Saving& saving) {
    const auto from = static_cast<std::size_t>(saving.from), to = static_cast<std::size_t>(saving.to);
    const int from_side = free_side(from, after), to_side = free_side(to, before);
    if (from_side < 0 || to_side < 0) return;
    const std::size_t kept = find(from), gone = find(to);
    if (kept == gone || load_[kept] + load_[gone] > instance_.capacity.value) return;
    const std::int64_t length = length_[kept] + length_[gone] - saving.amount;
    if (instance_.max_route_length && length > instance_.max_route_length->value) return;
    links_[from][static_cast<std::size_t>(from_side)] = saving.to;
    links_[to][static_cast<std::size_t>(to_side)] = saving.from;
    root_[gone] = static_cast<std::int32_t>(kept);
    load_[kept] += load_[gone];
    length_[kept] = length;
  }

  model::RoutingSolution routes() {
    model::RoutingSolution solution;
    std::vector<bool> seen(root_.size(), false);
    for (std::size_t c = 1; c < root_.size(); ++c) {
      const bool starts = symmetric_ ? links_[c][before] == 0 || links_[c][after] == 0 : links_[c][before] == 0;
      if (!starts || seen[c]) continue;
      require_length(c);
      solution.routes.push_back(walk(static_cast<std::int32_t>(c), seen));
    }
    return solution;
  }

 private:
  static constexpr int before = 0, after = 1;

  // Where routes may be turned, either free side will do.
  int free_side(std::size_t customer, int wanted) const {
    if (links_[customer][static_cast<std::size_t>(wanted)] == 0) return wanted;
    return symmetric_ && links_[customer][static_cast<std::size_t>(1 - wanted)] == 0 ? 1 - wanted : -1;
  }

  std::size_t find(std::size_t customer) {
    while (static_cast<std::size_t>(root_[customer]) != customer) {
      root_[customer] = root_[static_cast<std::size_t>(root_[customer])];
      customer = static_cast<std::size_t>(root_[customer]);
    }
    return customer;
  }

  model::Route walk(std::int32_t customer, std::vector<bool>& seen) const {
    model::Route route;
    std::int32_t previous = 0;
    while (customer != 0) {
      route.push_back(customer);
      seen[static_cast<std::size_t>(customer)] = true;
      const auto& link = links_[static_cast<std::size_t>(customer)];
      std::int32_t next = link[after];
      if (symmetric_ && next == previous) next = link[before];
      previous = customer;
      customer = next;
    }
    return route;
  }

  void require_length(std::size_t customer) {
    const std::int64_t length = length_[find(customer)];
    if (!instance_.max_route_length || length <= instance_.max_route_length->value) return;
    throw core::UserError(fmt::format("{}: serving {} alone takes a route of length {}, above the limit DISTANCE {}. "
                                      "Give a longer limit or remove the customer.",
                                      instance_.name, model::in_words(instance_, static_cast<std::int32_t>(customer)), length, instance_.max_route_length->value));
  }

  const model::RoutingInstance& instance_;
  const model::Distances& d_;
  bool symmetric_;
  std::vector<std::int32_t> root_;                   // union-find
  std::vector<std::int64_t> load_, length_;          // of the route, valid at its root
  std::vector<std::array<std::int32_t, 2>> links_;   // 0: the depot, so that side is free
};

bool contains(std::span<const std::int32_t> list, std::int32_t customer) { return std::ranges::find(list, customer) != list.end(); }

// Joins that save nothing still save a vehicle; those that cost are left out.
std::vector<Saving> savings_list(const model::RoutingInstance& instance, const model::Distances& d,
                                 const model::Neighbours& neighbours, bool symmetric) {
  std::vector<Saving> list;
  list.reserve(static_cast<std::size_t>(instance.customers()) * static_cast<std::size_t>(neighbours.per_node()) * (symmetric ? 2 : 4) / 3);
  std::vector<std::int64_t> out(static_cast<std::size_t>(instance.nodes())), back(out.size());
  for (int c = 1; c < instance.nodes(); ++c) out[static_cast<std::size_t>(c)] = d(0, c), back[static_cast<std::size_t>(c)] = d(c, 0);
  const auto add = [&](std::int32_t i, std::int32_t j) {
    const std::int64_t amount = back[static_cast<std::size_t>(i)] + out[static_cast<std::size_t>(j)] - d(i, j);
    if (amount >= 0) list.push_back({amount, i, j});
  };
  for (std::int32_t i = 1; i < instance.nodes(); ++i) {
    for (const std::int32_t j : neighbours.of(i)) {
      if (j < i && contains(neighbours.of(j), i)) continue;  // the pair came when j was i
      add(i, j);
      if (!symmetric) add(j, i);
    }
  }
  return list;
}
}  // namespace

model::RoutingSolution savings(const model::RoutingInstance& instance, const model::Distances& distances,
                               const model::Neighbours& neighbours) {
  const bool symmetric = model::is_symmetric(instance);
  RouteForest forest(instance, distances, symmetric);
  std::vector<Saving> list = savings_list(instance, distances, neighbours, symmetric);
  std::ranges::sort(list, std::less<>{});
  for (const Saving& saving : list) forest.join(saving);
  return forest.routes();
}

}  // namespace tempera::baselines
