// The pages in a real browser: it has nothing to say against them, and shows the numbers of the result.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>

#include "io/report/charts.hpp"
#include "io/report/numbers.hpp"
#include "tests/support/tempera.hpp"

namespace tempera::tests {
namespace {

namespace fs = std::filesystem;
const fs::path examples = fs::path(TEMPERA_SOURCE_DIR) / "jobs/examples";

std::optional<fs::path> chromium() {
  std::istringstream folders(std::getenv("PATH") ? std::getenv("PATH") : "");
  for (std::string folder; std::getline(folders, folder, ':');)
    if (fs::exists(fs::path(folder) / "chromium")) return fs::path(folder) / "chromium";
  return std::nullopt;
}

class Browser : public ::testing::Test {
 protected:
  void SetUp() override {
    program_ = chromium();
    if (program_) return;
    GTEST_SKIP() << "chromium is not installed, so the pages were not tried in a browser. To install it: jobs/setup --tests";
  }

  // The page as the browser understood it.
  std::string shown(const fs::path& page, std::string& console) {
    const Finished finished = run({program_->string(), "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir=" + (folder_ / "profile").string(), "--enable-logging=stderr", "--dump-dom",
                                   "file://" + page.string()}, {});
    EXPECT_EQ(finished.exit_code, 0) << finished.err;
    std::istringstream lines(finished.err);
    for (std::string line; std::getline(lines, line);)
      if (line.find(":CONSOLE") != std::string::npos) console += line + "\n";
    return finished.out;
  }

  std::optional<fs::path> program_;
  TemporaryFolder folder_;
};

TEST_F(Browser, FindsNothingToSayAboutAReportAndShowsItsNumbers) {
  const std::string out = (folder_ / "run").string();
  const Finished solved = tempera({"solve", (examples / "peak_day.json").string(), "--iterations", "50000", "--out", out, "--output", "json"}, 2);
  const nlohmann::json result = json_of(solved);
  ASSERT_EQ(tempera({"report", out}).exit_code, 0);
  std::string console;
  const std::string page = shown(fs::path(out) / "report.html", console);
  EXPECT_EQ(console, "");
  for (const char* key : {"baseline", "candidate"}) EXPECT_NE(page.find("<td>" + report::grouped(result[key]["cost"].get<double>(), 3) + "</td>"), std::string::npos) << key;
  EXPECT_NE(page.find("<b>" + report::grouped(result["objective"]["cost"].get<double>(), 3) + "</b>"), std::string::npos);
  EXPECT_NE(page.find("<svg class=\"map\""), std::string::npos);
  // The charts are live where the program was built with uPlot, and hold the numbers of the result.
  const bool live = !report::chart_texts().library_version.empty();
  EXPECT_EQ(page.find("class=\"uplot") != std::string::npos, live) << "uPlot drew";
  const std::string opening = "<script type=\"application/json\">";
  const auto first = page.find(opening);
  ASSERT_NE(first, std::string::npos);
  const nlohmann::json data = nlohmann::json::parse(page.substr(first + opening.size(), page.find("</script>", first) - first - opening.size()));
  const nlohmann::json& trace = result["candidate"]["trace"];
  ASSERT_EQ(data["series"][0]["y"].size(), trace.size() + 2) << "before the trace the control, behind it the end of the run";
  EXPECT_EQ(data["series"][0]["y"][0], result["baseline"]["cost"]);
  for (std::size_t k = 0; k < trace.size(); ++k) {
    EXPECT_EQ(data["series"][0]["y"][k + 1], trace[k]["cost"]);
    EXPECT_EQ(data["series"][0]["x"][k + 1], trace[k]["seconds"]);
  }
}

// The map under wheel, mouse, keys, buttons and filter: a script of the test works it and writes down what is then seen. The test takes the page's policy
// out to let that script in; what the page itself runs is the same.
TEST_F(Browser, TheMapZoomsTowardsThePointerAndMoves) {
  const std::string out = (folder_ / "run").string();
  ASSERT_EQ(tempera({"solve", (examples / "peak_day.json").string(), "--iterations", "2000", "--out", out}).exit_code, 0);
  ASSERT_EQ(tempera({"report", out}).exit_code, 0);
  std::string page = content_of(fs::path(out) / "report.html");
  const auto policy = page.find("<meta http-equiv=\"Content-Security-Policy\"");
  page.erase(policy, page.find('>', policy) + 1 - policy);
  page.insert(page.rfind("</body>"), R"html(<pre id="seen"></pre><script>
    const frame = document.querySelector(".window"), map = frame.querySelector(".map"), said = {};
    const see = (name) => { const b = map.viewBox.baseVal; said[name] = [b.x, b.y, b.width, b.height]; };
    const at = (x, y) => { const m = map.getScreenCTM(); return { clientX: m.a * x + m.e, clientY: m.d * y + m.f, bubbles: true, cancelable: true }; };
    const key = (name) => frame.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true }));
    const pointer = (kind, place) => frame.dispatchEvent(new PointerEvent(kind, { ...place, pointerId: 1, pointerType: "mouse", button: 0, buttons: 1 }));
    see("whole");
    said.scrolls = frame.dispatchEvent(new WheelEvent("wheel", { ...at(300, 200), deltaY: 100 }));
    see("still_whole");
    const before = at(300, 200);
    said.taken = !frame.dispatchEvent(new WheelEvent("wheel", { ...before, deltaY: -240 }));
    frame.dispatchEvent(new WheelEvent("wheel", { ...before, deltaY: -240 }));
    see("near");
    const after = at(300, 200);
    said.stays = Math.hypot(after.clientX - before.clientX, after.clientY - before.clientY);
    pointer("pointerdown", at(300, 200));
    pointer("pointermove", at(280, 190));
    pointer("pointerup", at(280, 190));
    pointer("pointermove", at(0, 0));
    see("dragged");
    key("ArrowRight");
    see("right");
    key("0");
    see("zero");
    key("+");
    see("plus");
    [...document.querySelectorAll(".buttons button")].find((b) => b.textContent === "Show all").click();
    see("reset");
    const field = document.getElementById("route-filter");
    field.value = "2";
    field.dispatchEvent(new Event("input"));
    see("filtered");
    said.shown = document.querySelectorAll(".map g[id]:not(.out)").length;
    const b = document.getElementById("r2").getBBox();
    said.route = [b.x, b.y, b.width, b.height];
    document.getElementById("seen").textContent = JSON.stringify(said);
  </script>)html");
  std::ofstream(folder_ / "worked.html") << page;
  std::string console;
  const std::string dom = shown(folder_ / "worked.html", console);
  EXPECT_EQ(console, "");
  const std::string opening = "<pre id=\"seen\">";
  const auto first = dom.find(opening);
  ASSERT_NE(first, std::string::npos);
  const nlohmann::json said = nlohmann::json::parse(dom.substr(first + opening.size(), dom.find("</pre>", first) - first - opening.size()));
  const auto box = [&](const char* name) { return said[name].get<std::vector<double>>(); };
  const std::vector<double> whole = box("whole"), near = box("near"), dragged = box("dragged"), route = box("route"), filtered = box("filtered");
  EXPECT_EQ(said["scrolls"], true) << "nothing to zoom out of: the page scrolls";
  EXPECT_EQ(box("still_whole"), whole);
  EXPECT_EQ(said["taken"], true);
  EXPECT_LT(near[2], 0.6 * whole[2]);
  EXPECT_LT(said["stays"].get<double>(), 0.5) << "the place under the pointer";
  EXPECT_NEAR(dragged[0], near[0] + 20, 0.5);
  EXPECT_NEAR(dragged[1], near[1] + 10, 0.5);
  EXPECT_NEAR(box("right")[0], dragged[0] + near[2] / 8, 0.5);
  EXPECT_EQ(box("zero"), whole);
  EXPECT_NEAR(box("plus")[2], 0.8 * whole[2], 0.01);
  EXPECT_EQ(box("reset"), whole);
  EXPECT_EQ(said["shown"], 1);
  EXPECT_LE(filtered[0], route[0] + 0.01);
  EXPECT_GE(filtered[0] + filtered[2], route[0] + route[2] - 0.01);
  EXPECT_LE(filtered[1], route[1] + 0.01);
  EXPECT_GE(filtered[1] + filtered[3], route[1] + route[3] - 0.01);
}

// The control: the policy names this script alone, so one that was changed does not run.
TEST_F(Browser, RefusesAPageWhoseScriptWasChanged) {
  const std::string out = (folder_ / "run").string();
  ASSERT_EQ(tempera({"solve", (examples / "one_region.json").string(), "--iterations", "2000", "--out", out}).exit_code, 0);
  ASSERT_EQ(tempera({"report", out}).exit_code, 0);
  std::string page = content_of(fs::path(out) / "report.html");
  const auto at = page.find("\"use strict\"");
  ASSERT_NE(at, std::string::npos);
  page.insert(at, "/*changed*/");
  std::ofstream(folder_ / "changed.html") << page;
  std::string console;
  EXPECT_EQ(shown(folder_ / "changed.html", console).find("class=\"uplot"), std::string::npos);
  EXPECT_NE(console.find("Content Security Policy"), std::string::npos) << console;
}

TEST_F(Browser, FindsNothingToSayAboutAComparison) {
  const std::string page = (folder_ / "comparison.html").string();
  const nlohmann::json result = json_of(tempera({"compare", (examples / "peak_day.json").string(), "--seeds", "2", "--iterations", "5000", "--out", (folder_ / "runs").string(),
                                                 "--html", page, "--output", "json"}));
  std::string console;
  const std::string seen = shown(page, console);
  EXPECT_EQ(console, "");
  for (const nlohmann::json& solver : result["solvers"])
    EXPECT_NE(seen.find("<td>" + report::grouped(solver["mean"].get<double>(), 3) + "</td>"), std::string::npos) << solver["solver"];
}

// The control: what the tests above would see if a page asked for something that its policy forbids.
TEST_F(Browser, SaysWhenAPageBreaksItsPolicy) {
  std::ofstream(folder_ / "bad.html") << "<!DOCTYPE html><html><head><meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'\"></head><body><script>1</script></body></html>";
  std::string console;
  shown(folder_ / "bad.html", console);
  EXPECT_NE(console.find("Content Security Policy"), std::string::npos) << console;
}

}  // namespace
}  // namespace tempera::tests
