#include "solvers/qubo/group_ladder.hpp"

#include <utility>

namespace tempera::qubo {

namespace {
class GroupSystem {
 public:
  explicit GroupSystem(const model::QuboProblem& given) : problem(given), group_of(given.linear.size(), -1) {
    for (std::size_t g = 0; g < problem.groups.size(); ++g)
      for (const std::int32_t i : problem.groups[g].members) group_of[static_cast<std::size_t>(i)] = static_cast<std::int32_t>(g);
    for (std::int32_t i = 0; i < problem.variables(); ++i) {
      double sum = std::fabs(static_cast<double>(problem.linear[static_cast<std::size_t>(i)]));
      for (const std::int64_t q : problem.couplings_of(i)) sum += std::fabs(static_cast<double>(q)), note_smallest(q);
      note_smallest(problem.linear[static_cast<std::size_t>(i)]);
      highest_ = std::max(highest_, 2 * sum);
      if (group_of[static_cast<std::size_t>(i)] < 0) free.push_back(i);
    }
  }
  std::uint64_t moves_per_sweep() const { return std::max<std::uint64_t>(1, problem.linear.size()); }
  double lowest_temperature() const { return std::min(0.05 * smallest_, 0.5 * highest_); }
  double highest_temperature() const { return highest_; }

  const model::QuboProblem& problem;
  std::vector<std::int32_t> group_of;  // -1: none
  std::vector<std::int32_t> free;      // variables in no group

 private:
  void note_smallest(std::int64_t v) {
    if (v != 0) smallest_ = std::min(smallest_, std::fabs(static_cast<double>(v)));
  }
  double smallest_ = 0x1p60;
  double highest_ = 1;
};

class GroupReplica {
 public:
  explicit GroupReplica(const GroupSystem& system)
      : s_(&system), value_(system.problem.linear.size(), 0), field_(system.problem.linear) {
    for (const model::QuboGroup& group : system.problem.groups) {
      members_.push_back(group.members);
      for (std::size_t k = 0; k < static_cast<std::size_t>(group.wanted); ++k) flip(group.members[k]);
    }
    forget_lowest();
  }

  void seed(core::RandomStream& random) {
    random_.emplace(core::StreamKey{.seed = std::uint64_t{random()} << 32 | random(), .domain = core::anneal_qubo, .part = random()});
  }
  void randomise(core::RandomStream& random) {
    for (const std::int32_t i : s_->free)
      if (random() & 1) flip(i);
    for (std::size_t g = 0; g < members_.size(); ++g)
      for (std::int32_t k = 0; k < s_->problem.groups[g].wanted; ++k) exchange(g, k, static_cast<std::int32_t>(random.below(static_cast<std::uint32_t>(members_[g].size()))));
    forget_lowest();
  }
  void assign(std::span<const std::int32_t> values) {
    TEMPERA_ASSERT(values.size() == value_.size(), fmt::format("{} values for {} variables", values.size(), value_.size()));
    for (std::size_t i = 0; i < values.size(); ++i)
      if (values[i] != value_[i]) flip(static_cast<std::int32_t>(i));
    for (std::vector<std::int32_t>& group : members_)
      std::ranges::stable_partition(group, [&](std::int32_t i) { return value_[static_cast<std::size_t>(i)] == 1; });
    forget_lowest();
  }
  void set_temperature(double temperature) { temperature_ = temperature; }

  void sweep() {
    for (const std::int32_t i : s_->free) {
      const std::int64_t change = change_of(i);
      if (accepts(change)) flip(i), note();
    }
    for (std::size_t g = 0; g < members_.size(); ++g) {
      const std::int32_t wanted = s_->problem.groups[g].wanted, size = static_cast<std::int32_t>(members_[g].size());
      if (wanted == 0 || wanted == size) continue;
      // The ones stand in front. As many tries as the group has members, each of a one with a zero.
      for (std::int32_t k = 0; k < size; ++k) {
        const auto one = static_cast<std::int32_t>(random_->below(static_cast<std::uint32_t>(wanted)));
        const auto zero = wanted + static_cast<std::int32_t>(random_->below(static_cast<std::uint32_t>(size - wanted)));
        const std::int32_t i = members_[g][static_cast<std::size_t>(one)], j = members_[g][static_cast<std::size_t>(zero)];
        if (accepts(change_of(i) + change_of(j) - coupling(i, j))) exchange(g, one, zero), note();
      }
    }
  }

  std::int64_t energy() const { return energy_; }
  std::vector<std::int32_t> values() const { return value_; }
  std::uint64_t uphill() const { return uphill_; }
  std::int64_t lowest_energy() const { return lowest_energy_; }
  std::vector<std::int32_t> lowest_values() const { return lowest_; }
  void forget_lowest() { lowest_energy_ = energy_, lowest_ = value_; }

  // The order within groups is part of the state: it decides which swap a random number means.
  void pack(std::vector<std::int32_t>& out) const {
    out.insert(out.end(), value_.begin(), value_.end());
    for (const std::vector<std::int32_t>& group : members_) out.insert(out.end(), group.begin(), group.end());
  }
  std::size_t unpack(std::span<const std::int32_t> ints) {
    std::size_t at = value_.size();
    TEMPERA_ASSERT(ints.size() >= at, "an image of a replica with groups is cut");
    assign(ints.first(at));
    for (std::vector<std::int32_t>& group : members_) {
      TEMPERA_ASSERT(ints.size() >= at + group.size(), "an image of a replica with groups is cut");
      std::copy_n(ints.begin() + static_cast<std::ptrdiff_t>(at), group.size(), group.begin());
      at += group.size();
    }
    return at;
  }

 private:
  std::int64_t change_of(std::int32_t i) const {
    const auto k = static_cast<std::size_t>(i);
    return value_[k] ? -field_[k] : field_[k];
  }
  std::int64_t coupling(std::int32_t i, std::int32_t j) const {
    if (s_->problem.degree(j) < s_->problem.degree(i)) std::swap(i, j);
    const auto columns = s_->problem.columns_of(i);
    const auto found = std::ranges::lower_bound(columns, j);
    return found != columns.end() && *found == j ? s_->problem.couplings_of(i)[static_cast<std::size_t>(found - columns.begin())] : 0;
  }
  bool accepts(std::int64_t change) {
    if (change <= 0) return true;
    if (static_cast<double>(change) > 23 * temperature_ || static_cast<double>(change) > -temperature_ * std::log(random_->uniform())) return false;
    ++uphill_;
    return true;
  }
  void note() {
    if (energy_ < lowest_energy_) forget_lowest();
  }
  void flip(std::int32_t i) {
    energy_ += change_of(i);
    const auto k = static_cast<std::size_t>(i);
    const std::int64_t sign = value_[k] ? -1 : 1;
    const auto columns = s_->problem.columns_of(i);
    const auto couplings = s_->problem.couplings_of(i);
    for (std::size_t c = 0; c < columns.size(); ++c) field_[static_cast<std::size_t>(columns[c])] += sign * couplings[c];
    value_[k] ^= 1;
  }
  // Swaps the values and the standings of two members of a group; nothing when they are both ones or the same.
  void exchange(std::size_t g, std::int32_t a, std::int32_t b) {
    std::int32_t& first = members_[g][static_cast<std::size_t>(a)];
    std::int32_t& second = members_[g][static_cast<std::size_t>(b)];
    if (value_[static_cast<std::size_t>(first)] == value_[static_cast<std::size_t>(second)]) return;
    flip(first);
    flip(second);
    std::swap(first, second);
  }

  const GroupSystem* s_;
  std::vector<std::int32_t> value_;
  std::vector<std::int64_t> field_;
  std::vector<std::vector<std::int32_t>> members_;  // per group, the ones in front
  std::optional<core::RandomStream> random_;
  double temperature_ = 1;
  std::int64_t energy_ = 0;
  std::uint64_t uphill_ = 0;
  std::int64_t lowest_energy_ = 0;
  std::vector<std::int32_t> lowest_;
};
}  // namespace

std::unique_ptr<ReplicaLadder> make_group_ladder(const model::QuboProblem& problem, const MajorSettings& settings) {
  return std::make_unique<MajorLadder<GroupSystem, GroupReplica>>(std::make_unique<const GroupSystem>(problem), settings);
}

}  // namespace tempera::qubo
