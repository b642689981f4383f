#include "solvers/qubo/qap_ladder.hpp"

#include <numeric>

#include "solvers/qubo/aligned.hpp"

namespace tempera::qubo {

namespace {
// Matrices with rows padded to whole registers, and their transposes where they differ.
template <class T>
class QapTables {
 public:
  explicit QapTables(const model::QapProblem& problem) : n(static_cast<std::size_t>(problem.size)), stride((n + 7) / 8 * 8), flow(n * stride), flow_transposed(n * stride) {
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j) {
        flow[i * stride + j] = static_cast<T>(problem.flow[i * n + j]);
        flow_transposed[j * stride + i] = flow[i * stride + j];
      }
    distance.assign(problem.distance.begin(), problem.distance.end());
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j)
        symmetric = symmetric && problem.flow[i * n + j] == problem.flow[j * n + i] && problem.distance[i * n + j] == problem.distance[j * n + i];
    const auto widest = [](const std::vector<std::int64_t>& values) {
      std::int64_t low = 0, high = 0;
      for (const std::int64_t v : values) low = std::min(low, v), high = std::max(high, v);
      return static_cast<double>(high - low);
    };
    highest_ = std::max(1.0, 2 * widest(problem.flow) * widest(problem.distance));
  }
  std::uint64_t moves_per_sweep() const { return n * (n - 1) / 2; }
  double lowest_temperature() const { return std::max(0.02, highest_ * 1e-6); }
  double highest_temperature() const { return highest_; }

  std::size_t n, stride;
  bool symmetric = true;
  Aligned<T> flow, flow_transposed;
  std::vector<T> distance;  // n x n

 private:
  double highest_ = 1;
};

template <class T>
class QapReplica {
 public:
  explicit QapReplica(const QapTables<T>& tables)
      : t_(&tables), place_(tables.n), near_(tables.n * tables.stride), near_transposed_(tables.n * tables.stride) {
    std::iota(place_.begin(), place_.end(), 0);
    rebuild();
  }

  void seed(core::RandomStream& random) {
    random_.emplace(core::StreamKey{.seed = std::uint64_t{random()} << 32 | random(), .domain = core::anneal_qubo, .part = random()});
  }
  void randomise(core::RandomStream& random) {
    for (std::size_t k = t_->n; k > 1; --k) std::swap(place_[k - 1], place_[random.below(static_cast<std::uint32_t>(k))]);
    rebuild();
  }
  void assign(std::span<const std::int32_t> places) {
    TEMPERA_ASSERT(places.size() == t_->n, fmt::format("{} places for {} facilities", places.size(), t_->n));
    place_.assign(places.begin(), places.end());
    rebuild();
  }
  void set_temperature(double temperature) { temperature_ = temperature; }

  void sweep() {
    for (std::size_t r = 0; r + 1 < t_->n; ++r)
      for (std::size_t s = r + 1; s < t_->n; ++s) {
        const std::int64_t change = price(r, s);
        if (change > 0) {
          if (static_cast<double>(change) > 23 * temperature_) continue;  // 32 random bits never pass that
          if (static_cast<double>(change) > -temperature_ * std::log(random_->uniform())) continue;
          ++uphill_;
        }
        swap(r, s);
        energy_ += change;
        if (energy_ < lowest_energy_) lowest_energy_ = energy_, lowest_ = place_;
      }
  }

  std::int64_t energy() const { return energy_; }
  std::vector<std::int32_t> values() const { return place_; }
  std::uint64_t uphill() const { return uphill_; }
  std::int64_t lowest_energy() const { return lowest_energy_; }
  std::vector<std::int32_t> lowest_values() const { return lowest_; }
  void forget_lowest() { lowest_energy_ = energy_, lowest_ = place_; }
  void pack(std::vector<std::int32_t>& out) const { out.insert(out.end(), place_.begin(), place_.end()); }
  std::size_t unpack(std::span<const std::int32_t> ints) {
    TEMPERA_ASSERT(ints.size() >= t_->n, "an image of a QAP replica is cut");
    assign(ints.first(t_->n));
    return t_->n;
  }

 private:
  // near_[i][j] is the distance between the places of facilities i and j: what the sums run over lies in rows.
  void rebuild() {
    const std::size_t n = t_->n;
    energy_ = 0;
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j) {
        const T d = t_->distance[static_cast<std::size_t>(place_[i]) * n + static_cast<std::size_t>(place_[j])];
        near_[i * t_->stride + j] = d;
        near_transposed_[j * t_->stride + i] = d;
        energy_ += static_cast<std::int64_t>(t_->flow[i * t_->stride + j]) * d;
      }
    forget_lowest();
  }

  // sum over k of (f_rk - f_sk) (d_sk - d_rk); the padding adds nothing.
  static T cross(const T* __restrict fr, const T* __restrict fs, const T* __restrict dr, const T* __restrict ds, std::size_t size) {
    T sum = 0;
    for (std::size_t k = 0; k < size; ++k) sum += (fr[k] - fs[k]) * (ds[k] - dr[k]);
    return sum;
  }

  // Change of cost when r and s swap places: rows r and s for every other facility, then the four terms among themselves.
  std::int64_t price(std::size_t r, std::size_t s) const {
    const std::size_t w = t_->stride;
    const T *f = t_->flow.get(), *d = near_.get();
    const T frr = f[r * w + r], fss = f[s * w + s], frs = f[r * w + s], fsr = f[s * w + r];
    const T drr = d[r * w + r], dss = d[s * w + s], drs = d[r * w + s], dsr = d[s * w + r];
    const T own = (frr - fss) * (dss - drr) + (frs - fsr) * (dsr - drs);
    const T rows = cross(f + r * w, f + s * w, d + r * w, d + s * w, w) - (frr - fsr) * (dsr - drr) - (frs - fss) * (dss - drs);
    if (t_->symmetric) return 2 * static_cast<std::int64_t>(rows) + own;
    const T *ft = t_->flow_transposed.get(), *dt = near_transposed_.get();
    const T columns = cross(ft + r * w, ft + s * w, dt + r * w, dt + s * w, w) - (frr - frs) * (drs - drr) - (fsr - fss) * (dss - dsr);
    return static_cast<std::int64_t>(rows) + columns + own;
  }

  void swap(std::size_t r, std::size_t s) {
    const std::size_t w = t_->stride, n = t_->n;
    std::swap(place_[r], place_[s]);
    for (Aligned<T>* matrix : {&near_, &near_transposed_}) {
      T* m = matrix->get();
      std::swap_ranges(m + r * w, m + r * w + n, m + s * w);
      for (std::size_t k = 0; k < n; ++k) std::swap(m[k * w + r], m[k * w + s]);
      if (t_->symmetric) break;  // the transpose is not read
    }
  }

  const QapTables<T>* t_;
  std::vector<std::int32_t> place_;
  Aligned<T> near_, near_transposed_;
  std::optional<core::RandomStream> random_;
  double temperature_ = 1;
  std::int64_t energy_ = 0;
  std::uint64_t uphill_ = 0;
  std::int64_t lowest_energy_ = 0;
  std::vector<std::int32_t> lowest_;
};

template <class T>
std::unique_ptr<ReplicaLadder> make(const model::QapProblem& problem, const MajorSettings& settings) {
  return std::make_unique<MajorLadder<QapTables<T>, QapReplica<T>>>(std::make_unique<const QapTables<T>>(problem), settings);
}
}  // namespace

std::unique_ptr<ReplicaLadder> make_qap_ladder(const model::QapProblem& problem, const MajorSettings& settings) {
  double flow = 0, distance = 0;
  for (const std::int64_t f : problem.flow) flow = std::max(flow, std::fabs(static_cast<double>(f)));
  for (const std::int64_t d : problem.distance) distance = std::max(distance, std::fabs(static_cast<double>(d)));
  // The largest sum of a swap, four times each product.
  if (4 * flow * distance * (problem.size + 4) < 0x1p31) return make<std::int32_t>(problem, settings);
  return make<std::int64_t>(problem, settings);
}

}  // namespace tempera::qubo
