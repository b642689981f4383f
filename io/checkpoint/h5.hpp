// HDF5 for the layout in record_layout.hpp: a writer, a reader and a digester with one interface, so that one list of
// fields serves all three. Every HDF5 return code is checked; handles close themselves.
#pragma once

#include <hdf5.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace tempera::checkpoint::h5 {

/// Owns an HDF5 identifier.
class Handle {
 public:
  using Close = herr_t (*)(hid_t);
  /// @throws DataError "<path>: cannot <what>: <HDF5's text>" when `id` is negative
  Handle(hid_t id, Close closer, const std::filesystem::path& path, std::string_view what);
  ~Handle() { if (id_ >= 0) close_(id_); }
  Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, -1)), close_(other.close_) {}
  Handle& operator=(Handle&&) = delete;
  hid_t get() const { return id_; }
  /// Closes now and checks the result, which the destructor cannot.
  void close(const std::filesystem::path& path);

 private:
  hid_t id_;
  Close close_;
};

/// The memory and file type of a number.
template <class T>
hid_t native_type() {
  if constexpr (std::is_same_v<T, double>) return H5T_NATIVE_DOUBLE;
  else if constexpr (std::is_same_v<T, std::int64_t>) return H5T_NATIVE_INT64;
  else if constexpr (std::is_same_v<T, std::uint64_t>) return H5T_NATIVE_UINT64;
  else if constexpr (std::is_same_v<T, std::int32_t>) return H5T_NATIVE_INT32;
  else {
    static_assert(std::is_same_v<T, std::uint32_t>);
    return H5T_NATIVE_UINT32;
  }
}

/// Writes groups, attributes and chunked, checksummed (fletcher32) datasets, in memory: HDF5 1.10 crashes when the program
/// ends after a close that failed for want of disk space, so the library never writes to a disk here.
class Writer {
 public:
  static constexpr bool reading = false;

  /// @param path  what the file will be, for messages
  explicit Writer(const std::filesystem::path& path);

  template <class Fields>
  void group(const char* name, Fields fields) {
    stack_.push_back(create_group(name));
    fields();
    stack_.pop_back();
  }
  template <class T>
  void attribute(const char* name, const T& value) {
    if constexpr (std::is_same_v<T, std::string>) write_text(name, value);
    else write_number(name, native_type<T>(), &value);
  }
  template <class T>
  void dataset(const char* name, const std::vector<T>& values, const char* unit) {
    write_array(name, native_type<T>(), values.data(), values.size(), unit);
  }
  void texts(const char* name, const std::vector<std::string>& values);
  /// Flushes and closes, with every code checked. @returns the bytes of the whole file
  std::string finish();

 private:
  hid_t here() const { return stack_.back().get(); }
  Handle create_group(const char* name);
  void write_text(const char* name, const std::string& value);
  void write_number(const char* name, hid_t type, const void* value);
  void write_array(const char* name, hid_t type, const void* values, std::size_t count, const char* unit);

  std::filesystem::path path_;
  std::vector<Handle> stack_;  // the file, then the open groups
};

/// Reads what Writer wrote. @throws DataError naming the path and the missing or damaged item.
class Reader {
 public:
  static constexpr bool reading = true;

  explicit Reader(const std::filesystem::path& path);

  template <class Fields>
  void group(const char* name, Fields fields) {
    stack_.push_back(open_group(name));
    fields();
    stack_.pop_back();
  }
  template <class T>
  void attribute(const char* name, T& value) {
    if constexpr (std::is_same_v<T, std::string>) value = read_text(name);
    else read_number(name, native_type<T>(), &value);
  }
  template <class T>
  void dataset(const char* name, std::vector<T>& values, const char*) {
    values.resize(array_size(name));
    read_array(name, native_type<T>(), values.data());
  }
  void texts(const char* name, std::vector<std::string>& values);
  bool has_attribute(const char* name) const;
  bool has_group(const char* name) const;

 private:
  hid_t here() const { return stack_.back().get(); }
  Handle open_group(const char* name);
  Handle open_dataset(const char* name);
  std::string read_text(const char* name);
  void read_number(const char* name, hid_t type, void* value);
  std::size_t array_size(const char* name);
  void read_array(const char* name, hid_t type, void* values);

  std::filesystem::path path_;
  std::vector<Handle> stack_;
};

/// FNV-1a over every field and its name, in layout order.
class Digester {
 public:
  static constexpr bool reading = false;

  template <class Fields>
  void group(const char* name, Fields fields) {
    add(name, std::char_traits<char>::length(name));
    fields();
  }
  template <class T>
  void attribute(const char* name, const T& value) {
    add(name, std::char_traits<char>::length(name));
    if constexpr (std::is_same_v<T, std::string>) add(value.data(), value.size());
    else add(&value, sizeof value);
  }
  template <class T>
  void dataset(const char* name, const std::vector<T>& values, const char*) {
    add(name, std::char_traits<char>::length(name));
    add(values.data(), values.size() * sizeof(T));
  }
  void texts(const char*, const std::vector<std::string>& values) {
    for (const std::string& text : values) add(text.data(), text.size() + 1);
  }
  std::uint64_t value() const { return hash_; }

 private:
  void add(const void* data, std::size_t size);
  std::uint64_t hash_ = 0xcbf29ce484222325ULL;
};

}  // namespace tempera::checkpoint::h5
