#include "solvers/baselines/qubo_tabu.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <numeric>
#include <limits>

#include "solvers/core/error.hpp"
#include "solvers/core/random.hpp"

namespace tempera::baselines {

namespace {
constexpr std::size_t elites_kept = 10;
constexpr std::uint64_t flips_between_looks = 256;

// A state with the change of energy that every flip would bring.
class FlipState {
 public:
  explicit FlipState(const model::QuboProblem& problem) : problem_(problem), value_(n(), 0), change_(problem.linear.begin(), problem.linear.end()) {}

  std::size_t n() const { return problem_.linear.size(); }
  std::int64_t energy() const { return energy_; }
  std::int64_t change(std::size_t i) const { return change_[i]; }
  const std::vector<std::int64_t>& changes() const { return change_; }
  const std::vector<std::int32_t>& values() const { return value_; }

  void flip(std::size_t i) {
    energy_ += change_[i];
    const std::int64_t sign = value_[i] ? -1 : 1;
    const auto columns = problem_.columns_of(static_cast<std::int32_t>(i));
    const auto couplings = problem_.couplings_of(static_cast<std::int32_t>(i));
    for (std::size_t k = 0; k < columns.size(); ++k) {
      const auto j = static_cast<std::size_t>(columns[k]);
      change_[j] += value_[j] ? -sign * couplings[k] : sign * couplings[k];
    }
    value_[i] ^= 1;
    change_[i] = -change_[i];
  }
  void move_to(const std::vector<std::int32_t>& values) {
    for (std::size_t i = 0; i < n(); ++i)
      if (value_[i] != values[i]) flip(i);
  }

 private:
  const model::QuboProblem& problem_;
  std::vector<std::int32_t> value_;
  std::vector<std::int64_t> change_;
  std::int64_t energy_ = 0;
};

void descend(FlipState& state) {
  while (true) {
    const auto best = std::ranges::min_element(state.changes());
    if (*best >= 0) return;
    state.flip(static_cast<std::size_t>(best - state.changes().begin()));
  }
}

struct Elite {
  std::int64_t energy = std::numeric_limits<std::int64_t>::max();
  std::vector<std::int32_t> values;
};

class TabuSearch {
 public:
  TabuSearch(const model::QuboProblem& problem, std::uint64_t seed, const TabuLimit& limit)
      : limit_(limit), state_(problem), free_at_(state_.n(), 0), random_({.seed = seed, .domain = core::tabu_search}) {}

  QuboBaseline run() {
    descend(state_);
    improve();
    while (!done() && elites_.size() < std::min<std::size_t>(elites_kept, state_.n())) {
      for (std::size_t i = 0; i < state_.n(); ++i)
        if (random_() & 1) state_.flip(i);
      if (!improve()) ++repeated_;
      if (repeated_ > 3 * elites_kept) break;  // a tiny problem has fewer local optima than that
    }
    while (!done()) relink();
    return {best_.values, best_.energy, flips_, "greedy + tabu search + path relinking"};
  }

 private:
  bool done() const { return stopped_ || flips_ >= limit_.flips || best_.energy <= limit_.target; }

  // Tabu search from the current state until it stalls; the best of it may become an elite. @returns whether it did
  bool improve() {
    const std::size_t n = state_.n();
    const std::uint64_t patience = std::max<std::uint64_t>(2'000, 4 * n);
    Elite local{state_.energy(), state_.values()};
    if (local.energy < best_.energy) best_ = local;
    std::uint64_t last = flips_;
    bool dirty = false;  // the state is better than `local`, whose values are copied once it turns worse again
    std::ranges::fill(free_at_, 0);
    while (!done() && flips_ - last < patience) {
      if (limit_.stop && flips_ % flips_between_looks == 0 && limit_.stop()) stopped_ = true;
      const std::size_t i = choose(local.energy);
      if (dirty && state_.change(i) >= 0) local.values = state_.values(), dirty = false;
      state_.flip(i);
      ++flips_;
      free_at_[i] = flips_ + tenure();
      if (state_.energy() < local.energy) {
        local.energy = state_.energy();
        last = flips_;
        dirty = true;
      }
    }
    if (dirty) local.values = state_.values();
    if (local.energy < best_.energy) best_ = local;
    return keep(std::move(local));
  }

  std::uint64_t tenure() { return std::min<std::uint64_t>(state_.n() / 100 + 3 + random_.below(10), state_.n() / 2); }

  // The best flip that is not tabu, or that beats everything; the first of equals from a random place.
  std::size_t choose(std::int64_t best_energy) {
    const std::size_t n = state_.n(), start = random_.below(static_cast<std::uint32_t>(n));
    const std::int64_t* change = state_.changes().data();
    const std::uint64_t* free_at = free_at_.data();
    const std::int64_t aspired = best_energy - state_.energy();
    std::int64_t least = std::numeric_limits<std::int64_t>::max();
    std::size_t chosen = start;
    const auto scan = [&](std::size_t from, std::size_t to) {
      for (std::size_t i = from; i < to; ++i)
        if (change[i] < least && (free_at[i] <= flips_ || change[i] < aspired)) least = change[i], chosen = i;
    };
    scan(start, n);
    scan(0, start);
    return chosen;
  }

  bool keep(Elite elite) {
    for (const Elite& known : elites_)
      if (known.energy == elite.energy && known.values == elite.values) return false;
    if (elites_.size() >= elites_kept) {
      const auto worst = std::ranges::max_element(elites_, {}, &Elite::energy);
      if (worst->energy <= elite.energy) return false;
      *worst = std::move(elite);
      return true;
    }
    elites_.push_back(std::move(elite));
    return true;
  }

  // From one elite toward another by the best flips among those that bring it nearer; the best point of the inner third.
  void relink() {
    if (elites_.size() < 2) {
      for (std::size_t i = 0; i < state_.n(); ++i)
        if (random_() & 1) state_.flip(i);
      improve();
      return;
    }
    const auto count = static_cast<std::uint32_t>(elites_.size());
    const std::uint32_t a = random_.below(count), b = (a + 1 + random_.below(count - 1)) % count;
    state_.move_to(elites_[a].values);
    std::vector<std::size_t> differing;
    for (std::size_t i = 0; i < state_.n(); ++i)
      if (elites_[a].values[i] != elites_[b].values[i]) differing.push_back(i);
    const std::size_t margin = differing.size() / 3, all = differing.size();
    Elite best;
    while (!differing.empty()) {
      const auto next = std::ranges::min_element(differing, {}, [&](std::size_t i) { return state_.change(i); });
      state_.flip(*next);
      *next = differing.back();
      differing.pop_back();
      ++flips_;
      const std::size_t gone = all - differing.size();
      if (gone >= margin && differing.size() >= margin && state_.energy() < best.energy) best = {state_.energy(), state_.values()};
    }
    if (!best.values.empty()) state_.move_to(best.values);
    // A path too short to leave either end is lengthened by random flips.
    if (all < 10) for (std::size_t k = 0; k < state_.n() / 10 + 3; ++k) state_.flip(random_.below(static_cast<std::uint32_t>(state_.n())));
    improve();
    if (limit_.stop && limit_.stop()) stopped_ = true;
  }

  const TabuLimit& limit_;
  FlipState state_;
  std::vector<std::uint64_t> free_at_;
  core::RandomStream random_;
  std::vector<Elite> elites_;
  Elite best_;
  std::uint64_t flips_ = 0;
  std::size_t repeated_ = 0;
  bool stopped_ = false;
};
}  // namespace

std::vector<std::int32_t> qubo_greedy(const model::QuboProblem& problem) {
  FlipState state(problem);
  descend(state);
  return state.values();
}

QuboBaseline qubo_tabu(const model::QuboProblem& problem, std::uint64_t seed, const TabuLimit& limit) {
  TEMPERA_ASSERT(problem.groups.empty(), "tabu search over flips was given groups");
  return TabuSearch(problem, seed, limit).run();
}

QuboBaseline qubo_descent(const model::QuboProblem& problem, std::uint64_t seed, const TabuLimit& limit) {
  core::RandomStream random({.seed = seed, .domain = core::tabu_search, .part = 1});
  FlipState state(problem);
  std::vector<char> grouped(state.n(), 0);
  for (const model::QuboGroup& group : problem.groups)
    for (const std::int32_t i : group.members) grouped[static_cast<std::size_t>(i)] = 1;
  QuboBaseline best{.values = {}, .energy = std::numeric_limits<std::int64_t>::max(), .flips = 0, .method = "descent by flips and swaps, restarted"};
  do {
    std::vector<std::int32_t> start(state.n(), 0);
    for (std::size_t i = 0; i < start.size(); ++i) start[i] = grouped[i] ? 0 : static_cast<std::int32_t>(random() & 1);
    for (const model::QuboGroup& group : problem.groups) {
      std::vector<std::int32_t> members = group.members;
      for (std::int32_t k = 0; k < group.wanted; ++k) {
        std::swap(members[static_cast<std::size_t>(k)], members[static_cast<std::size_t>(k) + random.below(static_cast<std::uint32_t>(members.size()) - static_cast<std::uint32_t>(k))]);
        start[static_cast<std::size_t>(members[static_cast<std::size_t>(k)])] = 1;
      }
    }
    state.move_to(start);
    for (bool improved = true; improved;) {
      const std::int64_t before = state.energy();
      for (std::size_t i = 0; i < state.n(); ++i)
        if (!grouped[i] && state.change(i) < 0) state.flip(i), ++best.flips;
      for (const model::QuboGroup& group : problem.groups)
        for (const std::int32_t one : group.members)
          for (const std::int32_t zero : group.members) {
            const auto a = static_cast<std::size_t>(one), b = static_cast<std::size_t>(zero);
            if (state.values()[a] != 1 || state.values()[b] != 0) continue;
            const std::int64_t now = state.energy();
            state.flip(a), state.flip(b), best.flips += 2;
            if (state.energy() >= now) state.flip(b), state.flip(a);
          }
      improved = state.energy() < before;
    }
    if (state.energy() < best.energy) best.energy = state.energy(), best.values = state.values();
    ++best.flips;
  } while (best.flips < limit.flips && best.energy > limit.target && !(limit.stop && limit.stop()));
  return best;
}

QuboBaseline qubo_enumerate(const model::QuboProblem& problem) {
  const std::int32_t n = problem.variables();
  if (n > enumerated_variables)
    throw core::UserError(fmt::format("{}: {} variables are too many to enumerate. At most {} are.", problem.name, n, enumerated_variables));
  FlipState state(problem);
  std::vector<std::int32_t> ones(problem.groups.size(), 0), group_of(state.n(), -1);
  std::size_t broken = 0;
  for (std::size_t g = 0; g < problem.groups.size(); ++g) {
    for (const std::int32_t i : problem.groups[g].members) group_of[static_cast<std::size_t>(i)] = static_cast<std::int32_t>(g);
    broken += problem.groups[g].wanted != 0;
  }
  QuboBaseline best{.values = {}, .energy = std::numeric_limits<std::int64_t>::max(), .flips = 0, .method = "exhaustive enumeration"};
  const auto note = [&] {
    if (broken == 0 && state.energy() < best.energy) best.energy = state.energy(), best.values = state.values();
  };
  note();
  for (std::uint64_t step = 1; step < std::uint64_t{1} << n; ++step) {
    const auto i = static_cast<std::size_t>(std::countr_zero(step));
    state.flip(i);
    if (group_of[i] >= 0) {
      const auto g = static_cast<std::size_t>(group_of[i]);
      broken -= ones[g] != problem.groups[g].wanted;
      ones[g] += state.values()[i] ? 1 : -1;
      broken += ones[g] != problem.groups[g].wanted;
    }
    note();
    ++best.flips;
  }
  return best;
}

}  // namespace tempera::baselines
