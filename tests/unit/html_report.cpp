#include "io/report/html_report.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "io/report/charts.hpp"
#include "solvers/core/random.hpp"

namespace tempera::report {
namespace {

struct Sample {
  model::RunRecord record;
  MapData map;
};

// Routes of twenty stops over random places.
Sample sample(int customers) {
  Sample s;
  core::RandomStream random({.seed = 1, .domain = core::tests});
  for (int k = 0; k <= customers; ++k) {
    s.map.places.push_back({random.uniform() * 1e5, random.uniform() * 1e5});
    s.map.demand.push_back(1);
  }
  s.map.capacity = 20;
  for (int k = 1; k <= customers; ++k) {
    s.record.incumbent.ints.push_back(k);
    if (k % 20 == 0 || k == customers) s.record.incumbent.ints.push_back(0);
  }
  s.record.problem_name = "<b>\"peak\" & 'season'</b>";
  s.record.problem_size = customers;
  s.record.incumbent.cost = 9000;
  s.record.baseline.answer = s.record.incumbent;
  s.record.baseline.answer.cost = 10000;
  s.record.baseline.method = "savings";
  s.record.served_by = "annealer";
  s.record.status = model::RunStatus::solved;
  for (int k = 1; k <= 200; ++k) s.record.trace.push_back({.iterations = 1, .round = 0, .cost = 10000 - 5.0 * k, .temperature = 1, .seconds = 0.1 * k});
  s.record.timings.assign(16, {.rank = 1, .host = "node", .annealing = 1, .waiting = 0, .communicating = 0, .writing = 0, .iterations = 5, .tasks = 1});
  s.record.swaps = {{10, 10}, {3, 4}, 2};
  return s;
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++found;
  return found;
}

// The page without its own script and style, whose hashes the policy names; a browser test sees that they are the right ones.
std::string without_own_texts(std::string page) {
  for (const std::string tag : {"script", "style"}) {
    const auto first = page.find("<" + tag + ">"), last = page.find("</" + tag + ">");
    if (first == std::string::npos || last == std::string::npos) return "no " + tag;
    page.erase(first, last - first);
  }
  return page;
}

TEST(HtmlReport, LoadsNothingAndRunsItsOwnScriptAlone) {
  const Sample s = sample(100);
  const std::string page = html_report(s.record, s.map), rest = without_own_texts(page);
  EXPECT_NE(page.find("content=\"default-src 'none'; style-src 'sha256-"), std::string::npos);
  EXPECT_EQ(count(page, "<script>"), 1u);
  for (const char* part : {"<script>", "<script src", "http:", "https:", " src=", " style=", "@import", "url(", "onclick", "unsafe-inline"}) EXPECT_EQ(rest.find(part), std::string::npos) << part;
  const ChartTexts texts = chart_texts();
  if (texts.library_version.empty()) GTEST_SKIP() << "built without npm, so without uPlot";
  EXPECT_NE(texts.library_licence.find("Permission is hereby granted, free of charge"), std::string::npos);
  EXPECT_NE(page.find(texts.library_licence), std::string::npos) << "the licence travels with what it covers";
  EXPECT_NE(page.find(texts.library_script), std::string::npos);
}

TEST(HtmlReport, NoNameEndsADataBlock) {
  const Series series{"</script><b>", {{0, 1}, {2, 3.25}}};
  const std::string text = chart(std::span(&series, 1), {}, "x", "what");
  EXPECT_EQ(count(text, "</script>"), 1u);
  EXPECT_NE(text.find("\"name\":\"\\u003c/script>"), std::string::npos) << text;
  EXPECT_NE(text.find("\"x\":[0.0,2.0],\"y\":[1.0,3.25]"), std::string::npos) << text;
}

TEST(HtmlReport, WhatUsersNamedIsNeverMarkup) {
  const Sample s = sample(20);
  const std::string page = html_report(s.record, s.map);
  EXPECT_EQ(page.find("<b>\"peak\""), std::string::npos);
  EXPECT_GE(count(page, "&lt;b&gt;&quot;peak&quot; &amp; &#39;season&#39;&lt;/b&gt;"), 2u);
  EXPECT_EQ(escaped("a\nb\x01"), "a b ");
}

TEST(HtmlReport, SaysWhatIsServedAndWhy) {
  Sample s = sample(20);
  EXPECT_NE(html_report(s.record, s.map).find("The <b>candidate</b> is served: the referee found it feasible and 10.00 % better"), std::string::npos);
  s.record.withheld = "shadow: only recorded";
  const std::string page = html_report(s.record, s.map);
  EXPECT_NE(page.find("The <b>control</b> is served: shadow: only recorded."), std::string::npos);
  EXPECT_NE(page.find("<b>10,000</b><small>by the baseline</small>"), std::string::npos) << "the served cost";
}

TEST(HtmlReport, SaysWhatTheRefereeRefused) {
  Sample s = sample(20);
  EXPECT_NE(html_report(s.record, s.map).find("<th scope=\"row\">feasible</th><td>yes</td><td>yes</td>"), std::string::npos);
  s.record.judgement = {false, "route 2 carries 30 > 20"};
  EXPECT_NE(html_report(s.record, s.map).find("<th scope=\"row\">feasible</th><td>yes</td><td>no: route 2 carries 30 &gt; 20</td>"), std::string::npos);
}

TEST(HtmlReport, TellsHowNearTheAnswerComesToItsLimits) {
  Sample s = sample(20);
  const std::string page = html_report(s.record, s.map, {{"load of a <van>", "20 at most", "fullest 20"}});
  EXPECT_NE(page.find("finds every limit kept"), std::string::npos);
  EXPECT_NE(page.find("<td>load of a &lt;van&gt;</td><td>20 at most</td><td>fullest 20</td>"), std::string::npos);
}

TEST(HtmlReport, NamesTheVariablesThatAreOne) {
  Sample s = sample(20);
  s.record.problem_type = "qubo";
  s.record.plan_tables.variables = {"soap", "<tea>", "mugs"};
  s.record.incumbent.ints = {0, 1, 1, 1};
  EXPECT_NE(html_report(s.record, std::nullopt).find("<p>2 of 3</p><p>&lt;tea&gt;, mugs</p>"), std::string::npos) << "slack variables have no name";
}

TEST(HtmlReport, ShowsSeedsCandidatesAndEveryRanksCurve) {
  Sample s = sample(20);
  EXPECT_EQ(html_report(s.record, s.map).find("Independent seeds"), std::string::npos);
  s.record.seeds = {{1, 9000}, {2, 9010}, {3, 9500}};
  s.record.candidates = {s.record.incumbent, s.record.incumbent};
  s.record.candidates[1].cost = 9010;
  s.record.rank_trace = {{0, 1, 9900}, {1, 2, 9700}, {0, 3, 9000}};
  const std::string page = html_report(s.record, s.map);
  EXPECT_NE(page.find("<span>seeds that agree</span><b>2 of 3</b><small>21 % to 94 % would (95 %)</small>"), std::string::npos);
  EXPECT_NE(page.find("<tr><td>2</td><td>9,010</td><td>-9.90 %</td><td>1</td></tr>"), std::string::npos);
  EXPECT_EQ(count(page, "class=\"series c"), 3u) << "the incumbent's, and one per rank";
  EXPECT_NE(page.find("rank 1</span>"), std::string::npos);
}

TEST(HtmlReport, HasOneGroupPerRouteAndALinkToEach) {
  const Sample s = sample(105);
  const std::string page = html_report(s.record, s.map);
  EXPECT_EQ(count(page, "<g id=\"r"), 6u);
  for (int r = 1; r <= 6; ++r) {
    EXPECT_EQ(count(page, "<g id=\"r" + std::to_string(r) + "\""), 1u);
    EXPECT_EQ(count(page, "href=\"#r" + std::to_string(r) + "\""), 1u);
  }
}

TEST(HtmlReport, ListsEveryRouteHoweverMany) {
  const Sample s = sample(10'000);
  EXPECT_EQ(count(html_report(s.record, s.map), "<tr data-route="), 500u);
}

TEST(HtmlReport, StaysSmall) {
  const Sample small = sample(1000), large = sample(100'000);
  if (chart_texts().library_version.empty()) GTEST_SKIP() << "built without npm, so without uPlot: the pages are smaller than they can be";
  EXPECT_LT(html_report(small.record, small.map).size(), 150'000u);
  EXPECT_LT(html_report(large.record, large.map).size(), 3'000'000u);
}

TEST(HtmlReport, DoesWithoutMapTraceAndRanks) {
  Sample s = sample(20);
  s.record.trace.clear();
  s.record.timings.clear();
  s.record.swaps = {};
  EXPECT_NE(html_report(s.record, std::nullopt).find("No map: the instance"), std::string::npos);
  s.record.problem_type = "inventory_placement";
  EXPECT_EQ(html_report(s.record, std::nullopt).find("No map"), std::string::npos);
}

TEST(Svg, DegenerateInputGivesFiniteNumbers) {
  const std::array one{Series{"one", {{0.0, 5.0}}}};
  const std::array levels{Level{"same", 5, "control"}, Level{"far", 1e9, "known"}};
  const std::string picture = chart(one, levels, "seconds", "cost");
  const std::array<model::Point, 3> same{{{2, 2}, {2, 2}, {2, 2}}};
  const std::array<std::int32_t, 4> routes{1, 0, 2, 0};
  for (const std::string& svg : {picture, route_map(same, routes)}) {
    EXPECT_EQ(svg.find("nan"), std::string::npos) << svg;
    EXPECT_EQ(svg.find("inf"), std::string::npos) << svg;
  }
  EXPECT_NE(picture.find("same"), std::string::npos);
  EXPECT_EQ(picture.find("far"), std::string::npos) << "a level far away would flatten the curve";
}

}  // namespace
}  // namespace tempera::report
