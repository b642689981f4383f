#include "tests/support/tempera.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>

namespace tempera::tests {

Words tempera_words(const Words& arguments, int ranks) {
  Words words;
  if (ranks > 0) {
    words = {TEMPERA_MPIEXEC, "-n", std::to_string(ranks)};
    std::istringstream flags(TEMPERA_MPIEXEC_FLAGS);
    words.insert(words.end(), std::istream_iterator<std::string>(flags), {});
  }
  words.emplace_back(TEMPERA_PROGRAM);
  words.insert(words.end(), arguments.begin(), arguments.end());
  return words;
}

Finished tempera(const Words& arguments, int ranks, ProcessSettings settings) {
  if (ranks > 0) settings.environment.emplace_back("ASAN_OPTIONS=detect_leaks=0");  // Open MPI leaks by itself
  return run(tempera_words(arguments, ranks), settings);
}

nlohmann::json json_of(const Finished& finished) {
  nlohmann::json value = nlohmann::json::parse(finished.out, nullptr, false);
  if (value.is_discarded()) ADD_FAILURE() << "stdout is not one JSON value:\n" << finished.out << "\nstderr:\n" << finished.err;
  return value;
}

std::string content_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) ADD_FAILURE() << file << " cannot be read";
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::vector<std::string> own_lines(const Finished& finished) {
  std::vector<std::string> lines;
  std::istringstream text(finished.err);
  for (std::string line; std::getline(text, line);)
    if (line.starts_with("tempera: ")) lines.push_back(line);
  return lines;
}

std::string generated(const TemporaryFolder& folder, int customers, int seed) {
  const std::string path = (folder / ("n" + std::to_string(customers) + ".vrp")).string();
  const Finished made = tempera({"generate", "--customers", std::to_string(customers), "--positions", "random-clustered", "--route-size", std::to_string(std::min(customers, 10)), "--seed",
                                 std::to_string(seed), "--out", path, "--output", "quiet"});
  EXPECT_EQ(made.exit_code, 0) << made.err;
  return path;
}

}  // namespace tempera::tests
