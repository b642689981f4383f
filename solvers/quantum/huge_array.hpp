// Large arrays on huge pages.
#pragma once

#include <cstddef>
#include <span>

namespace tempera::quantum {

/// Memory aligned to 2 MiB, on huge pages where the system gives them; not touched, so that the threads that use a part place it.
class HugeMemory {
 public:
  HugeMemory() = default;
  /// @throws std::bad_alloc
  explicit HugeMemory(std::size_t bytes);
  ~HugeMemory();
  HugeMemory(HugeMemory&& other) noexcept;
  HugeMemory& operator=(HugeMemory&& other) noexcept;

  void* data() const { return data_; }
  std::size_t bytes() const { return bytes_; }

 private:
  void* data_ = nullptr;
  std::size_t bytes_ = 0;
};

template <class T>
class HugeArray {
 public:
  HugeArray() = default;
  explicit HugeArray(std::size_t size) : memory_(size * sizeof(T)), size_(size) {}

  T* data() const { return static_cast<T*>(memory_.data()); }
  std::size_t size() const { return size_; }
  T& operator[](std::size_t i) const { return data()[i]; }

 private:
  HugeMemory memory_;
  std::size_t size_ = 0;
};

}  // namespace tempera::quantum
