// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/sched/watch/running.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <semaphore>
#include <string>
#include <thread>
#include <torc/torc.hpp>
#include <vector>

#include "core/runtime/current.hpp"
#include "unit_tests/torc/in_session.hpp"

namespace {

torc::sched::running_bodies& running() { return torc::runtime::running_scheduler("test").running(); }

/// Those of that name.
std::vector<torc::sched::running_body> look_for(const std::string& task) {
  auto found = running().look();
  std::erase_if(found, [&](const auto& body) { return body.task != task; });
  return found;
}

TEST(running, bodies_are_told_with_their_workers) {
  tests::in_session({.workers = 2}, [] {
    std::binary_semaphore has_begun{0};
    std::binary_semaphore may_end{0};
    const auto held = torc::submit(torc::task_options{.worker = 1, .pinned = true, .name = "held"}, torc::local([&] {
                                     has_begun.release();
                                     may_end.acquire();
                                   }));
    has_begun.acquire();
    const auto first = look_for("held");
    ASSERT_EQ(first.size(), 1U);
    EXPECT_EQ(first.front().thread, "worker 1");
    EXPECT_FALSE(first.front().is_primary);
    const auto second = look_for("held");
    ASSERT_EQ(second.size(), 1U);
    EXPECT_GT(second.front().age, first.front().age);
    const auto all = running().look();
    EXPECT_EQ(std::count_if(all.begin(), all.end(), [](const auto& body) { return body.is_primary; }), 1);
    may_end.release();
    held.result();
    EXPECT_TRUE(look_for("held").empty());
  });
}

TEST(running, a_body_that_waits_is_not_told) {
  tests::in_session({.workers = 2}, [] {
    std::vector<torc::sched::running_body> seen;
    const auto outer = torc::submit(torc::task_options{.worker = 1, .pinned = true, .name = "outer"}, torc::local([&] {
                                      torc::submit(torc::task_options{.worker = 0, .pinned = true}, torc::local([&] {
                                                     // What waits has suspended, or is about to.
                                                     while (!look_for("outer").empty()) std::this_thread::yield();
                                                     seen = look_for("outer");
                                                   }))
                                          .result();
                                    }));
    outer.result();
    EXPECT_TRUE(seen.empty());
  });
}

TEST(running, may_be_asked_at_any_moment) {
  tests::in_session({.workers = 3}, [] {
    constexpr std::size_t enough_letters = 20000;
    std::atomic<std::size_t> seen{0};
    std::atomic<bool> is_over{false};
    std::thread asker([&] {
      while (!is_over.load()) {
        for (const auto& body : running().look()) seen += body.task.size();
      }
    });
    while (seen.load() < enough_letters) {
      for (int i = 0; i < 50; ++i) {
        torc::submit(
            torc::task_options{.name = "a name that is too long to be kept within a string"},
            [](int x) { return torc::submit(tests::square, x).result(); }, i);
      }
      torc::wait();
    }
    is_over.store(true);
    asker.join();
  });
}

}  // namespace
