#include "solvers/qubo/sparse_ladder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <numbers>
#include <optional>

#include "solvers/core/error.hpp"
#include "solvers/qubo/aligned.hpp"
#include "solvers/qubo/graph_growth.hpp"
#include "solvers/qubo/ladder_schedule.hpp"

namespace tempera::qubo {

namespace {
constexpr std::size_t rung_count = lanes;
constexpr int most_scale = 10;
constexpr double hottest_16 = largest_factor / 32 / std::numbers::ln2;  // fields are int16: the largest temperature, scaled
constexpr std::uint64_t stall_sweeps = 20'000;
constexpr std::size_t large = 3'000;         // variables
constexpr std::uint64_t cluster_sweeps = 4;  // between exchanges of clusters

// Largest |g_i| over all states.
std::int64_t field_bound(const model::QuboProblem& problem) {
  std::int64_t bound = 0;
  for (std::int32_t i = 0; i < problem.variables(); ++i) {
    std::int64_t low = problem.linear[static_cast<std::size_t>(i)], high = low;
    for (const std::int64_t q : problem.couplings_of(i)) (q < 0 ? low : high) += q;
    bound = std::max({bound, -low, high});
  }
  return bound;
}

template <class Field>
class SparseLadder final : public ReplicaLadder {
 public:
  SparseLadder(const model::QuboProblem& problem, const SparseSettings& settings, std::int64_t bound)
      : problem_(problem), settings_(settings), n_(static_cast<std::size_t>(problem.variables())), field_(n_ * lanes), spins_(n_) {
    if constexpr (std::is_same_v<Field, std::int16_t>) sweep_ = lane_sweep_16(settings.isa);
    else sweep_ = lane_sweep_32(settings.isa);
    // Half of the room stays free, so that temperatures up to a third of the largest field can be told to the kernel.
    constexpr std::int64_t room = std::is_same_v<Field, std::int16_t> ? 8'191 : std::int64_t{1} << 29;
    const double hottest = settings.temperatures.empty() ? 0 : settings.temperatures.back();
    int scale = 0;
    while (scale < most_scale && (bound << (scale + 1)) <= room && hottest * std::exp2(scale + 1) <= hottest_16) ++scale;
    system_.variables = problem.variables();
    system_.scale = scale;
    system_.flush_every = static_cast<std::int32_t>(std::clamp<std::int64_t>(32'767 / std::max<std::int64_t>(1, bound), 1, 32'767));
    for (const std::int64_t begin : problem.row_begin) row_begin_.push_back(static_cast<std::int32_t>(begin));
    bool common = !problem.coupling.empty();
    for (const std::int64_t q : problem.coupling) {
      weight_.push_back(static_cast<Field>(q << scale));
      common = common && std::abs(q) == std::abs(problem.coupling.front());
      system_.mixed_signs = system_.mixed_signs || q != problem.coupling.front();
    }
    if (common) system_.common_weight = static_cast<Field>(problem.coupling.front() << scale);
    clusters_ = settings.clusters && is_sheet(problem);
    if (clusters_) stamp_.assign(n_, 0);
    system_.row_begin = row_begin_.data();
    system_.column = problem.column.data();
    system_.weight = weight_.data();
    system_.field = field_.get();
    system_.spins = spins_.get();
    system_.energy = energy_;
    system_.random = random_;
    system_.factor = factor_;
    system_.shift = shift_;
  }

  void begin(const LadderImage& image, const core::StreamKey& key, std::span<const Guest> guests) override {
    stream_.emplace(key);
    for (std::uint64_t& word : random_) word = std::uint64_t{(*stream_)()} << 32 | (*stream_)();
    if (image.ints.empty()) {
      start();
    } else {
      TEMPERA_ASSERT(image.ints.size() == n_, fmt::format("an image of {} variables for {}", image.ints.size(), n_));
      for (std::size_t i = 0; i < n_; ++i) spins_[i] = static_cast<std::uint32_t>(image.ints[i]);
      recompute();
      if (!schedule_) schedule_.emplace(tempering::SpacedLadder::geometric(rung_count, 1, 2), stall_sweeps);
      schedule_->restore(image.reals);
    }
    set_temperatures();
    best_.energy = std::numeric_limits<std::int64_t>::max();
    invite(guests);
    note_best();
  }

  void sweep(std::uint64_t sweeps) override {
    for (std::uint64_t k = 0; k < sweeps; ++k) {
      sweep_(system_);
      if (clusters_ && schedule_->sweeps() % cluster_sweeps == 0) exchange_clusters();
      const bool improved = note_best();
      const auto advice = schedule_->after_sweep(energy_, improved, *stream_);
      if (!settings_.temperatures.empty()) {
        if (schedule_->rungs_moved()) set_temperatures();
        continue;
      }
      if (advice == LadderSchedule::Advice::stalled) refresh_hot_half();
      if (advice == LadderSchedule::Advice::temperatures_moved || schedule_->rungs_moved()) set_temperatures();
    }
  }

  LadderImage image() const override {
    LadderImage image;
    image.ints.assign(reinterpret_cast<const std::int32_t*>(spins_.get()), reinterpret_cast<const std::int32_t*>(spins_.get()) + n_);
    image.reals = schedule_->state();
    return image;
  }

  const Found& best() const override { return best_; }

  Found at(std::size_t rung) const override {
    const std::uint32_t lane = schedule_->ladder().replica_at(rung);
    return {energy_[lane], values_of(lane)};
  }
  std::size_t rungs() const override { return lanes; }

  std::uint64_t attempts_per_sweep() const override { return n_ * lanes; }
  std::uint64_t round_trips() const override { return schedule_->ladder().statistics().round_trips; }
  std::vector<double> acceptance() const override { return schedule_->ladder().acceptance(); }
  std::vector<double> temperatures() const override { return schedule_->ladder().temperatures(); }

 private:
  void start() {
    for (std::size_t i = 0; i < n_; ++i) spins_[i] = (*stream_)();
    recompute();
    if (!settings_.temperatures.empty()) {
      schedule_.emplace(tempering::SpacedLadder(settings_.temperatures), stall_sweeps, LadderSchedule::Spacing::fixed);
      return;
    }
    const auto [coldest, hottest] = measure_range();
    schedule_.emplace(tempering::SpacedLadder::geometric(rung_count, coldest, hottest), stall_sweeps);
  }

  // All lanes quench at temperatures over everything that could matter; then uphill moves are counted.
  std::pair<double, double> measure_range() {
    constexpr int settle = 60, watch = 60;
    // 32 rungs do not span the whole range of a large problem: swaps get too rare.
    const double hot_uphill = settings_.hot_uphill > 0 ? settings_.hot_uphill : n_ > large ? 0.03 : 0.06;
    const double high = highest_temperature();
    std::int64_t smallest = std::numeric_limits<std::int64_t>::max();
    for (const std::int64_t v : problem_.coupling) smallest = std::min(smallest, std::abs(v));
    for (const std::int64_t v : problem_.linear) if (v != 0) smallest = std::min(smallest, std::abs(v));
    const double low = std::min(0.02 * static_cast<double>(smallest), 0.5 * high);
    const auto pilot = tempering::SpacedLadder::geometric(rung_count, low, high);
    for (std::uint32_t lane = 0; lane < lanes; ++lane) set_temperature(lane, pilot.temperature(lane));
    std::uint64_t uphill[lanes] = {};
    for (int k = 0; k < settle; ++k) sweep_(system_);
    system_.uphill = uphill;
    for (int k = 0; k < watch; ++k) sweep_(system_);
    system_.uphill = nullptr;
    std::size_t cold = 0, hot = rung_count - 1;
    while (cold + 1 < rung_count && static_cast<double>(uphill[cold + 1]) / watch <= settings_.cold_uphill) ++cold;
    while (hot > 0 && static_cast<double>(uphill[hot - 1]) / watch / static_cast<double>(n_) >= hot_uphill) --hot;
    return {pilot.temperature(cold), std::max(pilot.temperature(hot), 1.5 * pilot.temperature(cold))};
  }

  // Above this every move passes, or the kernel's numbers end.
  double highest_temperature() const {
    std::int64_t largest = 1;
    for (std::int32_t i = 0; i < problem_.variables(); ++i) {
      std::int64_t sum = std::abs(problem_.linear[static_cast<std::size_t>(i)]);
      for (const std::int64_t q : problem_.couplings_of(i)) sum += std::abs(q);
      largest = std::max(largest, sum);
    }
    if constexpr (std::is_same_v<Field, std::int16_t>) return std::min(static_cast<double>(largest), hottest_16 * std::exp2(-system_.scale));
    return static_cast<double>(largest);
  }

  void set_temperature(std::uint32_t lane, double temperature) {
    const double per_unit = temperature * std::exp2(system_.scale) * std::numbers::ln2;  // of a bound, per -log2(u)
    if constexpr (std::is_same_v<Field, std::int16_t>) {
      factor_[lane] = static_cast<std::uint16_t>(std::clamp(std::round(per_unit * 32), 0.0, largest_factor));
    } else {
      const double exact = per_unit / 2048;
      const int shift = std::clamp(static_cast<int>(std::floor(std::log2(largest_factor / std::max(exact, 1e-30)))), 0, 31);
      shift_[lane] = shift;
      factor_[lane] = static_cast<std::uint16_t>(std::clamp(std::round(std::ldexp(exact, shift)), 0.0, largest_factor));
    }
  }
  void set_temperatures() {
    for (std::uint32_t lane = 0; lane < lanes; ++lane) set_temperature(lane, schedule_->ladder().temperature(schedule_->ladder().rung_of(lane)));
  }

  // Fields and energies from the spins alone.
  void recompute() {
    for (std::uint32_t lane = 0; lane < lanes; ++lane) energy_[lane] = 0;
    for (std::size_t i = 0; i < n_; ++i) {
      std::int64_t field[lanes];
      std::fill_n(field, lanes, problem_.linear[i]);
      const auto columns = problem_.columns_of(static_cast<std::int32_t>(i));
      const auto couplings = problem_.couplings_of(static_cast<std::int32_t>(i));
      for (std::size_t k = 0; k < columns.size(); ++k) {
        const std::uint32_t word = spins_[static_cast<std::size_t>(columns[k])];
        for (std::uint32_t lane = 0; lane < lanes; ++lane) field[lane] += couplings[k] & -static_cast<std::int64_t>(word >> lane & 1);
      }
      for (std::uint32_t lane = 0; lane < lanes; ++lane) {
        field_[i * lanes + lane] = static_cast<Field>(field[lane] << system_.scale);
        if (spins_[i] >> lane & 1) energy_[lane] += problem_.linear[i] + field[lane];  // twice the energy: couplings count twice
      }
    }
    for (std::uint32_t lane = 0; lane < lanes; ++lane) energy_[lane] /= 2;
  }

  bool note_best() {
    const auto lane = static_cast<std::uint32_t>(std::min_element(energy_, energy_ + lanes) - energy_);
    if (energy_[lane] >= best_.energy) return false;
    best_ = {energy_[lane], values_of(lane)};
    return true;
  }

  std::vector<std::int32_t> values_of(std::uint32_t lane) const {
    std::vector<std::int32_t> values(n_);
    for (std::size_t i = 0; i < n_; ++i) values[i] = static_cast<std::int32_t>(spins_[i] >> lane & 1);
    return values;
  }

  // Houdayer's move between neighbours on the ladder: a connected cluster of variables in which two replicas differ changes
  // hands. The sum of the two energies stays, so that at unequal temperatures only the difference has to pass Metropolis.
  // Houdayer 2001; for lattices in which such clusters do not percolate: Zhu, Ochoa, Katzgraber 2015.
  void exchange_clusters() {
    const auto& ladder = schedule_->ladder();
    for (std::size_t rung = 0; rung + 1 < rung_count; ++rung) {
      const std::uint32_t a = ladder.replica_at(rung), b = ladder.replica_at(rung + 1);
      if (!grow_cluster(a, b)) continue;
      const std::int64_t change = cluster_change(a);
      const double exponent = -static_cast<double>(change) * (1 / ladder.temperature(rung) - 1 / ladder.temperature(rung + 1));
      if (exponent < 0 && std::log(stream_->uniform()) >= exponent) continue;
      for (const std::int32_t i : cluster_) flip(i, a), flip(i, b);
    }
  }

  // From a random variable in which the two differ; false where none was hit, or the cluster is too large to be local.
  bool grow_cluster(std::uint32_t a, std::uint32_t b) {
    constexpr int tries = 64;
    const auto differs = [&](std::int32_t i) { return (spins_[static_cast<std::size_t>(i)] >> a ^ spins_[static_cast<std::size_t>(i)] >> b) & 1; };
    std::int32_t start = -1;
    for (int k = 0; k < tries && start < 0; ++k) {
      const auto i = static_cast<std::int32_t>(stream_->below(static_cast<std::uint32_t>(n_)));
      if (differs(i)) start = i;
    }
    if (start < 0) return false;
    ++epoch_;
    cluster_.assign(1, start);
    stamp_[static_cast<std::size_t>(start)] = epoch_;
    for (std::size_t k = 0; k < cluster_.size(); ++k) {
      if (cluster_.size() > n_ / 8) return false;
      for (const std::int32_t j : problem_.columns_of(cluster_[k])) {
        if (stamp_[static_cast<std::size_t>(j)] == epoch_ || !differs(j)) continue;
        stamp_[static_cast<std::size_t>(j)] = epoch_;
        cluster_.push_back(j);
      }
    }
    return true;
  }

  // Of the energy of `lane` when the cluster flips in it: what every flip would bring alone, and each coupling inside once.
  std::int64_t cluster_change(std::uint32_t lane) const {
    std::int64_t alone = 0, inside = 0;
    const auto sign = [&](std::int32_t i) { return spins_[static_cast<std::size_t>(i)] >> lane & 1 ? -1 : 1; };
    for (const std::int32_t i : cluster_) {
      alone += sign(i) * (std::int64_t{field_[static_cast<std::size_t>(i) * lanes + lane]} >> system_.scale);
      const auto columns = problem_.columns_of(i);
      const auto couplings = problem_.couplings_of(i);
      for (std::size_t k = 0; k < columns.size(); ++k)
        if (stamp_[static_cast<std::size_t>(columns[k])] == epoch_) inside += sign(i) * sign(columns[k]) * couplings[k];
    }
    return alone + inside / 2;
  }

  void flip(std::int32_t i, std::uint32_t lane) {
    const auto at = static_cast<std::size_t>(i);
    const int sign = spins_[at] >> lane & 1 ? -1 : 1;
    energy_[lane] += sign * (std::int64_t{field_[at * lanes + lane]} >> system_.scale);
    spins_[at] ^= 1u << lane;
    for (auto k = static_cast<std::size_t>(row_begin_[at]); k < static_cast<std::size_t>(row_begin_[at + 1]); ++k) {
      Field& other = field_[static_cast<std::size_t>(problem_.column[k]) * lanes + lane];
      other = static_cast<Field>(other + sign * weight_[k]);
    }
  }

  void invite(std::span<const Guest> guests) {
    for (const Guest& guest : guests) {
      TEMPERA_ASSERT(guest.values.size() == n_, fmt::format("a guest of {} variables for {}", guest.values.size(), n_));
      const std::uint32_t lane = schedule_->ladder().replica_at(guest.rung < 0 ? lanes / 2 : static_cast<std::size_t>(guest.rung));
      for (std::size_t i = 0; i < n_; ++i) spins_[i] = (spins_[i] & ~(1u << lane)) | static_cast<std::uint32_t>(guest.values[i]) << lane;
    }
    if (!guests.empty()) recompute();
  }

  void refresh_hot_half() {
    std::uint32_t hot = 0;
    for (std::size_t rung = rung_count / 2; rung < rung_count; ++rung) hot |= 1u << schedule_->ladder().replica_at(rung);
    for (std::size_t i = 0; i < n_; ++i) spins_[i] = (spins_[i] & ~hot) | ((*stream_)() & hot);
    recompute();
  }

  const model::QuboProblem& problem_;
  SparseSettings settings_;
  std::size_t n_;
  LaneSweep<Field> sweep_ = nullptr;
  LaneSystem<Field> system_;
  std::vector<std::int32_t> row_begin_;
  std::vector<Field> weight_;
  Aligned<Field> field_;
  Aligned<std::uint32_t> spins_;
  std::int64_t energy_[lanes] = {};
  std::uint64_t random_[2 * random_words] = {};
  std::uint16_t factor_[lanes] = {};
  std::int32_t shift_[lanes] = {};
  bool clusters_ = false;
  std::vector<std::int32_t> cluster_;
  std::vector<std::uint64_t> stamp_;  // of a variable: the cluster that reached it last
  std::uint64_t epoch_ = 0;
  std::optional<core::RandomStream> stream_;
  std::optional<LadderSchedule> schedule_;
  Found best_;
};
}  // namespace

bool fits_lanes(const model::QuboProblem& problem) {
  return field_bound(problem) < std::int64_t{1} << 29 && problem.coupling.size() < std::size_t{1} << 31;
}

std::unique_ptr<ReplicaLadder> make_sparse_ladder(const model::QuboProblem& problem, const SparseSettings& settings) {
  const std::int64_t bound = field_bound(problem);
  if (!fits_lanes(problem) || !problem.groups.empty())
    throw core::UserError(fmt::format("{}: its local fields reach {}, or it has groups; the sparse engine takes fields below 2^29 and no groups.", problem.name, bound));
  if (bound <= 16'383) return std::make_unique<SparseLadder<std::int16_t>>(problem, settings, bound);
  return std::make_unique<SparseLadder<std::int32_t>>(problem, settings, bound);
}

}  // namespace tempera::qubo
