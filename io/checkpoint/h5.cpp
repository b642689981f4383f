#include "io/checkpoint/h5.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "io/checkpoint/library_version.hpp"
#include "solvers/core/error.hpp"

namespace tempera::checkpoint::h5 {

namespace {
// HDF5 prints its error stack by itself; here it becomes the text of an exception instead.
void silence() {
  static const bool done = H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr) >= 0;
  static_cast<void>(done);
}

// The message where the error arose; the outer ones only repeat which calls were under way.
std::string innermost_message() {
  std::string text;
  const auto take = [](unsigned, const H5E_error2_t* entry, void* out) -> herr_t {
    std::string& first = *static_cast<std::string*>(out);
    if (first.empty() && entry->desc) first = entry->desc;
    return 0;
  };
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, take, &text);
  return text.empty() ? "no reason given" : text;
}

[[noreturn]] void fail(const std::filesystem::path& path, std::string_view what) {
  std::string reason = innermost_message();
  H5Eclear2(H5E_DEFAULT);
  if (reason.find("lock") != std::string::npos)
    reason += ". Another process has the file open; on NFS or Lustre set HDF5_USE_FILE_LOCKING=FALSE";
  throw core::DataError(fmt::format("{}: cannot {}: {}.", path.string(), what, reason));
}

void check(herr_t code, const std::filesystem::path& path, std::string_view what) {
  if (code < 0) fail(path, what);
}

// One checksum per chunk; small enough that a short dataset is not padded much, large enough for long ones.
constexpr hsize_t largest_chunk = 65536;
}  // namespace

Handle::Handle(hid_t id, Close closer, const std::filesystem::path& path, std::string_view what) : id_(id), close_(closer) {
  if (id < 0) fail(path, what);
}

void Handle::close(const std::filesystem::path& path) {
  check(close_(std::exchange(id_, -1)), path, "close");
}

// ------------------------------------------------------------------------------------------------------------ Writer

Writer::Writer(const std::filesystem::path& path) : path_(path) {
  silence();
  const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, path, "create file properties");
  constexpr std::size_t grow_by = std::size_t{1} << 20;
  check(H5Pset_fapl_core(access.get(), grow_by, false), path, "write in memory");
  stack_.emplace_back(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access.get()), H5Fclose, path, "create");
}

Handle Writer::create_group(const char* name) {
  return {H5Gcreate2(here(), name, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), H5Gclose, path_, fmt::format("create group {}", name)};
}

void Writer::write_text(const char* name, const std::string& value) {
  const Handle type(H5Tcopy(H5T_C_S1), H5Tclose, path_, "copy a type");
  check(H5Tset_size(type.get(), std::max<std::size_t>(1, value.size())), path_, "set a text size");
  check(H5Tset_cset(type.get(), H5T_CSET_UTF8), path_, "set a text encoding");
  check(H5Tset_strpad(type.get(), H5T_STR_NULLPAD), path_, "set a text padding");
  write_number(name, type.get(), value.empty() ? "" : value.data());
}

void Writer::write_number(const char* name, hid_t type, const void* value) {
  const Handle space(H5Screate(H5S_SCALAR), H5Sclose, path_, "create a scalar");
  const Handle attribute(H5Acreate2(here(), name, type, space.get(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose, path_, fmt::format("create attribute {}", name));
  check(H5Awrite(attribute.get(), type, value), path_, fmt::format("write attribute {}", name));
}

void Writer::write_array(const char* name, hid_t type, const void* values, std::size_t count, const char* unit) {
  const hsize_t size = count;
  const Handle space(H5Screate_simple(1, &size, nullptr), H5Sclose, path_, "create a data space");
  const Handle creation(H5Pcreate(H5P_DATASET_CREATE), H5Pclose, path_, "create dataset properties");
  if (count > 0) {
    const hsize_t chunk = std::min<hsize_t>(size, largest_chunk);
    check(H5Pset_chunk(creation.get(), 1, &chunk), path_, "set chunks");
    check(H5Pset_fletcher32(creation.get()), path_, "set checksums");
  }
  Handle dataset(H5Dcreate2(here(), name, type, space.get(), H5P_DEFAULT, creation.get(), H5P_DEFAULT), H5Dclose, path_, fmt::format("create dataset {}", name));
  if (count > 0) check(H5Dwrite(dataset.get(), type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values), path_, fmt::format("write dataset {}", name));
  stack_.push_back(std::move(dataset));
  write_text("unit", unit);
  stack_.back().close(path_);
  stack_.pop_back();
}

void Writer::texts(const char* name, const std::vector<std::string>& values) {
  std::size_t longest = 1;
  for (const std::string& text : values) longest = std::max(longest, text.size());
  std::string padded(longest * values.size(), '\0');
  for (std::size_t k = 0; k < values.size(); ++k) values[k].copy(padded.data() + k * longest, longest);
  const Handle type(H5Tcopy(H5T_C_S1), H5Tclose, path_, "copy a type");
  check(H5Tset_size(type.get(), longest), path_, "set a text size");
  check(H5Tset_cset(type.get(), H5T_CSET_UTF8), path_, "set a text encoding");
  check(H5Tset_strpad(type.get(), H5T_STR_NULLPAD), path_, "set a text padding");
  write_array(name, type.get(), padded.data(), values.size(), "text");
}

std::string Writer::finish() {
  check(H5Fflush(here(), H5F_SCOPE_GLOBAL), path_, "flush");
  const ssize_t size = H5Fget_file_image(here(), nullptr, 0);
  if (size < 0) fail(path_, "measure");
  std::string bytes(static_cast<std::size_t>(size), '\0');
  if (H5Fget_file_image(here(), bytes.data(), bytes.size()) != size) fail(path_, "copy");
  stack_.back().close(path_);
  stack_.pop_back();
  return bytes;
}

// ------------------------------------------------------------------------------------------------------------ Reader

Reader::Reader(const std::filesystem::path& path) : path_(path) {
  silence();
  stack_.emplace_back(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose, path, "open (truncated or damaged)");
}

Handle Reader::open_group(const char* name) {
  return {H5Gopen2(here(), name, H5P_DEFAULT), H5Gclose, path_, fmt::format("open group {}", name)};
}

Handle Reader::open_dataset(const char* name) {
  return {H5Dopen2(here(), name, H5P_DEFAULT), H5Dclose, path_, fmt::format("open dataset {}", name)};
}

bool Reader::has_attribute(const char* name) const { return H5Aexists(here(), name) > 0; }

bool Reader::has_group(const char* name) const { return H5Lexists(here(), name, H5P_DEFAULT) > 0; }

std::string Reader::read_text(const char* name) {
  const Handle attribute(H5Aopen(here(), name, H5P_DEFAULT), H5Aclose, path_, fmt::format("open attribute {}", name));
  const Handle type(H5Aget_type(attribute.get()), H5Tclose, path_, fmt::format("read the type of attribute {}", name));
  if (H5Tget_class(type.get()) != H5T_STRING || H5Tis_variable_str(type.get()) > 0)
    throw core::DataError(fmt::format("{}: attribute {} is not a text of fixed length.", path_.string(), name));
  std::string value(H5Tget_size(type.get()), '\0');
  check(H5Aread(attribute.get(), type.get(), value.data()), path_, fmt::format("read attribute {}", name));
  value.resize(std::min(value.size(), value.find_last_not_of('\0') + 1));
  return value;
}

void Reader::read_number(const char* name, hid_t type, void* value) {
  const Handle attribute(H5Aopen(here(), name, H5P_DEFAULT), H5Aclose, path_, fmt::format("open attribute {}", name));
  const Handle space(H5Aget_space(attribute.get()), H5Sclose, path_, "read a data space");
  if (H5Sget_simple_extent_npoints(space.get()) != 1) throw core::DataError(fmt::format("{}: attribute {} is not a single number.", path_.string(), name));
  check(H5Aread(attribute.get(), type, value), path_, fmt::format("read attribute {}", name));
}

std::size_t Reader::array_size(const char* name) {
  const Handle dataset = open_dataset(name);
  const Handle space(H5Dget_space(dataset.get()), H5Sclose, path_, "read a data space");
  const hssize_t points = H5Sget_simple_extent_npoints(space.get());
  const auto most = static_cast<hssize_t>(std::filesystem::file_size(path_));  // a damaged size must not ask for all memory
  if (H5Sget_simple_extent_ndims(space.get()) != 1 || points < 0 || points > most)
    throw core::DataError(fmt::format("{}: dataset {} is damaged: it is not a list.", path_.string(), name));
  return static_cast<std::size_t>(points);
}

void Reader::read_array(const char* name, hid_t type, void* values) {
  const Handle dataset = open_dataset(name);
  check(H5Dread(dataset.get(), type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values), path_, fmt::format("read dataset {}", name));
}

void Reader::texts(const char* name, std::vector<std::string>& values) {
  const std::size_t count = array_size(name);
  const Handle dataset = open_dataset(name);
  const Handle type(H5Dget_type(dataset.get()), H5Tclose, path_, "read a type");
  if (H5Tget_class(type.get()) != H5T_STRING) throw core::DataError(fmt::format("{}: dataset {} does not hold texts.", path_.string(), name));
  const std::size_t width = H5Tget_size(type.get());
  if (width == 0 || width > (std::size_t{1} << 20)) throw core::DataError(fmt::format("{}: dataset {} is damaged: texts of {} bytes.", path_.string(), name, width));
  std::string padded(width * count, '\0');
  if (count > 0) check(H5Dread(dataset.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, padded.data()), path_, fmt::format("read dataset {}", name));
  values.clear();
  for (std::size_t k = 0; k < count; ++k) {
    std::string text = padded.substr(k * width, width);
    text.resize(std::min(text.size(), text.find_last_not_of('\0') + 1));
    values.push_back(std::move(text));
  }
}

// ---------------------------------------------------------------------------------------------------------- Digester

void Digester::add(const void* data, std::size_t size) {
  const auto* bytes = static_cast<const unsigned char*>(data);
  std::uint64_t hash = (hash_ ^ size) * 0x100000001b3ULL;
  for (std::size_t k = 0; k < size; ++k) hash = (hash ^ bytes[k]) * 0x100000001b3ULL;
  hash_ = hash;
}

}  // namespace tempera::checkpoint::h5

namespace tempera::checkpoint {

std::string hdf5_version() {
  unsigned major = 0, minor = 0, release = 0;
  H5get_libversion(&major, &minor, &release);
  return fmt::format("{}.{}.{}", major, minor, release);
}

}  // namespace tempera::checkpoint
