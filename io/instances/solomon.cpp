#include "io/instances/solomon.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>

#include "io/instances/format.hpp"
#include "io/instances/text_file.hpp"
#include "io/instances/text_scan.hpp"

namespace tempera::instances {

using model::Distance;
using model::Load;
using model::RoutingInstance;

namespace {
constexpr std::array<std::string_view, 7> columns{"CUST NO.", "XCOORD.", "YCOORD.", "DEMAND", "READY TIME", "DUE DATE", "SERVICE TIME"};
constexpr std::int64_t largest_load = 1'000'000'000'000;
constexpr double largest_time = 4.0e15;

class Reader {
 public:
  Reader(std::string_view text, std::string_view source, const SolomonOptions& options) : lines_(text), source_(source) {
    const bool vehicles = options.objective == model::Objective::vehicles;
    in_.rounding = options.rounding.value_or(vehicles ? model::Rounding::none : model::Rounding::dimacs);
    units_ = static_cast<double>(model::units_per_distance(in_.rounding));
  }

  RoutingInstance read() {
    in_.name = line("the name of the problem");
    expect("VEHICLE");
    if (!line("NUMBER CAPACITY").starts_with("NUMBER")) fail("is not the heading 'NUMBER CAPACITY'");
    read_vehicles();
    expect("CUSTOMER");
    if (!line("the heading of the customers").starts_with("CUST")) fail("is not the heading 'CUST NO. XCOORD. YCOORD. DEMAND READY TIME DUE DATE SERVICE TIME'");
    in_.timetable.emplace();
    while (lines_.next()) read_customer();
    if (in_.demand.size() < 2)
      fail_at(source_, lines_.number(), fmt::format("the file ends after {} of the customers. Give the depot, 0, and at least one customer; the file may be cut short.", in_.demand.size()));
    return std::move(in_);
  }

 private:
  [[noreturn]] void fail(std::string_view what) const { fail_at(source_, lines_.number(), fmt::format("{} {}. A Solomon file has a name, VEHICLE, NUMBER CAPACITY, CUSTOMER and the customers.", shown(lines_.line()), what)); }

  std::string_view line(std::string_view wanted) {
    if (!lines_.next()) fail_at(source_, lines_.number(), fmt::format("the file ends before {}. It may be cut short.", wanted));
    return lines_.line();
  }

  void expect(std::string_view word) {
    if (line(word) != word) fail(fmt::format("stands where {} should", word));
  }

  // All numbers of the line, as many as there are names.
  template <std::size_t N>
  std::array<double, N> numbers(const std::array<std::string_view, N>& names) {
    std::array<double, N> values{};
    std::string_view rest = lines_.line();
    for (std::size_t k = 0; k < N; ++k) {
      const std::string_view word = next_word(rest);
      if (word.empty()) fail_at(source_, lines_.number(), fmt::format("{} is missing: the line has {} of {} numbers. The file may be cut short.", names[k], k, N));
      const auto value = to_number(word);
      if (!value || !std::isfinite(*value)) fail_at(source_, lines_.number(), fmt::format("{} is {}. Give a finite number.", names[k], shown(word)));
      values[k] = *value;
    }
    if (const std::string_view more = next_word(rest); !more.empty())
      fail_at(source_, lines_.number(), fmt::format("{} stands behind the {} numbers of the line. Remove it.", shown(more), N));
    return values;
  }

  std::int64_t whole(std::string_view name, double value, std::int64_t least, std::int64_t most) const {
    if (value != std::floor(value) || value < static_cast<double>(least) || value > static_cast<double>(most))
      fail_at(source_, lines_.number(), fmt::format("{} is {}. Give a whole number from {} to {}.", name, value, least, most));
    return static_cast<std::int64_t>(value);
  }

  void read_vehicles() {
    line("the number of vehicles and their capacity");
    const auto [number, capacity] = numbers<2>({"NUMBER", "CAPACITY"});
    in_.vehicles = whole("NUMBER", number, 1, largest_load);
    in_.capacity = Load(whole("CAPACITY", capacity, 1, largest_load));
  }

  // Scaled; a value that misses a whole number by the last bits of a double counts as it.
  std::int64_t scaled(std::string_view name, double value, double (*round)(double)) const {
    if (value < 0) fail_at(source_, lines_.number(), fmt::format("{} is {}. Give 0 or more.", name, value));
    if (value * units_ > largest_time) fail_at(source_, lines_.number(), fmt::format("{} is {}. Give {:.0f} at most, or use a larger unit of time.", name, value, largest_time / units_));
    const double nearest = std::round(value * units_);
    return static_cast<std::int64_t>(std::abs(value * units_ - nearest) < 1e-6 ? nearest : round(value * units_));
  }

  void read_customer() {
    const auto row = numbers(columns);
    if (const auto expected = static_cast<double>(in_.demand.size()); row[0] != expected)
      fail_at(source_, lines_.number(), fmt::format("{} is {}, but {} comes next. Number the customers 0 (the depot), 1, 2, ...", columns[0], row[0], expected));
    const bool depot = in_.demand.empty();
    const std::int64_t demand = whole(columns[3], row[3], 0, depot ? 0 : largest_load);
    if (demand > in_.capacity.value)
      fail_at(source_, lines_.number(), fmt::format("DEMAND is {}, above CAPACITY {}. Split the customer or give larger vehicles.", demand, in_.capacity.value));
    const std::int64_t ready = scaled(columns[4], row[4], std::ceil), due = scaled(columns[5], row[5], std::floor);
    if (due < ready && row[5] >= row[4])
      fail_at(source_, lines_.number(), fmt::format("the window from {} to {} holds no multiple of {:g}, the step of times here. Widen it, or give --round with a finer step.", row[4], row[5], 1 / units_));
    if (due < ready) fail_at(source_, lines_.number(), fmt::format("DUE DATE is {}, before READY TIME {}. Give a window that opens before it closes.", row[5], row[4]));
    in_.node_ids.push_back(static_cast<std::int64_t>(in_.demand.size()));
    in_.points.push_back({row[1], row[2]});
    in_.demand.emplace_back(demand);
    in_.timetable->earliest.emplace_back(ready);
    in_.timetable->latest.emplace_back(due);
    in_.timetable->service.emplace_back(scaled(columns[6], row[6], std::ceil));
  }

  LineReader lines_;
  std::string_view source_;
  RoutingInstance in_;
  double units_ = 1;
};
}  // namespace

RoutingInstance parse_solomon(std::string_view text, std::string_view source, const SolomonOptions& options) {
  RoutingInstance instance = Reader(text, source, options).read();
  model::validate(instance, source);  // what no single line can be blamed for
  model::set_objective(instance, options.objective);
  model::validate(instance, source);  // again: vehicles have their price now
  return instance;
}

RoutingInstance read_solomon(const std::filesystem::path& path, const SolomonOptions& options) {
  return parse_solomon(read_text(path), path.string(), options);
}

}  // namespace tempera::instances
