// JSON jobs for placement and backtests: what is read, and what every mistake is called.
#include "io/instances/supply_json.hpp"

#include <gtest/gtest.h>

#include <string>

#include "solvers/core/error.hpp"

namespace tempera::instances {
namespace {

constexpr std::string_view placement = R"({
  "type": "placement", "name": "two", "lead_time_factor": 1.5,
  "stages": [
    {"name": "plant", "lead_time": 4, "lead_time_deviation": 1, "holding_cost": 2, "capacity": 20},
    {"name": "shop", "lead_time": 0.5, "holding_cost": 5, "demand_mean": 10, "demand_deviation": 3, "service_level": 0.95, "service_limit": 0}],
  "arcs": [{"from": "plant", "to": "shop", "quantity": 1}]})";

constexpr std::string_view backtest = R"({
  "type": "backtest", "periods": 90, "warm_up": 10, "scenarios": 20, "seed": 7, "correlation": 0.25,
  "nodes": [
    {"name": "hub", "holding_cost": 1, "on_hand": 50},
    {"name": "shop", "holding_cost": 2, "shortage_cost": 15, "unmet": "lost", "storage": 90, "demand": {"kind": "normal", "mean": 10, "deviation": 3}}],
  "lanes": [{"from": "outside", "to": "hub", "lead_time": 3}, {"from": "hub", "to": "shop", "lead_time": 1, "unit_cost": 0.5}],
  "policies": [{"name": "base", "kind": "base_stock", "levels": {"shop": 25, "hub": 40}}, {"kind": "perfect_foresight"}]})";

std::string replaced(std::string_view text, std::string_view from, std::string_view to) {
  std::string out(text);
  const std::size_t at = out.find(from);
  if (at == std::string::npos) throw std::runtime_error("the test's text has no " + std::string(from));
  return out.replace(at, from.size(), to);
}

template <class Parse>
std::string message(Parse parse, const std::string& text) {
  try {
    parse(text, "job.json");
  } catch (const core::UserError& error) {
    return error.what();
  }
  return "accepted";
}
std::string of_placement(std::string_view from, std::string_view to) { return message(parse_placement_json, replaced(placement, from, to)); }
std::string of_backtest(std::string_view from, std::string_view to) { return message(parse_backtest_json, replaced(backtest, from, to)); }

TEST(PlacementJson, ReadsEveryField) {
  const auto net = parse_placement_json(placement, "dir/job.json");
  EXPECT_EQ(net.name, "two");
  EXPECT_EQ(net.lead_time_factor, 1.5);
  EXPECT_EQ(net.planned_lead_time(0), 5.5);
  EXPECT_EQ(net.stages[0].capacity, 20);
  EXPECT_EQ(net.stages[1].service_level, 0.95);
  EXPECT_EQ(net.stages[1].service_limit, 0);
  EXPECT_FALSE(net.stages[0].service_limit);
  EXPECT_EQ(net.arcs[0].to, 1);
  EXPECT_EQ(json_type(placement, "job.json"), "placement");
}

TEST(PlacementJson, NamesEveryMistake) {
  EXPECT_EQ(of_placement("\"lead_time\": 4", "\"leadtime\": 4"), "job.json /stages/0/leadtime is no known field. Did you mean lead_time? Known: name, lead_time, "
            "lead_time_deviation, holding_cost, supplier_time, demand_mean, demand_deviation, service_level, service_limit, capacity, bound, site, volume.");
  EXPECT_EQ(of_placement("\"lead_time\": 4, ", ""), "job.json /stages/0/lead_time is missing. Give a number.");
  EXPECT_EQ(of_placement("\"lead_time\": 4", "\"lead_time\": \"four\""), "job.json /stages/0/lead_time is \"four\", but must be a number.");
  EXPECT_EQ(of_placement("\"to\": \"shop\"", "\"to\": \"shp\""), "job.json /arcs/0/to is \"shp\", but there is no such stage. Did you mean \"shop\"?");
  EXPECT_EQ(of_placement("\"name\": \"shop\"", "\"name\": \"plant\""), "job.json /stages/1/name is \"plant\", which another stage has already.");
  EXPECT_EQ(of_placement("0.95", "1"), "job.json: stage 1 (shop): the service level is 1, but must be above 0 and below 1 (1 would need infinite stock; .99 is usual).");
  EXPECT_EQ(of_placement("\"capacity\": 20", "\"capacity\": 9"), "job.json: stage 0 (plant): the capacity is 9 a day, but mean demand there is 10. Give more than that.");
  EXPECT_EQ(of_placement("{\"from\"", "{\"from\": \"shop\", \"to\": \"plant\"}, {\"from\""),
            "job.json: the arcs form a cycle: stage 0 (plant) -> stage 1 (shop) -> stage 0 (plant). Remove one of its arcs.");
  EXPECT_TRUE(of_placement("\"arcs\"", "arcs").starts_with("job.json: is no valid JSON at byte "));
}

TEST(BacktestJson, ReadsEveryField) {
  const auto job = parse_backtest_json(backtest, "job.json");
  EXPECT_EQ(job.periods, 90);
  EXPECT_EQ(job.warm_up, 10);
  EXPECT_EQ(job.scenarios, 20);
  EXPECT_EQ(job.seed, 7u);
  EXPECT_EQ(job.system.correlation, 0.25);
  EXPECT_EQ(job.system.nodes[1].unmet, model::UnmetDemand::lost);
  EXPECT_EQ(job.system.nodes[1].storage, 90);
  EXPECT_EQ(job.system.lanes[0].from, model::outside);
  EXPECT_EQ(job.system.lanes[1].unit_cost, 0.5);
  EXPECT_EQ(job.policies[0].levels, (std::vector<double>{40, 25})) << "in the order of the nodes";
  EXPECT_EQ(job.policies[1].name, "perfect_foresight");
}

TEST(BacktestJson, NamesEveryMistake) {
  EXPECT_EQ(of_backtest("\"to\": \"shop\"", "\"to\": \"store\""), "job.json /lanes/1/to is \"store\", but there is no such node.");
  EXPECT_EQ(of_backtest("\"hub\": 40", "\"hubb\": 40"), "job.json /policies/0/levels is \"hubb\", but there is no such node. Did you mean \"hub\"?");
  EXPECT_EQ(of_backtest(", \"hub\": 40", ""), "job.json /policies/0/levels names 1 of 2 nodes. Give every node a number.");
  EXPECT_EQ(of_backtest("\"lead_time\": 3", "\"lead_time\": 1.5"), "job.json /lanes/0/lead_time is 1.5, but must be a whole number below 2,000,000,000.");
  EXPECT_EQ(of_backtest("\"lead_time\": 3", "\"lead_time\": -3"), "job.json: lanes[0].lead_time is -3, but must be 0 to 100000 periods.");
  EXPECT_EQ(of_backtest("\"lost\"", "\"gone\""), "job.json /nodes/1/unmet is \"gone\", but must be one of: backordered, lost.");
  EXPECT_EQ(of_backtest("\"kind\": \"normal\"", "\"kind\": \"gauss\""), "job.json /nodes/1/demand/kind is \"gauss\", but must be one of: none, normal, poisson, listed.");
  EXPECT_EQ(of_backtest("\"base_stock\"", "\"basestock\""),
            "job.json /policies/0/kind is \"basestock\", but must be one of: do_nothing, base_stock, echelon_base_stock, reorder_point, newsvendor, rolling_plan, perfect_foresight.");
}

}  // namespace
}  // namespace tempera::instances
