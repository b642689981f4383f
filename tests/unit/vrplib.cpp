#include "io/instances/vrplib.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "io/instances/best_known.hpp"
#include "io/instances/solution_file.hpp"
#include "solvers/core/budget.hpp"
#include "solvers/core/error.hpp"
#include "solvers/core/random.hpp"
#include "solvers/model/distances.hpp"
#include "solvers/model/routing_referee.hpp"
#include "tests/support/benchmark_data.hpp"
#include "tests/support/temporary_folder.hpp"

namespace tempera::instances {
namespace {

using model::EdgeWeight;
using model::Load;
using model::Rounding;
using model::RoutingInstance;

// Lines 1-7 keys, 8-12 coordinates, 13-17 demands, 18-20 depot, 21 EOF.
constexpr std::string_view valid =
    "NAME : small\n"
    "COMMENT : four nodes\n"
    "TYPE : CVRP\n"
    "DIMENSION : 4\n"
    "EDGE_WEIGHT_TYPE : EUC_2D\n"
    "CAPACITY : 10\n"
    "VEHICLES : 2\n"
    "NODE_COORD_SECTION\n"
    "1 0 0\n"
    "2 3 4\n"
    "3 6 8\n"
    "4 0 5\n"
    "DEMAND_SECTION\n"
    "1 0\n"
    "2 4\n"
    "3 5\n"
    "4 6\n"
    "DEPOT_SECTION\n"
    "1\n"
    "-1\n"
    "EOF\n";

std::string replaced(std::string_view from, std::string_view to, std::string_view text = valid) {
  std::string out(text);
  const std::size_t at = out.find(from);
  if (at == std::string::npos) throw std::runtime_error("the test's text has no " + std::string(from));
  return out.replace(at, from.size(), to);
}

std::string message_of(std::string_view text) {
  try {
    parse_vrplib(text, "a.vrp");
  } catch (const core::UserError& error) {
    return error.what();
  }
  return "accepted";
}

TEST(Vrplib, ReadsEveryField) {
  const RoutingInstance in = parse_vrplib(valid, "a.vrp");
  EXPECT_EQ(in.name, "small");
  EXPECT_EQ(in.comment, "four nodes");
  EXPECT_EQ(in.edge_weight, EdgeWeight::euclidean);
  EXPECT_EQ(in.rounding, Rounding::nearest);
  EXPECT_EQ(in.capacity, Load(10));
  EXPECT_EQ(in.vehicles, 2);
  EXPECT_EQ(in.demand, (std::vector{Load(0), Load(4), Load(5), Load(6)}));
  EXPECT_EQ(in.node_ids, (std::vector<std::int64_t>{1, 2, 3, 4}));
  EXPECT_EQ(in.points[2].y, 8);
  EXPECT_TRUE(in.matrix.empty());
  EXPECT_FALSE(in.max_route_length);
}

TEST(Vrplib, ReadsTabsCarriageReturnsExponentsAndBothColonStyles) {
  std::string text = replaced("2 3 4\n", "\t2   3.0e0\t+4E+0  \n", replaced("CAPACITY : 10", "CAPACITY:1e1\t\t"));
  text = replaced("TYPE : CVRP", "TYPE: CVRP", text);
  std::string with_returns = "\xEF\xBB\xBF";
  for (const char c : text) with_returns += c == '\n' ? std::string("\r\n") : std::string(1, c);
  EXPECT_EQ(vrplib_text(parse_vrplib(with_returns, "a.vrp")), vrplib_text(parse_vrplib(valid, "a.vrp")));
}

TEST(Vrplib, MovesAnyDepotToTheFrontAndKeepsTheOthersInOrder) {
  std::string text = replaced("1 0\n2 4\n3 5\n", "1 7\n2 4\n3 0\n");
  text = replaced("DEPOT_SECTION\n1\n", "DEPOT_SECTION\n3\n", text);
  const RoutingInstance in = parse_vrplib(text, "a.vrp");
  EXPECT_EQ(in.node_ids, (std::vector<std::int64_t>{3, 1, 2, 4}));
  EXPECT_EQ(in.demand, (std::vector{Load(0), Load(7), Load(4), Load(6)}));
  EXPECT_EQ(in.points[0].x, 6);
  EXPECT_EQ(in.points[1].x, 0);
  EXPECT_EQ(vrplib_text(parse_vrplib(vrplib_text(in), "b.vrp")), vrplib_text(in));
}

TEST(Vrplib, MovesTheDepotInAMatrixToo) {
  const std::string text =
      "TYPE : ACVRP\nDIMENSION : 3\nEDGE_WEIGHT_TYPE : EXPLICIT\nEDGE_WEIGHT_FORMAT : FULL_MATRIX\nCAPACITY : 5\nEDGE_WEIGHT_SECTION\n"
      "99 12 13\n21 99 23 31\n32 99\nDEMAND_SECTION\n1 1\n2 2\n3 0\nDEPOT_SECTION\n3 -1\nEOF";
  const RoutingInstance in = parse_vrplib(text, "a.vrp");
  EXPECT_EQ(in.matrix, (std::vector<double>{0, 31, 32, 13, 0, 12, 23, 21, 0}));
  EXPECT_FALSE(model::is_symmetric(in));
  const RoutingInstance back = parse_vrplib(vrplib_text(in), "b.vrp");
  EXPECT_EQ(back.matrix, in.matrix);
  EXPECT_EQ(back.node_ids, in.node_ids);
}

TEST(Vrplib, EveryMatrixFormatGivesTheSameMatrix) {
  // The symmetric matrix d(i, j) = 10 min + max of the 1-based numbers, each format's numbers written out by hand from TSPLIB 95.
  const std::pair<std::string_view, std::string_view> formats[] = {
      {"FULL_MATRIX", "0 12 13 14  12 0 23 24  13 23 0 34  14 24 34 0"},
      {"UPPER_ROW", "12 13 14  23 24  34"},
      {"LOWER_ROW", "12  13 23  14 24 34"},
      {"UPPER_DIAG_ROW", "0 12 13 14  0 23 24  0 34  0"},
      {"LOWER_DIAG_ROW", "0  12 0  13 23 0  14 24 34 0"},
      {"UPPER_COL", "12  13 23  14 24 34"},
      {"LOWER_COL", "12 13 14  23 24  34"},
      {"UPPER_DIAG_COL", "0  12 0  13 23 0  14 24 34 0"},
      {"LOWER_DIAG_COL", "0 12 13 14  0 23 24  0 34  0"}};
  const std::vector<double> expected = {0, 12, 13, 14, 12, 0, 23, 24, 13, 23, 0, 34, 14, 24, 34, 0};
  for (const auto& [format, numbers] : formats) {
    const std::string text = fmt::format(
        "TYPE: CVRP\nDIMENSION: 4\nEDGE_WEIGHT_TYPE: EXPLICIT\nEDGE_WEIGHT_FORMAT: {}\nCAPACITY: 9\nEDGE_WEIGHT_SECTION\n{}\n"
        "DISPLAY_DATA_SECTION\n1 5 5\n2 6 6\n3 7 7\n4 8 8\nDEMAND_SECTION\n1 0\n2 1\n3 1\n4 1\nDEPOT_SECTION\n1\n-1\n", format, numbers);
    const RoutingInstance in = parse_vrplib(text, "a.vrp");
    EXPECT_EQ(in.matrix, expected) << format;
    EXPECT_EQ(in.points.at(3).x, 8) << format;
  }
}

TEST(Vrplib, CeilingAndGeographicDistances) {
  const RoutingInstance ceil = parse_vrplib(replaced("2 3 4", "2 3 4.1", replaced("EUC_2D", "CEIL_2D")), "a.vrp");
  EXPECT_EQ(model::Distances(ceil)(0, 1), 6);
  // Nodes 1 and 2 of TSPLIB's ulysses16, whose distance is 509 by the format's own definition.
  const std::string text = replaced("1 0 0\n2 3 4\n", "1 38.24 20.42\n2 39.57 26.15\n", replaced("EUC_2D", "GEO"));
  EXPECT_EQ(model::Distances(parse_vrplib(text, "a.vrp"))(0, 1), 509);
}

TEST(Vrplib, RoundingScalesServiceAndLongestRoute) {
  const std::string text = replaced("VEHICLES : 2", "SERVICE_TIME : 2.5\nDISTANCE : 40.25");
  const auto read = [&](Rounding rounding) { return parse_vrplib(text, "a.vrp", rounding); };
  EXPECT_EQ(read(Rounding::nearest).service.value, 3);
  EXPECT_EQ(read(Rounding::nearest).max_route_length->value, 40);
  EXPECT_EQ(read(Rounding::trunc).service.value, 2);
  EXPECT_EQ(read(Rounding::dimacs).service.value, 25);
  EXPECT_EQ(read(Rounding::dimacs).max_route_length->value, 402);
  EXPECT_EQ(read(Rounding::exact).max_route_length->value, 40250);
  EXPECT_EQ(read(Rounding::none).service.value, 2'500'000);
}

TEST(Vrplib, DecimalsThatADoubleMissesStillScaleExactly) {
  for (int value = 1; value < 5000; ++value) {
    const std::string text = replaced("VEHICLES : 2", fmt::format("DISTANCE : {}.{:03}", value / 1000, value % 1000));
    ASSERT_EQ(parse_vrplib(text, "a.vrp", Rounding::exact).max_route_length->value, value);
  }
}

struct BadFile {
  std::string text;
  std::string_view message;
};

TEST(Vrplib, EveryMistakeIsNamedWithLineFieldValueAndRemedy) {
  const std::string matrix = replaced("EDGE_WEIGHT_TYPE : EUC_2D", "EDGE_WEIGHT_TYPE : EXPLICIT\nEDGE_WEIGHT_FORMAT : LOWER_ROW\nEDGE_WEIGHT_SECTION\n1 2 3\n4 5 6");
  const BadFile table[] = {
      // Keys
      {replaced("CAPACITY : 10", "CAPACITY : 0"), "a.vrp:6: CAPACITY is '0'. Give the load of one vehicle, a whole number from 1 to 1000000000000."},
      {replaced("CAPACITY : 10", "CAPACITY : 10.5"), "a.vrp:6: CAPACITY is '10.5'. Give the load of one vehicle, a whole number from 1 to 1000000000000."},
      {replaced("CAPACITY : 10", "CAPACITY :"), "a.vrp:6: CAPACITY has no value. Write 'CAPACITY : value'."},
      {replaced("CAPACITY : 10", "CAPACITY 10"), "a.vrp:6: CAPACITY has no colon. Write 'CAPACITY : value'."},
      {replaced("CAPACITY : 10\n", ""), "a.vrp:20: CAPACITY is missing from the file. Add 'CAPACITY : <load of one vehicle>'."},
      {replaced("VEHICLES : 2", "CAPACITY : 2"), "a.vrp:7: CAPACITY stands here again; the first is on line 6. Keep one."},
      {replaced("VEHICLES : 2", "VEHICLES : some"), "a.vrp:7: VEHICLES is 'some'. Give a whole number, 1 or more, or leave it out."},
      {replaced("VEHICLES : 2", "CAPACTY : 2"), "a.vrp:7: unknown key 'CAPACTY'. Did you mean CAPACITY?"},
      {replaced("VEHICLES : 2", "vehicles : 2"), "a.vrp:7: unknown key 'vehicles'. Did you mean VEHICLES?"},
      {replaced("VEHICLES : 2", "DISTANCE : 0"), "a.vrp:7: DISTANCE is '0'. Give the longest length of a route, a finite number above 0, or leave it out."},
      {replaced("VEHICLES : 2", "DISTANCE : inf"), "a.vrp:7: DISTANCE is 'inf'. Give the longest length of a route, a finite number above 0, or leave it out."},
      {replaced("VEHICLES : 2", "SERVICE_TIME : -1"), "a.vrp:7: SERVICE_TIME is '-1'. Give the time at each customer, a finite number, 0 or more."},
      {replaced("VEHICLES : 2", "NODE_COORD_TYPE : THREED_COORDS"), "a.vrp:7: NODE_COORD_TYPE is 'THREED_COORDS'. Supported are TWOD_COORDS, NO_COORDS."},
      {replaced("VEHICLES : 2", "EDGE_WEIGHT_FORMAT : FULL_MATRIX"), "a.vrp:7: EDGE_WEIGHT_FORMAT is 'FULL_MATRIX'. Supported are FUNCTION."},
      {replaced("TYPE : CVRP", "TYPE : TSP"),
       "a.vrp:3: TYPE is 'TSP'. Supported are CVRP and ACVRP. A travelling salesman problem has no demands and no capacity."},
      {replaced("TYPE : CVRP", "TYPE : VRPTW"), "a.vrp:3: TYPE is 'VRPTW'. Supported are CVRP and ACVRP. Time windows are read from Solomon's format (R101.txt) and from job files (window_s)."},
      {replaced("TYPE : CVRP\n", ""), "a.vrp:20: TYPE is missing from the file. Add 'TYPE : CVRP', or ACVRP for distances that differ by direction."},
      {replaced("DIMENSION : 4", "DIMENSION : 1"), "a.vrp:4: DIMENSION is '1'. Give the number of nodes, the depot included: a whole number from 2 to 10000000."},
      {replaced("DIMENSION : 4", "DIMENSION : 1e7"), "a.vrp:8: NODE_COORD_SECTION is too short for DIMENSION 10000000. The file may be cut short, or DIMENSION wrong."},
      {replaced("EUC_2D", "MAN_2D"),
       "a.vrp:5: EDGE_WEIGHT_TYPE is 'MAN_2D'. Supported are EUC_2D, CEIL_2D, GEO and EXPLICIT; other distances can be listed as an EXPLICIT matrix."},
      // Structure
      {replaced("VEHICLES : 2\n", "VEHICLES : 2\n7 8 9\n"), "a.vrp:8: '7 8 9' stands in no section. Put a section name such as NODE_COORD_SECTION before the numbers."},
      {replaced("NODE_COORD_SECTION\n", "NODE_COORD_SECTION 1 0 0\n"), "a.vrp:8: NODE_COORD_SECTION is followed by '1 0 0'. Put the numbers on the next line."},
      {replaced("DEMAND_SECTION", "DEMANDS_SECTION"), "a.vrp:13: unknown section 'DEMANDS_SECTION'. Did you mean DEMAND_SECTION?"},
      {replaced("DEMAND_SECTION", "TIME_WINDOW_SECTION"),
       "a.vrp:13: TIME_WINDOW_SECTION describes time windows, which are read from Solomon's format (R101.txt) and from job files (window_s), not from VRPLIB files."},
      {replaced("DEMAND_SECTION", "BACKHAUL_SECTION"),
       "a.vrp:13: BACKHAUL_SECTION describes backhauls, which this reader does not support. Supported are CVRP and ACVRP files; remove it only if "
       "the problem may be solved without."},
      {replaced("DEPOT_SECTION\n1\n-1\n", "DEMAND_SECTION\n1 0\n"), "a.vrp:18: DEMAND_SECTION stands here again; the first is on line 13. Keep one."},
      {replaced("DEMAND_SECTION\n1 0\n2 4\n3 5\n4 6\n", ""),
       "a.vrp:16: DEMAND_SECTION is missing from the file, which ends here. Add one line 'node demand' for every node, 0 for the depot."},
      {replaced("DEPOT_SECTION\n1\n-1\n", ""), "a.vrp:18: DEPOT_SECTION is missing from the file, which ends here. Add the section with the depot's node and then -1."},
      {replaced("EOF\n", "EOF\nNAME : again\n"), "a.vrp:22: 'NAME : again' stands after EOF (line 21). Remove it, or move EOF to the end."},
      {replaced("-1\nEOF\n", "-1"),
       "a.vrp:20: the file ends in the middle of line 20 with neither a line end nor EOF. It may be cut short; add EOF if it is complete."},
      {std::string(valid.substr(0, valid.find("3 6 8"))), "a.vrp:8: NODE_COORD_SECTION holds 2 of DIMENSION 4 nodes; node 3 is absent. Add the missing lines; the file may be cut short."},
      {" \n\n", "a.vrp:1: the file looks like an empty file, not like a VRPLIB file (NAME, TYPE, DIMENSION, ...). Give a .vrp file."},
      {std::string("\x89HDF\r\n\x1A\n\0\0", 10), "a.vrp:1: the file looks like an HDF5 file, not like a VRPLIB file (NAME, TYPE, DIMENSION, ...). Give a .vrp file."},
      {std::string("\x01\x02\0garbage", 10), "a.vrp:1: the file looks like binary data, not like a VRPLIB file (NAME, TYPE, DIMENSION, ...). Give a .vrp file."},
      {"3 2\n1 2 1\n2 3 1\n", "a.vrp:1: the file looks like a Gset graph (Max-Cut), not like a VRPLIB file (NAME, TYPE, DIMENSION, ...). Give a .vrp file."},
      {replaced("2 3 4\n", "\x80\xFFnoise\n"), "a.vrp:10: unknown key '\\x80\\xFFnoise'. Lines of NODE_COORD_SECTION start with a number."},
      // Coordinates
      {replaced("2 3 4\n", "2 3\n"), "a.vrp:10: NODE_COORD_SECTION has the line '2 3', but each line is 'node x y'."},
      {replaced("2 3 4\n", "2 3 4 5\n"), "a.vrp:10: NODE_COORD_SECTION has the line '2 3 4 5', but each line is 'node x y'."},
      {replaced("2 3 4\n", "2 nan 4\n"), "a.vrp:10: NODE_COORD_SECTION: coordinate of node 2 is 'nan'. Give a finite number."},
      {replaced("2 3 4\n", "2 3 1e999\n"), "a.vrp:10: NODE_COORD_SECTION: coordinate of node 2 is '1e999'. Give a finite number."},
      {replaced("2 3 4\n", "2 3 four\n"), "a.vrp:10: NODE_COORD_SECTION: coordinate of node 2 is 'four'. Give a finite number."},
      {replaced("3 6 8\n", "2 6 8\n"), "a.vrp:11: NODE_COORD_SECTION has node 2 again; the first is on line 10. Keep one."},
      {replaced("3 6 8\n", "5 6 8\n"), "a.vrp:11: NODE_COORD_SECTION has node '5', but nodes are numbered 1 to DIMENSION, 4."},
      {replaced("1 0 0\n", "0 0 0\n"), "a.vrp:9: NODE_COORD_SECTION has node '0', but nodes are numbered 1 to DIMENSION, 4."},
      {replaced("3 6 8\n", ""), "a.vrp:8: NODE_COORD_SECTION holds 3 of DIMENSION 4 nodes; node 3 is absent. Add the missing lines; the file may be cut short."},
      {replaced("3 6 8\n", "3 96 8\n", replaced("EUC_2D", "GEO")),
       "a.vrp:11: NODE_COORD_SECTION: node 3 is at latitude 96, longitude 8. GEO coordinates are degrees (DDD.MM), latitude -90 to 90 first, then longitude "
       "-180 to 180."},
      {replaced("3 6 8\n", "3 1e200 8\n"),
       "a.vrp: distances up to 9000000000000000000 units with --round nearest overflow 64-bit costs. Use smaller coordinates or --round nearest."},
      // Demands
      {replaced("3 5\n", "3 11\n"), "a.vrp:16: DEMAND of node 3 is 11, above CAPACITY 10. Split the customer or give larger vehicles."},
      {replaced("3 5\n", "3 -5\n"), "a.vrp:16: DEMAND of node 3 is -5. Give 0 or more."},
      {replaced("3 5\n", "3 2.5\n"), "a.vrp:16: DEMAND of node 3 is '2.5'. Give a whole number; scale all demands and CAPACITY alike if they are fractions."},
      {replaced("DEMAND_SECTION\n1 0\n", "DEMAND_SECTION\n1 3\n"), "a.vrp:14: DEMAND of the depot (node 1) is 3. It must be 0."},
      {replaced("3 5\n", ""), "a.vrp:13: DEMAND_SECTION holds 3 of DIMENSION 4 nodes; node 3 is absent. Add the missing lines; the file may be cut short."},
      {replaced("3 5\n", "2 5\n"), "a.vrp:16: DEMAND_SECTION has node 2 again; the first is on line 15. Keep one."},
      // Depot
      {replaced("1\n-1\n", "1\n2\n-1\n"), "a.vrp:20: DEPOT_SECTION has a second depot, node 2, beside node 1. One depot is supported."},
      {replaced("1\n-1\n", "9\n-1\n"), "a.vrp:19: DEPOT_SECTION has node '9', but nodes are numbered 1 to DIMENSION, 4."},
      {replaced("1\n-1\n", "-1\n"), "a.vrp:18: DEPOT_SECTION names no node. Add the section with the depot's node and then -1."},
      {replaced("1\n-1\n", "1\n"), "a.vrp:18: DEPOT_SECTION is not closed by -1. Add it; the file may be cut short."},
      {replaced("1\n-1\n", "1\n-1\n4\n"), "a.vrp:21: DEPOT_SECTION has '4' after the closing -1. Remove it."},
      // Matrix
      {replaced("4 5 6", "4 5", matrix),
       "a.vrp:7: EDGE_WEIGHT_SECTION has 5 numbers, but LOWER_ROW with DIMENSION 4 needs 6. Check EDGE_WEIGHT_FORMAT and DIMENSION; the file may be cut short."},
      {replaced("4 5 6", "4 5 6 7", matrix),
       "a.vrp:9: EDGE_WEIGHT_SECTION has more numbers, from '7' on, than the 6 that LOWER_ROW with DIMENSION 4 needs. Check EDGE_WEIGHT_FORMAT and DIMENSION."},
      {replaced("4 5 6", "4 -5 6", matrix), "a.vrp:9: EDGE_WEIGHT number 5 of the section is '-5'. Give a finite number, 0 or more."},
      {replaced("1 2 3\n", "nan 2 3\n", matrix), "a.vrp:8: EDGE_WEIGHT number 1 of the section is 'nan'. Give a finite number, 0 or more."},
      {replaced("LOWER_ROW", "FUNCTION", matrix),
       "a.vrp:6: EDGE_WEIGHT_FORMAT is FUNCTION, but EDGE_WEIGHT_TYPE EXPLICIT lists the weights. Give the form of the matrix."},
      {replaced("LOWER_ROW", "LOWER_ROWS", matrix),
       "a.vrp:6: EDGE_WEIGHT_FORMAT is 'LOWER_ROWS'. Did you mean LOWER_ROW? Supported are FULL_MATRIX, UPPER_ROW, LOWER_ROW, UPPER_DIAG_ROW, LOWER_DIAG_ROW, "
       "UPPER_COL, LOWER_COL, UPPER_DIAG_COL, LOWER_DIAG_COL."},
      {replaced("EDGE_WEIGHT_FORMAT : LOWER_ROW\n", "", matrix),
       "a.vrp:24: EDGE_WEIGHT_FORMAT is missing from the file. Add the form of the matrix, such as 'EDGE_WEIGHT_FORMAT : FULL_MATRIX'."},
      {replaced("EDGE_WEIGHT_SECTION\n1 2 3\n4 5 6\n", "", matrix),
       "a.vrp:22: EDGE_WEIGHT_SECTION is missing from the file, which ends here. Add the 6 numbers of the LOWER_ROW."},
      {replaced("EXPLICIT\nEDGE_WEIGHT_FORMAT : LOWER_ROW", "EUC_2D", matrix),
       "a.vrp:6: EDGE_WEIGHT_SECTION contradicts EDGE_WEIGHT_TYPE EUC_2D. Remove the section or give EXPLICIT."},
  };
  EXPECT_EQ(message_of(valid), "accepted");
  EXPECT_EQ(message_of(matrix), "accepted");
  for (const BadFile& bad : table) EXPECT_EQ(message_of(bad.text), bad.message);
}

TEST(Vrplib, FileSystemMistakesAreNamed) {
  const tests::TemporaryFolder folder;
  const auto message = [](const std::filesystem::path& path) -> std::string {
    try { read_vrplib(path); } catch (const core::UserError& error) { return error.what(); }
    return "accepted";
  };
  EXPECT_EQ(message(folder / "absent.vrp"), (folder / "absent.vrp").string() + ": cannot open: No such file or directory. Check the path.");
  EXPECT_EQ(message(folder.path()), folder.path().string() + ": is a directory. Give the file in it.");
  std::ofstream(folder / "empty.vrp").close();
  EXPECT_EQ(message(folder / "empty.vrp"),
            (folder / "empty.vrp").string() + ": the file is empty. Check that it was copied or downloaded completely.");
}

TEST(Vrplib, TakesTheStemWhenTheFileHasNoName) {
  const tests::TemporaryFolder folder;
  std::ofstream(folder / "berlin.vrp") << replaced("NAME : small\n", "");
  EXPECT_EQ(read_vrplib(folder / "berlin.vrp").name, "berlin");
}

// A mutated file is parsed or refused; anything else (a crash, another exception) ends the test.
TEST(Vrplib, SurvivesTwoThousandMutations) {
  core::RandomStream random({.seed = 1, .domain = core::tests});
  const std::string matrix = replaced("EDGE_WEIGHT_TYPE : EUC_2D", "EDGE_WEIGHT_TYPE : EXPLICIT\nEDGE_WEIGHT_FORMAT : LOWER_ROW\nEDGE_WEIGHT_SECTION\n1 2 3\n4 5 6");
  int accepted = 0, refused = 0;
  for (int trial = 0; trial < 2000; ++trial) {
    std::string text(trial % 2 == 0 ? std::string(valid) : matrix);
    if (random.chance(0.3)) text.resize(random.below(static_cast<std::uint32_t>(text.size())));
    const std::uint32_t flips = random.below(4);
    for (std::uint32_t k = 0; k < flips && !text.empty(); ++k)
      text[random.below(static_cast<std::uint32_t>(text.size()))] = static_cast<char>(random.below(256));
    try {
      const RoutingInstance in = parse_vrplib(text, "mutant.vrp");
      EXPECT_NO_THROW(model::validate(in, "mutant.vrp"));
      ++accepted;
    } catch (const core::UserError& error) {
      EXPECT_TRUE(std::string_view(error.what()).starts_with("mutant.vrp:"));
      ++refused;
    }
  }
  EXPECT_GT(accepted, 100);
  EXPECT_GT(refused, 1000);
}

constexpr std::string_view benchmark_names[] = {
    "Arnold/Antwerp1", "Arnold/Flanders1", "Arnold/Ghent1", "Arnold/Leuven1", "X/X-n1001-k43", "X/X-n101-k25", "X/X-n106-k14",
    "X/X-n120-k6", "X/X-n129-k18", "X/X-n143-k7", "X/X-n153-k22", "X/X-n167-k10", "X/X-n176-k26", "X/X-n190-k8", "X/X-n200-k36",
    "X/X-n214-k11", "X/X-n223-k34", "X/X-n237-k14", "X/X-n247-k50", "X/X-n261-k13", "X/X-n270-k35", "X/X-n284-k15", "X/X-n294-k50",
    "X/X-n303-k21", "X/X-n308-k13", "X/X-n317-k53", "X/X-n331-k15", "X/X-n344-k43", "X/X-n367-k17", "X/X-n384-k52", "X/X-n411-k19",
    "X/X-n429-k61", "X/X-n459-k26", "X/X-n480-k70", "X/X-n502-k39", "X/X-n513-k21", "X/X-n536-k96", "X/X-n573-k30", "X/X-n599-k92",
    "X/X-n641-k35", "X/X-n670-k130", "X/X-n716-k35", "X/X-n749-k98", "X/X-n801-k40", "X/X-n837-k142", "X/X-n895-k37", "X/X-n936-k151"
};

class BenchmarkFile : public testing::TestWithParam<std::string_view> {};

TEST_P(BenchmarkFile, BestSolutionCostsWhatItsFileSays) {
  const std::string stem = fmt::format("vrp/{}", GetParam());
  TEMPERA_NEEDS_BENCHMARK(stem + ".vrp");
  TEMPERA_NEEDS_BENCHMARK(stem + ".sol");
  const RoutingInstance in = read_vrplib(tests::benchmark_file(stem + ".vrp"));
  const SolutionFile best = read_solution(tests::benchmark_file(stem + ".sol"));
  const model::RoutingVerdict verdict = model::judge(in, best.solution);
  EXPECT_TRUE(verdict.feasible) << (verdict.violations.empty() ? "" : verdict.violations[0]);
  ASSERT_TRUE(best.cost.has_value());
  EXPECT_EQ(static_cast<double>(verdict.cost.value), *best.cost);
  EXPECT_EQ(vrplib_text(parse_vrplib(vrplib_text(in), "again")), vrplib_text(in));
  const auto known = best_known(tests::benchmark_file(stem + ".vrp"));
  ASSERT_TRUE(known.has_value());
  EXPECT_LE(known->cost, *best.cost);
  EXPECT_GT(known->cost, *best.cost * 0.99);
}

INSTANTIATE_TEST_SUITE_P(All, BenchmarkFile, testing::ValuesIn(benchmark_names), [](const auto& about) {
  std::string name(about.param);
  for (char& c : name)
    if (c == '/' || c == '-') c = '_';
  return name;
});

TEST(Vrplib, TwentyThousandCustomersLoadInUnderASecond) {
  TEMPERA_NEEDS_BENCHMARK("vrp/Arnold/Flanders1.vrp");
  const double before = core::process_cpu_seconds();
  const RoutingInstance in = read_vrplib(tests::benchmark_file("vrp/Arnold/Flanders1.vrp"));
  EXPECT_LT(core::process_cpu_seconds() - before, 1.0);
  EXPECT_EQ(in.customers(), 20000);
  EXPECT_TRUE(in.matrix.empty());
  RecordProperty("cpu_seconds", std::to_string(core::process_cpu_seconds() - before));
}

}  // namespace
}  // namespace tempera::instances
