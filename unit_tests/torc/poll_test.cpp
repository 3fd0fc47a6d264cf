// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <torc/torc.hpp>
#include <vector>

#include "unit_tests/torc/in_session.hpp"

/// Calls that wait with no time left, on the one worker that could run what they ask for.
namespace {

using namespace std::chrono_literals;
using tests::on_workers;
using tests::on_workers_with_main;

/// More polls than any of these tests needs; without an end a test would hang.
constexpr int many_polls = 1'000;

/// How often it was called before it said true.
template <class IsOver>
int polls_until(IsOver is_over) {
  int polls = 0;
  while (polls < many_polls && !is_over()) ++polls;
  return polls;
}

bool is_there(const std::function<void()>& ask) {
  try {
    ask();
    return true;
  } catch (const torc::timeout_error&) {
    return false;
  }
}

TEST(poll, each_call_runs_at_most_one_queued_task) {
  on_workers_with_main(1, [] {
    int num_run = 0;
    std::vector<torc::future<void>> futures;
    for (int i = 0; i < 4; ++i) futures.push_back(torc::submit(torc::local([&num_run] { ++num_run; })));
    for (int polls = 1; polls <= 4; ++polls) {
      torc::wait(futures, 0s);
      EXPECT_EQ(num_run, polls);
    }
    EXPECT_TRUE(torc::wait(futures, 0s).not_done.empty());
  });
}

TEST(poll, each_way_of_asking_lets_the_task_run) {
  const std::vector<std::function<void(const torc::future<int>&)>> ways = {
      [](const torc::future<int>& f) { EXPECT_EQ(f.result(0s), 7); },
      [](const torc::future<int>& f) { EXPECT_EQ(f.exception(0s), nullptr); },
      [](const torc::future<int>& f) {
        for (const auto& done : torc::as_completed(std::vector{f}, 0s)) EXPECT_EQ(done.result(), 7);
      },
  };
  for (const auto& ask : ways) {
    on_workers_with_main(1, [&] {
      const auto poll = [&] {
        const torc::future<int> f = torc::submit(torc::local([] { return 7; }));
        EXPECT_LT(polls_until([&] { return is_there([&] { ask(f); }); }), many_polls);
      };
      poll();
      torc::submit(torc::local(poll)).result();
    });
  }
}

TEST(poll, a_task_that_is_run_by_a_poll_goes_on_after_its_wait) {
  on_workers_with_main(1, [] {
    const auto f = torc::submit(torc::local([] {
      const auto inner = torc::submit({.worker = 0, .pinned = true}, torc::local([] { return 1; }));
      return inner.result() + 1;
    }));
    std::vector<torc::future<int>> list{f};
    EXPECT_LT(polls_until([&] { return torc::wait(list, 0s).not_done.empty(); }), many_polls);
    EXPECT_EQ(f.result(), 2);
  });
}

TEST(poll, tasks_that_poll_for_each_other_and_for_what_is_queued_all_go_on) {
  on_workers_with_main(1, [] {
    // Each polls for the next one; the last is still queued when the first two poll in turn.
    constexpr std::size_t length = 4;
    std::vector<torc::future<int>> chain;
    for (std::size_t i = 0; i < length; ++i) {
      chain.push_back(torc::submit(torc::local([&chain, i] {
        return i + 1 == length ? 0 : polls_until([&] { return is_there([&] { chain[i + 1].result(0s); }); });
      })));
    }
    torc::wait();
    for (const auto& polls : chain) EXPECT_LT(polls.result(), many_polls);
  });
}

TEST(poll, a_body_with_all_cores_polls_for_its_child) {
  on_workers(2, [] {
    const auto polls = torc::submit({.cores = 2}, torc::local([] {
                                      const auto child = torc::submit(torc::local([] {}));
                                      return polls_until([&] { return is_there([&] { child.result(0s); }); });
                                    }));
    EXPECT_LT(polls.result(), many_polls);
  });
}

}  // namespace
