#include "io/checkpoint/run_file.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "io/checkpoint/h5.hpp"
#include "io/checkpoint/record_layout.hpp"
#include "io/checkpoint/seal.hpp"
#include "solvers/core/atomic_file.hpp"
#include "solvers/core/error.hpp"

namespace tempera::checkpoint {

namespace {
std::uint64_t digest_of(const model::RunRecord& record) {
  h5::Digester digester;
  whole_record(digester, record);
  return digester.value();
}

std::string file_image(const std::filesystem::path& path, const model::RunRecord& record, std::uint64_t digest) {
  h5::Writer file(path);
  file.attribute("format", std::string(format_name));
  file.attribute("format_version", format_version);
  file.attribute("software", std::string("tempera"));
  file.attribute("software_version", record.software_version);
  file.attribute("libraries", record.libraries);
  file.attribute("date", record.created_utc);
  file.attribute("host", record.host);
  file.attribute("command_line", record.command_line);
  file.attribute("seed", record.seed);
  file.attribute("ranks", record.ranks);
  file.attribute("state_digest", digest);
  whole_record(file, record);
  return file.finish();
}

void read_format(h5::Reader& file, const std::filesystem::path& path) {
  std::string format;
  if (file.has_attribute("format")) file.attribute("format", format);
  if (format != format_name) throw core::DataError(fmt::format("{}: an HDF5 file, but not a Tempera run (its format is '{}').", path.string(), format));
  std::uint32_t version = 0;
  file.attribute("format_version", version);
  if (version != format_version)
    throw core::DataError(fmt::format("{}: written in format version {}, this program reads version {}. Solve again, or go on with the program that wrote it.", path.string(), version, format_version));
}
// Gives the current file its second name before it loses the first: at every moment a whole generation has a name.
void keep_as(const std::filesystem::path& current, const std::filesystem::path& previous) {
  std::error_code error;
  if (!std::filesystem::exists(current, error)) return;
  const std::filesystem::path link = previous.parent_path() / fmt::format(".{}.{}.tmp", previous.filename().string(), ::getpid());
  std::filesystem::remove(link, error);
  std::filesystem::create_hard_link(current, link, error);
  if (error) std::filesystem::rename(current, previous, error);  // no hard links here: for a moment only the previous name is there
  else std::filesystem::rename(link, previous, error);
  if (error) throw core::DataError(fmt::format("{}: cannot keep the previous generation: {}.", previous.string(), error.message()));
}
}  // namespace

void write_record(const std::filesystem::path& path, const model::RunRecord& record, const std::filesystem::path& previous) {
  core::AtomicReplacement replacement(path);
  replacement.write(sealed(file_image(path, record, digest_of(record))));
  try {
    read_record(replacement.temporary());  // what is kept was seen to be readable
  } catch (const core::DataError& error) {
    throw core::DataError(fmt::format("{}: not written, the previous file stays: {}", path.string(), error.what()));
  }
  replacement.sync();
  if (!previous.empty()) keep_as(path, previous);
  replacement.commit();
}

void CheckpointJournal::checkpoint(const model::RunRecord& record) {
  known_sound_ = known_sound_ || !why_invalid(file_);
  write_record(file_, record, known_sound_ ? previous_ : std::filesystem::path());
  known_sound_ = true;
}

model::RunRecord read_record(const std::filesystem::path& path) {
  check_seal(path);
  h5::Reader file(path);
  read_format(file, path);
  std::uint64_t written = 0;
  file.attribute("state_digest", written);
  model::RunRecord record;
  try {
    whole_record(file, record);
  } catch (const core::DataError&) {
    throw;
  } catch (const std::exception& error) {  // a damaged size: no memory, no such length
    throw core::DataError(fmt::format("{}: damaged: {}.", path.string(), error.what()));
  }
  if (digest_of(record) != written) throw core::DataError(fmt::format("{}: damaged: its digest does not fit what it holds.", path.string()));
  return record;
}

std::optional<std::string> why_invalid(const std::filesystem::path& path) {
  try {
    read_record(path);
    return std::nullopt;
  } catch (const core::DataError& error) {
    return error.what();
  }
}

}  // namespace tempera::checkpoint
