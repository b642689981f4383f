// Messages as bytes: control fields as a Boost.Serialization binary archive, arrays raw behind it.
//
//   [u64 archive bytes][archive][u64 values][raw values] ...   little-endian machines only, as MPI_BYTE is anyway
#pragma once

#include <boost/archive/binary_iarchive.hpp>
#include <boost/archive/binary_oarchive.hpp>
#include <boost/serialization/string.hpp>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <exception>
#include <span>
#include <streambuf>
#include <string>
#include <type_traits>
#include <vector>

#include "solvers/core/error.hpp"

namespace tempera::comm {

using Bytes = std::vector<std::byte>;
using ByteView = std::span<const std::byte>;

namespace detail {
/// Appends to a vector; a stringstream would copy everything twice.
class VectorSink final : public std::streambuf {
 public:
  explicit VectorSink(Bytes& bytes) : bytes_(bytes) {}

 protected:
  int_type overflow(int_type c) override;
  std::streamsize xsputn(const char* data, std::streamsize size) override;

 private:
  Bytes& bytes_;
};

/// Reads a span in place.
class SpanSource final : public std::streambuf {
 public:
  explicit SpanSource(ByteView bytes);
};

void append_raw(Bytes& bytes, const void* data, std::size_t size);
/// Takes `size` bytes off the front. @throws DataError when there are fewer
ByteView take_raw(ByteView& bytes, std::size_t size);
std::uint64_t take_count(ByteView& bytes, std::size_t value_size);
[[noreturn]] void refuse(const std::string& reason);

template <class T>
void append_array(Bytes& bytes, const std::vector<T>& values) {
  static_assert(std::is_arithmetic_v<T>);
  const std::uint64_t count = values.size();
  append_raw(bytes, &count, sizeof count);
  append_raw(bytes, values.data(), values.size() * sizeof(T));
}

template <class T>
void take_array(ByteView& bytes, std::vector<T>& values) {
  const std::uint64_t count = take_count(bytes, sizeof(T));
  values.resize(count);
  const ByteView raw = take_raw(bytes, count * sizeof(T));
  if (count > 0) std::memcpy(values.data(), raw.data(), raw.size());
}
}  // namespace detail

inline constexpr unsigned archive_flags = boost::archive::no_header;

/// One message of a serialisable header and any number of raw arrays.
template <class Header, class... T>
Bytes pack(const Header& header, const std::vector<T>&... arrays) {
  Bytes bytes(sizeof(std::uint64_t));
  bytes.reserve(256 + (std::size_t{0} + ... + (arrays.size() * sizeof(T) + sizeof(std::uint64_t))));
  {
    detail::VectorSink sink(bytes);
    boost::archive::binary_oarchive archive(sink, archive_flags);
    archive << header;
  }
  const std::uint64_t archived = bytes.size() - sizeof(std::uint64_t);
  std::memcpy(bytes.data(), &archived, sizeof archived);
  (detail::append_array(bytes, arrays), ...);
  return bytes;
}

/// Reverses `pack` with the same types. @throws DataError when the bytes are truncated, too many, or not such a message.
template <class Header, class... T>
void unpack(ByteView bytes, Header& header, std::vector<T>&... arrays) {
  const std::uint64_t archived = detail::take_count(bytes, 1);
  detail::SpanSource source(detail::take_raw(bytes, archived));
  try {
    boost::archive::binary_iarchive archive(source, archive_flags);
    archive >> header;
  } catch (const std::exception& error) {
    detail::refuse(error.what());
  }
  (detail::take_array(bytes, arrays), ...);
  if (!bytes.empty()) detail::refuse(std::to_string(bytes.size()) + " bytes too many");
}

}  // namespace tempera::comm
