// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <thread>
#include <torc/torc.hpp>
#include <vector>

/// Tests of several nodes: all ranks run the same tests in the same order, and each of them is a session, or several.
/// Only node 0 looks at what came out; what a task body on another node finds, it returns.
namespace tests {

/// Runs `main` as the primary task on node 0; the status, which is the same everywhere.
template <class Main>
int status_on_nodes(torc::options given, Main&& main) {
  given.stats = 0;
  torc::init(given);
  const int launched = torc::launch(main);
  const int closed = torc::shutdown();
  EXPECT_EQ(launched, closed);
  return closed;
}

/// The same for a main that leaves no failure behind.
template <class Main>
void on_nodes(const torc::options& given, Main&& main) {
  EXPECT_EQ(status_on_nodes(given, main), 0);
}

/// Without stealing, with it; with 1 and 2 workers a node.
template <class Main>
void on_all_kinds_of_nodes(Main&& main) {
  for (const int workers : {1, 2}) {
    for (const bool stealing : {false, true}) {
      SCOPED_TRACE(std::to_string(workers) + " workers, stealing " + (stealing ? "on" : "off"));
      on_nodes(torc::options{.workers = workers, .stealing = stealing}, main);
    }
  }
}

/// Occupies its worker.
inline void sleep_ms(int duration) { std::this_thread::sleep_for(std::chrono::milliseconds(duration)); }

}  // namespace tests
