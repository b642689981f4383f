#include "io/instances/network_txt.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "io/instances/text_file.hpp"
#include "io/instances/text_scan.hpp"

namespace tempera::instances {

namespace {
using model::PlacementNetwork;

class NetworkReader {
 public:
  NetworkReader(std::string_view text, std::string_view source) : lines_(text), source_(source) {}

  PlacementNetwork run() {
    PlacementNetwork network;
    network.name = std::filesystem::path(source_).stem().string();
    heading();
    for (std::int64_t i = 0; i < stages_; ++i) network.stages.push_back(stage(i));
    for (std::int64_t a = 0; a < arcs_; ++a) network.arcs.push_back(arc(a));
    if (next()) fail(fmt::format("more lines than the heading says ({} stages, {} arcs). Correct line 1 or remove this line.", stages_, arcs_));
    model::validate(network, source_);
    return network;
  }

 private:
  [[noreturn]] void fail(const std::string& message) const { fail_at(source_, std::max(lines_.number(), 1), message); }

  bool next() {
    while (lines_.next())
      if (lines_.line().front() != '#') return true;
    return false;
  }

  // The words of the next line; it must have as many as there are names.
  template <std::size_t N>
  std::array<std::string_view, N> words(const std::string& what, const char* form) {
    if (!next()) fail(fmt::format("the file ends where {} should stand (\"{}\"). The heading says {} stages and {} arcs.", what, form, stages_, arcs_));
    std::string_view rest = lines_.line();
    std::array<std::string_view, N> out;
    for (std::string_view& word : out) word = next_word(rest);
    if (out.back().empty() || !trimmed(rest).empty()) fail(fmt::format("{} should read \"{}\", but the line is {}.", what, form, shown(lines_.line())));
    return out;
  }

  void heading() {
    const auto w = words<2>("the heading", "STAGES ARCS");
    const auto stages = to_whole(w[0]), arcs = to_whole(w[1]);
    if (!stages || *stages < 1 || *stages > 10'000'000) fail(fmt::format("the number of stages is {}, but must be a whole number from 1 to 10000000.", shown(w[0])));
    if (!arcs || *arcs < 0 || *arcs > 1'000'000'000) fail(fmt::format("the number of arcs is {}, but must be a whole number from 0 up.", shown(w[1])));
    stages_ = *stages;
    arcs_ = *arcs;
  }

  double number(std::string_view word, const std::string& what) const {
    const auto value = to_number(word);
    if (!value || !std::isfinite(*value)) fail(fmt::format("the {} is {}, which is not a number.", what, shown(word)));
    return *value;
  }

  model::PlacementStage stage(std::int64_t i) {
    const auto w = words<3>(fmt::format("stage {}", i), "LEAD_TIME WEIGHT CAP");
    model::PlacementStage s;
    s.lead_time = number(w[0], fmt::format("lead time of stage {}", i));
    if (s.lead_time < 0) fail(fmt::format("the lead time of stage {} is {}, but must not be negative.", i, w[0]));
    s.holding_cost = number(w[1], fmt::format("weight of stage {}", i));
    if (s.holding_cost < 0) fail(fmt::format("the weight of stage {} is {}, but must not be negative.", i, w[1]));
    s.bound = 1.0;
    const double cap = number(w[2], fmt::format("cap of stage {}", i));
    if (cap < 0 && cap != -1) fail(fmt::format("the cap of stage {} is {}, but must be -1 (none) or a service time from 0 days up.", i, w[2]));
    if (cap >= 0) s.service_limit = cap;
    return s;
  }

  model::PlacementArc arc(std::int64_t a) {
    const auto w = words<2>(fmt::format("arc {}", a + 1), "FROM TO");
    std::array<std::int32_t, 2> ends{};
    for (std::size_t k = 0; k < 2; ++k) {
      const auto end = to_whole(w[k]);
      if (!end || *end < 0 || *end >= stages_)
        fail(fmt::format("arc {} names stage {}, but stages are 0 to {}.", a + 1, shown(w[k]), stages_ - 1));
      ends[k] = static_cast<std::int32_t>(*end);
    }
    if (ends[0] == ends[1]) fail(fmt::format("arc {} leads from stage {} to itself. Remove it.", a + 1, ends[0]));
    if (!seen_.insert({ends[0], ends[1]}).second) fail(fmt::format("the arc {} {} stands twice. Remove one.", ends[0], ends[1]));
    return {ends[0], ends[1], 1.0};
  }

  LineReader lines_;
  std::string_view source_;
  std::int64_t stages_ = 0;
  std::int64_t arcs_ = 0;
  std::set<std::pair<std::int32_t, std::int32_t>> seen_;
};
}  // namespace

PlacementNetwork parse_network_txt(std::string_view text, std::string_view source) { return NetworkReader(text, source).run(); }

PlacementNetwork read_network_txt(const std::filesystem::path& path) { return parse_network_txt(read_text(path), path.string()); }

}  // namespace tempera::instances
