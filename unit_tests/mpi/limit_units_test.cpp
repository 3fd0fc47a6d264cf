// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <torc/torc.hpp>

#include "unit_tests/mpi/on_nodes.hpp"
#include "unit_tests/torc/stopping.hpp"

/// Which node has the units of a limit.
namespace {

using tests::on_nodes;

/// Of what bodies on several nodes of one host tell each other while they hold their workers.
std::string note(const std::string& name) {
  return std::filesystem::temp_directory_path() / ("torc_limits_" + name + std::to_string(::getpid()));
}
bool has_been_left(const std::string& path) { return std::ifstream(path).good(); }
void leave(const std::string& path) { std::ofstream(path) << "here"; }

// A node whose only worker runs a body has no use for a unit: the bodies of its host space need that worker too.
TEST(limit_units, are_no_more_on_a_node_than_its_workers_can_use) {
  bool is_alone = false;
  for (const bool stealing : {false, true}) {
    on_nodes({.workers = 1, .stealing = stealing, .primary = torc::primary_place::thread}, [&] {
      is_alone = torc::num_nodes() == 1;
      if (is_alone) return;
      torc::set_limit("licence", 2);
      const int holder = (torc::num_nodes() - 1) / 2 * 2;  // those of even numbers have the space
      const std::string begun = note("begun");
      const std::string may_end = note("may_end");
      const auto holds = [](const std::string& mine, const std::string& awaited) {
        leave(mine);
        while (!has_been_left(awaited)) std::this_thread::yield();
      };
      const torc::task_options there{.worker = holder, .pinned = true, .limit = "licence"};
      const auto first = torc::submit(there, holds, begun, may_end);
      const auto second = torc::submit(there, holds, begun, may_end);
      while (!has_been_left(begun)) std::this_thread::yield();
      torc::submit({.worker = 1, .pinned = true, .limit = "licence"}, leave, may_end).result();
      first.result();
      second.result();
      std::filesystem::remove(begun);
      std::filesystem::remove(may_end);
    });
  }
  if (is_alone) GTEST_SKIP() << "a node alone gives its units itself";
}

TEST(limit_units, are_asked_for_no_more_when_the_session_is_stopped) {
  const auto main = [] {
    torc::set_limit("licence", 1);
    std::atomic<bool> has_unit{false};
    std::atomic<bool> is_to_end{false};
    const auto holder = torc::submit({.worker = 0, .pinned = true, .limit = "licence"}, torc::local([&] {
                                       has_unit = true;
                                       while (!is_to_end) std::this_thread::yield();
                                     }));
    while (!has_unit) std::this_thread::yield();
    const auto asks = torc::submit({.worker = 1, .pinned = true, .limit = "licence"}, torc::local([] {}));
    torc::submit({.worker = 1, .pinned = true}, torc::local([] {})).result();  // the other one was taken before
    tests::stop_by(SIGTERM);
    EXPECT_THROW(asks.result(), torc::stopped_error);
    is_to_end = true;
    holder.result();
  };
  EXPECT_EQ(tests::status_on_nodes({.workers = 2, .primary = torc::primary_place::thread}, main), 128 + SIGTERM);
}

}  // namespace
