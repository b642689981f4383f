// Errors and exit codes: what the user can fix, what the file system did, and what is our own mistake.
#pragma once

#include <stdexcept>
#include <string>

namespace tempera::core {

/// Exit codes of every command; stderr, the JSON status and this code always agree.
enum class ExitCode : int {
  solved = 0,
  our_fault = 1,
  bad_input = 2,
  stopped_early = 3,  ///< a checkpoint was written
  requeue = 75,       ///< sysexits EX_TEMPFAIL: the allocation should run the job again
};

/// The user can fix it. The text says what, where, the value seen and what to do:
/// `peak_week.json /fleet/0/capacity is 0, but customer 311 needs 12. Give at least 12 or remove the customer.`
class UserError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A file or the file system failed; the text holds the path and the errno or HDF5 text.
class DataError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A failed assertion: our mistake. Never caught to go on, only to report.
class LogicError : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

/// Text of `errno` value `code`, for DataError messages.
std::string errno_text(int code);

[[noreturn]] void assertion_failed(const char* expression, const char* file, int line, const std::string& values);

}  // namespace tempera::core

/// Always on. `values` is a std::string naming the values seen, e.g. fmt::format("rank {} cost {}", r, c).
#define TEMPERA_ASSERT(expression, values)                                                        \
  do {                                                                                            \
    if (!(expression)) [[unlikely]]                                                               \
      ::tempera::core::assertion_failed(#expression, __FILE__, __LINE__, (values));               \
  } while (false)

/// For hot loops: checked in the dev and asan presets only.
#ifdef TEMPERA_DEBUG_ASSERTIONS
#define TEMPERA_DEBUG_ASSERT(expression) TEMPERA_ASSERT(expression, std::string())
#else
#define TEMPERA_DEBUG_ASSERT(expression) static_cast<void>(0)
#endif
