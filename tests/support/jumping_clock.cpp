// Preloaded into a program under test: the time of day leaps an hour back and forth every second; the steady clock is left alone.
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

namespace {
time_t leap() {
  timespec steady{};
  syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &steady);
  return steady.tv_sec % 2 == 0 ? 3600 : -3600;
}
}  // namespace

extern "C" int clock_gettime(clockid_t clock, timespec* now) noexcept {
  const auto failed = static_cast<int>(syscall(SYS_clock_gettime, clock, now));
  if (failed == 0 && clock == CLOCK_REALTIME) now->tv_sec += leap();
  return failed;
}

extern "C" int gettimeofday(timeval* now, void*) noexcept {
  timespec day{};
  clock_gettime(CLOCK_REALTIME, &day);
  *now = {.tv_sec = day.tv_sec, .tv_usec = day.tv_nsec / 1000};
  return 0;
}

extern "C" time_t time(time_t* now) noexcept {
  timespec day{};
  clock_gettime(CLOCK_REALTIME, &day);
  if (now != nullptr) *now = day.tv_sec;
  return day.tv_sec;
}
