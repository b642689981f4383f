#include "io/checkpoint/backtest_file.hpp"

#include <fmt/format.h>

#include "io/checkpoint/h5.hpp"
#include "io/checkpoint/seal.hpp"
#include "solvers/core/atomic_file.hpp"
#include "solvers/core/error.hpp"

namespace tempera::checkpoint {

namespace {
// One list of fields for writer and reader.
template <class File, class Record>
void fields(File& file, Record& record, std::string& format, std::int32_t& version) {
  file.attribute("format", format);
  file.group("backtest", [&] {
    file.attribute("version", version);
    file.attribute("name", record.name);
    file.attribute("command_line", record.command_line);
    file.attribute("nodes", record.nodes);
    file.attribute("lanes", record.lanes);
    file.attribute("periods", record.periods);
    file.attribute("warm_up", record.warm_up);
    file.attribute("scenarios", record.scenarios);
    file.attribute("seed", record.seed);
    file.texts("policies", record.policies);
    file.dataset("scenario_cost", record.scenario_cost, "money per period; policy by policy, scenario by scenario");
    file.group("figures", [&] {
      for (auto& figure : record.figures) file.dataset(figure.name.c_str(), figure.values, figure.unit.c_str());
    });
  });
}
const std::string format_name = "tempera-backtest";
constexpr std::int32_t current_version = 1;
}  // namespace

void write_backtest(const std::filesystem::path& path, const BacktestRecord& record) {
  h5::Writer file(path);
  std::string format = format_name;
  std::int32_t version = current_version;
  fields(file, record, format, version);
  core::write_text_atomically(path, sealed(file.finish()));
}

BacktestRecord read_backtest(const std::filesystem::path& path, const std::vector<std::string>& figures) {
  check_seal(path);
  h5::Reader file(path);
  BacktestRecord record;
  for (const std::string& name : figures) record.figures.push_back({.name = name, .unit = {}, .values = {}});
  std::string format;
  std::int32_t version = 0;
  fields(file, record, format, version);
  if (format != format_name || version != current_version)
    throw core::DataError(fmt::format("{}: holds {} version {}, not {} version {}.", path.string(), format, version, format_name, current_version));
  return record;
}

}  // namespace tempera::checkpoint
