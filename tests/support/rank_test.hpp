// For tests that run on several ranks: the world, and assertions that all ranks decide alike.
#pragma once

#include <gtest/gtest.h>

#include "mpi/comm/session.hpp"

namespace tempera::tests {

/// The session of this test binary, made by rank_main.
comm::Session& session();

/// The next message with this tag; others are kept for later calls.
comm::Envelope receive(int tag);

/// True when `here` is true on every rank. Collective.
bool all_ranks(bool here);

}  // namespace tempera::tests

/// Ends the test on every rank when the condition fails on one: a plain ASSERT on one rank would leave the others waiting.
#define ASSERT_ALL_RANKS(condition)                                                          \
  do {                                                                                       \
    const bool tempera_here = (condition);                                                   \
    if (!tempera_here) ADD_FAILURE() << #condition << " is false on this rank";              \
    if (!::tempera::tests::all_ranks(tempera_here)) {                                        \
      if (tempera_here) ADD_FAILURE() << #condition << " is false on another rank";          \
      return;                                                                                \
    }                                                                                        \
  } while (false)
