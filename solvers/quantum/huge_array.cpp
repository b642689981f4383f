#include "solvers/quantum/huge_array.hpp"

#include <sys/mman.h>

#include <cstdlib>
#include <new>
#include <utility>

namespace tempera::quantum {

HugeMemory::HugeMemory(std::size_t bytes) {
  constexpr std::size_t page = std::size_t{2} << 20;
  const std::size_t alignment = bytes < page ? 4096 : page;  // small states are many and short-lived
  const std::size_t whole = (bytes + alignment - 1) / alignment * alignment;
  data_ = std::aligned_alloc(alignment, whole);
  if (!data_) throw std::bad_alloc();
  bytes_ = bytes;
#ifdef MADV_HUGEPAGE
  if (alignment == page) madvise(data_, whole, MADV_HUGEPAGE);  // a hint: refused, the pages are small and the run slower
#endif
}

HugeMemory::~HugeMemory() { std::free(data_); }

HugeMemory::HugeMemory(HugeMemory&& other) noexcept : data_(std::exchange(other.data_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}

HugeMemory& HugeMemory::operator=(HugeMemory&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(bytes_, other.bytes_);
  return *this;
}

}  // namespace tempera::quantum
