#include "jobs/app/versions.hpp"

#include <CLI/Version.hpp>
#include <boost/version.hpp>
#include <fmt/format.h>
#include <spdlog/version.h>

#include <nlohmann/json.hpp>

#include "io/checkpoint/library_version.hpp"
#include "io/report/charts.hpp"
#include "mpi/comm/session.hpp"

namespace tempera::app {

std::vector<std::pair<std::string, std::string>> library_versions() {
  return {{"MPI", comm::mpi_version()},
          {"HDF5", checkpoint::hdf5_version()},
          {"Boost", fmt::format("{}.{}.{}", BOOST_VERSION / 100000, BOOST_VERSION / 100 % 1000, BOOST_VERSION % 100)},
          {"CLI11", CLI11_VERSION},
          {"fmt", fmt::format("{}.{}.{}", FMT_VERSION / 10000, FMT_VERSION / 100 % 100, FMT_VERSION % 100)},
          {"spdlog", fmt::format("{}.{}.{}", SPDLOG_VER_MAJOR, SPDLOG_VER_MINOR, SPDLOG_VER_PATCH)},
          {"nlohmann_json", fmt::format("{}.{}.{}", NLOHMANN_JSON_VERSION_MAJOR, NLOHMANN_JSON_VERSION_MINOR, NLOHMANN_JSON_VERSION_PATCH)},
          {"charts", report::chart_library_name()}};
}

std::string library_versions_text() {
  std::string text;
  for (const auto& [name, version] : library_versions()) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name, version);
  return text;
}

}  // namespace tempera::app
