// Whether this build is slowed down tenfold by the sanitizers, for tests that bound time.
#pragma once

namespace tempera::tests {

#ifdef __SANITIZE_ADDRESS__
inline constexpr bool sanitized = true;
#else
inline constexpr bool sanitized = false;
#endif

}  // namespace tempera::tests
