#include "mpi/comm/archives.hpp"

namespace tempera::comm::detail {

VectorSink::int_type VectorSink::overflow(int_type c) {
  if (traits_type::eq_int_type(c, traits_type::eof())) return traits_type::not_eof(c);
  bytes_.push_back(static_cast<std::byte>(c));
  return c;
}

std::streamsize VectorSink::xsputn(const char* data, std::streamsize size) {
  append_raw(bytes_, data, static_cast<std::size_t>(size));
  return size;
}

SpanSource::SpanSource(ByteView bytes) {
  // The get area is never written to: streambuf only has no const flavour.
  char* begin = const_cast<char*>(reinterpret_cast<const char*>(bytes.data()));
  setg(begin, begin, begin + bytes.size());
}

void append_raw(Bytes& bytes, const void* data, std::size_t size) {
  const auto* first = static_cast<const std::byte*>(data);
  bytes.insert(bytes.end(), first, first + size);
}

ByteView take_raw(ByteView& bytes, std::size_t size) {
  if (size > bytes.size()) refuse("it ends early");
  const ByteView taken = bytes.first(size);
  bytes = bytes.subspan(size);
  return taken;
}

std::uint64_t take_count(ByteView& bytes, std::size_t value_size) {
  std::uint64_t count = 0;
  std::memcpy(&count, take_raw(bytes, sizeof count).data(), sizeof count);
  if (count > bytes.size() / value_size) refuse("it ends early");
  return count;
}

void refuse(const std::string& reason) { throw core::DataError("a message between ranks cannot be read: " + reason); }

}  // namespace tempera::comm::detail
