// Time windows: the model, its referee, the segments, and the files they come from.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "io/instances/solomon.hpp"
#include "io/instances/solution_file.hpp"
#include "partition/merge/route_merge.hpp"
#include "solvers/core/error.hpp"
#include "solvers/model/digest.hpp"
#include "solvers/model/distances.hpp"
#include "solvers/model/routing_referee.hpp"
#include "solvers/model/time_segment.hpp"
#include "tests/support/benchmark_data.hpp"
#include "tests/support/routing_samples.hpp"

namespace tempera {
namespace {

using model::Distance;
using model::RoutingInstance;
using model::TimeSegment;

// On a line: depot at 0, customers at 10 and 30. Windows [0,100] [20,25] [30,60], service 5 and 7.
RoutingInstance on_a_line() {
  RoutingInstance in;
  in.name = "line";
  in.points = {{0, 0}, {10, 0}, {30, 0}};
  in.demand = {core::Load(0), core::Load(1), core::Load(1)};
  in.capacity = core::Load(2);
  in.node_ids = {0, 1, 2};
  in.timetable.emplace();
  in.timetable->earliest = {Distance(0), Distance(20), Distance(30)};
  in.timetable->latest = {Distance(100), Distance(25), Distance(60)};
  in.timetable->service = {Distance(0), Distance(5), Distance(7)};
  return in;
}

std::string first_violation(const RoutingInstance& in, const model::Route& route) {
  const auto verdict = model::judge(in, {{route}});
  return verdict.violations.empty() ? "" : verdict.violations.front();
}

TEST(WindowReferee, KeepsTheTimesOfARoute) {
  const RoutingInstance in = on_a_line();
  const model::RouteTimes times = model::times_of(in, {1, 2});
  EXPECT_EQ(times.leaves, 10) << "no earlier than needed: at 1 when its window opens";
  EXPECT_EQ(times.arrival, (std::vector<std::int64_t>{20, 45}));
  EXPECT_EQ(times.start, (std::vector<std::int64_t>{20, 45}));
  EXPECT_EQ(times.returns, 82);
  const auto verdict = model::judge(in, {{{1, 2}}});
  EXPECT_TRUE(verdict.feasible);
  EXPECT_EQ(verdict.cost.value, 60);
  EXPECT_EQ(verdict.waiting.value, 0);
}

TEST(WindowReferee, SaysWhoIsServedLateAndByHowMuch) {
  RoutingInstance in = on_a_line();
  EXPECT_EQ(first_violation(in, {2, 1}), "route 1 reaches customer 1 at 57, 32 after its window closes at 25");
  EXPECT_EQ(model::judge(in, {{{2, 1}}}).late, 1);
  EXPECT_EQ(model::judge(in, {{{1, 2}}}).late, 0);
  in.timetable->latest[0] = Distance(80);
  EXPECT_EQ(first_violation(in, {1, 2}), "route 1 returns at 82, 2 after the depot closes at 80");
  in.timetable->latest[0] = Distance(100);
  in.timetable->max_duration = Distance(70);
  EXPECT_EQ(first_violation(in, {1, 2}), "route 1 takes 72 from leaving to returning, 2 more than the 70 allowed");
  in.timetable->max_duration = Distance(72);
  EXPECT_EQ(first_violation(in, {1, 2}), "");
}

TEST(WindowReferee, CountsWaitingAndRoutes) {
  RoutingInstance in = on_a_line();
  in.timetable->earliest[2] = Distance(60);
  model::set_objective(in, model::Objective::vehicles);
  const auto verdict = model::judge(in, {{{1, 2}}});
  EXPECT_EQ(verdict.waiting.value, 60 - 50) << "leaves at 15 at the latest, so 15 of 25 are still waited";
  EXPECT_EQ(verdict.distance.value, 60);
  EXPECT_EQ(verdict.cost.value, 60 + in.route_cost.value);
  EXPECT_EQ(in.route_cost.value, 1000);
}

// The oracle of the segments: all departures, one after another.
RoutingInstance random_timed(int customers, std::uint64_t seed) {
  return tests::sample_instance({.customers = customers, .seed = seed, .capacity = 1000, .windows = true, .duration_limit = seed % 3 == 0});
}

RC_GTEST_PROP(TimeSegments, AgreeWithTheRefereeOnAnySequence, ()) {
  const auto seed = *rc::gen::inRange<std::uint64_t>(1, 1'000'000);
  const RoutingInstance in = random_timed(6, seed);
  core::RandomStream random({.seed = seed, .domain = core::tests, .part = 1});
  std::vector<std::int32_t> route{1, 2, 3, 4, 5, 6};
  for (std::size_t k = route.size(); k > 1; --k) std::swap(route[k - 1], route[random.below(static_cast<std::uint32_t>(k))]);
  route.resize(1 + random.below(6));
  const model::Distances d(in);
  // In any bracketing: a random tree of concatenations.
  std::vector<TimeSegment> pieces{model::time_segment(*in.timetable, 0)};
  std::vector<std::int64_t> travel;
  std::int32_t at = 0;
  for (const std::int32_t c : route) {
    travel.push_back(d(at, c));
    pieces.push_back(model::time_segment(*in.timetable, c));
    at = c;
  }
  travel.push_back(d(at, 0));
  pieces.push_back(model::time_segment(*in.timetable, 0));
  while (pieces.size() > 1) {
    const std::size_t k = random.below(static_cast<std::uint32_t>(pieces.size() - 1));
    pieces[k] = model::concatenate(pieces[k], travel[k], pieces[k + 1]);
    pieces.erase(pieces.begin() + static_cast<std::ptrdiff_t>(k) + 1);
    travel.erase(travel.begin() + static_cast<std::ptrdiff_t>(k));
  }
  const model::RouteTimes times = model::times_of(in, route);
  bool late = times.returns > in.timetable->latest[0].value;
  for (std::size_t k = 0; k < route.size(); ++k) late = late || times.arrival[k] > in.timetable->latest[static_cast<std::size_t>(route[k])].value;
  RC_ASSERT((pieces[0].time_warp > 0) == late);
  if (!late) RC_ASSERT(pieces[0].duration == times.returns - times.leaves);
  const bool feasible = model::judge(in, {{route}}).violations.size() == static_cast<std::size_t>(6 - std::ssize(route));
  RC_ASSERT(model::keeps_time(*in.timetable, pieces[0]) == feasible);
  const std::vector<std::int32_t> flat = model::flatten({{route}});
  RC_ASSERT(merge::why_not_mergeable(in, flat, flat).empty() == feasible);
}

TEST(TimeSegments, APlantedWrongTravelIsSeen) {
  int seen = 0;
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    const RoutingInstance in = random_timed(6, seed);
    const model::Distances d(in);
    TimeSegment right = model::time_segment(*in.timetable, 0), wrong = right;
    std::int32_t at = 0;
    for (std::int32_t c = 1; c <= 6; ++c) {
      right = model::concatenate(right, d(at, c), model::time_segment(*in.timetable, c));
      wrong = model::concatenate(wrong, d(at, c) + (c == 3 ? 40 : 0), model::time_segment(*in.timetable, c));
      at = c;
    }
    seen += right.duration != wrong.duration || right.time_warp != wrong.time_warp;
  }
  EXPECT_GT(seen, 25);
}

TEST(WindowValidation, NamesNodeAndTimes) {
  const auto message = [](RoutingInstance in) {
    try { model::validate(in, "a.txt"); } catch (const core::UserError& error) { return std::string(error.what()); }
    return std::string();
  };
  EXPECT_EQ(message(on_a_line()), "");
  RoutingInstance in = on_a_line();
  in.timetable->latest[2] = Distance(29);
  EXPECT_EQ(message(in), "a.txt: the window's end of node 2 is 29. Give a time not before its start.");
  in.timetable->earliest[2] = Distance(0);
  EXPECT_EQ(message(in), "a.txt: node 2 cannot be reached in time: a vehicle that leaves the depot when it opens is there at 30, and the window closes at 29. "
                         "Give a later end or remove the customer.");
  in = on_a_line();
  in.timetable->latest[0] = Distance(66);
  EXPECT_EQ(message(in), "a.txt: node 2 cannot be served before the depot closes: the vehicle is back at 67, and it closes at 66. Give a later closing or "
                         "remove the customer.");
  in = on_a_line();
  in.timetable->max_duration = Distance(66);
  EXPECT_NE(message(in).find("serving node 2 alone takes 67"), std::string::npos);
  in = on_a_line();
  in.timetable->service.pop_back();
  EXPECT_NE(message(in), "");
}

TEST(WindowDigest, ChangesWithEveryTime) {
  const RoutingInstance base = on_a_line();
  std::vector<std::uint64_t> digests{model::digest(base)};
  const auto with = [&](auto change) {
    RoutingInstance in = base;
    change(in);
    digests.push_back(model::digest(in));
  };
  with([](auto& in) { in.timetable->earliest[1] += Distance(1); });
  with([](auto& in) { in.timetable->latest[1] += Distance(1); });
  with([](auto& in) { in.timetable->service[1] += Distance(1); });
  with([](auto& in) { in.timetable->max_duration = Distance(9); });
  with([](auto& in) { in.timetable.reset(); });
  with([](auto& in) { model::set_objective(in, model::Objective::vehicles); });
  std::ranges::sort(digests);
  EXPECT_EQ(std::ranges::adjacent_find(digests), digests.end());
}

TEST(Objective, VehiclesFirstOutweighsEveryDistance) {
  RoutingInstance in = tests::sample_instance({.customers = 40, .seed = 5, .length_limit = true});
  const std::int64_t service = in.service.value;
  model::set_objective(in, model::Objective::vehicles);
  ASSERT_TRUE(in.timetable);
  EXPECT_EQ(in.timetable->service[7].value, service);
  EXPECT_EQ(in.service.value, 0);
  EXPECT_FALSE(in.max_route_length) << "it became the longest duration";
  EXPECT_NO_THROW(model::validate(in, "x"));
  std::vector<model::Route> alone;
  for (std::int32_t c = 1; c <= 40; ++c) alone.push_back({c});
  EXPECT_GT(in.route_cost.value, model::judge(in, {alone}).distance.value);
}

// ---------------------------------------------------------------------------------------------------- files

constexpr const char* small_file = R"(tiny

VEHICLE
NUMBER     CAPACITY
  25         200

CUSTOMER
CUST NO.  XCOORD.   YCOORD.    DEMAND   READY TIME  DUE DATE   SERVICE   TIME

    0      40         50          0          0       1236          0
    1      45         68         10        912        967         90
    2      45.5       70         30        825        870         90
)";

TEST(Solomon, ReadsBothConventions) {
  const RoutingInstance in = instances::parse_solomon(small_file, "tiny.txt");
  EXPECT_EQ(in.name, "tiny");
  EXPECT_EQ(in.customers(), 2);
  EXPECT_EQ(in.capacity.value, 200);
  EXPECT_EQ(in.rounding, model::Rounding::dimacs);
  EXPECT_EQ(in.timetable->earliest[1].value, 9120);
  EXPECT_EQ(in.timetable->latest[2].value, 8700);
  EXPECT_EQ(in.timetable->service[2].value, 900);
  EXPECT_EQ(model::Distances(in)(0, 1), 186) << "18.68 cut to 18.6";
  const RoutingInstance hier = instances::parse_solomon(small_file, "tiny.txt", {.objective = model::Objective::vehicles});
  EXPECT_EQ(hier.rounding, model::Rounding::none);
  EXPECT_GT(hier.route_cost.value, 0);
  EXPECT_EQ(instances::parse_solomon(small_file, "tiny.txt", {.rounding = model::Rounding::trunc}).timetable->latest[2].value, 870);
}

std::string refusal(std::string text) {
  try { instances::parse_solomon(text, "a.txt"); } catch (const core::UserError& error) { return error.what(); }
  return "";
}

std::string changed(const std::string& from, const std::string& to) {
  std::string text = small_file;
  text.replace(text.find(from), from.size(), to);
  return text;
}

TEST(Solomon, NamesLineAndField) {
  EXPECT_EQ(refusal(changed("825        870", "871        870")), "a.txt:12: DUE DATE is 870, before READY TIME 871. Give a window that opens before it closes.");
  EXPECT_EQ(refusal(changed("825        870", "870.05     870.05")), "a.txt:12: the window from 870.05 to 870.05 holds no multiple of 0.1, the step of times here. Widen it, or give --round with a finer step.");
  EXPECT_EQ(refusal(changed("825        870", "825        1e16")), "a.txt:12: DUE DATE is 1e+16. Give 400000000000000 at most, or use a larger unit of time.");
  EXPECT_EQ(refusal(changed("825        870", "-1         870")), "a.txt:12: READY TIME is -1. Give 0 or more.");
  EXPECT_EQ(refusal(changed("    2      45.5", "    3      45.5")), "a.txt:12: CUST NO. is 3, but 2 comes next. Number the customers 0 (the depot), 1, 2, ...");
  EXPECT_EQ(refusal(changed("68         10", "68         210")), "a.txt:11: DEMAND is 210, above CAPACITY 200. Split the customer or give larger vehicles.");
  EXPECT_EQ(refusal(changed("  25         200", "  25")), "a.txt:5: CAPACITY is missing: the line has 1 of 2 numbers. The file may be cut short.");
  EXPECT_EQ(refusal(changed("967         90", "967         x")), "a.txt:11: SERVICE TIME is 'x'. Give a finite number.");
  EXPECT_NE(refusal(std::string(small_file).substr(0, 61)).find("the file ends before the heading of the customers"), std::string::npos);
  EXPECT_NE(refusal(changed("912        967", "0        1")).find("node 1 cannot be reached in time"), std::string::npos);
}

// The published solutions are feasible, and cost what is published, in the convention they were published for.
TEST(Solomon, PublishedSolutionsArePricedAsPublished) {
  TEMPERA_NEEDS_BENCHMARK("vrp/Solomon/R102.txt");
  for (const char* name : {"Solomon/C101", "Solomon/R102", "Solomon/R202", "Solomon/RC101", "Solomon/RC207", "GH/1000/R1_10_1", "GH/1000/C2_10_1"}) {
    const std::string file = std::string("vrp/") + name;
    const RoutingInstance in = instances::read_solomon(tests::benchmark_file(file + ".txt"));
    const auto published = instances::read_solution(tests::benchmark_file(file + ".sol"));
    const auto verdict = model::judge(in, published.solution);
    EXPECT_TRUE(verdict.feasible) << name << ": " << (verdict.violations.empty() ? "" : verdict.violations.front());
    ASSERT_TRUE(published.cost);
    EXPECT_NEAR(static_cast<double>(verdict.cost.value) / 10, *published.cost, 0.01) << name;
  }
}

}  // namespace
}  // namespace tempera
