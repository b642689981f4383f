// Arrays on cache lines.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <new>

namespace tempera::qubo {

/// Zero-initialised.
template <class T>
class Aligned {
 public:
  explicit Aligned(std::size_t size) : data_(static_cast<T*>(std::aligned_alloc(64, (size * sizeof(T) + 63) / 64 * 64))) {
    if (!data_) throw std::bad_alloc();
    std::fill_n(data_.get(), size, T{});
  }
  T* get() const { return data_.get(); }
  T& operator[](std::size_t k) const { return data_.get()[k]; }

 private:
  struct Free { void operator()(T* p) const { std::free(p); } };
  std::unique_ptr<T, Free> data_;
};

}  // namespace tempera::qubo
