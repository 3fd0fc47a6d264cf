// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/sched/state.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <string>
#include <thread>
#include <torc/torc.hpp>
#include <vector>

#include "unit_tests/torc/in_session.hpp"
#include "unit_tests/torc/state_looks.hpp"

namespace {

using namespace tests;  // NOLINT(google-build-using-namespace): all that state_looks.hpp names

TEST(state, a_wait_names_the_body_that_is_stuck) {
  tests::on_workers(3, [] {
    tests::signal may_end;
    const auto waiting = torc::submit(on_worker(1, "waiting"), torc::local([&] {
                                        torc::submit(on_worker(2, "stuck"), torc::local([&] { may_end.block(); }));
                                        torc::wait();
                                      }));
    const state found = look_until(
        [](const state& s) { return find_suspended(s, "waiting") != nullptr && runs(s, "worker 2", "stuck"); });
    may_end.raise();
    waiting.result();
    const suspended_state& one = *find_suspended(found, "waiting");
    EXPECT_EQ(one.thread, "worker 1");
    EXPECT_EQ(one.waits_for, wait_kind::children);
    EXPECT_FALSE(one.is_ready);
    EXPECT_EQ(one.num_missing, 1U);
    ASSERT_EQ(one.missing.size(), 1U);
    EXPECT_EQ(torc::task::name_of(one.missing.front().task), "stuck");
    EXPECT_EQ(one.missing.front().where, awaited_task::place::runs);
    EXPECT_EQ(one.missing.front().thread, "worker 2");
    EXPECT_TRUE(found.has_open_tasks());
  });
}

TEST(state, a_list_of_futures_tells_those_that_are_not_done) {
  tests::on_workers(3, [] {
    tests::signal has_begun;
    tests::signal may_end;
    const auto waiting = torc::submit(on_worker(1, "waiting"), torc::local([&] {
                                        std::vector<torc::future<void>> all;
                                        all.push_back(torc::submit(on_worker(0, "brief"), torc::local([] {})));
                                        all.push_back(torc::submit(on_worker(2, "stuck"), torc::local([&] {
                                                                     has_begun.raise();
                                                                     may_end.block();
                                                                   })));
                                        has_begun.block();
                                        all.push_back(torc::submit(on_worker(2, "behind"), torc::local([] {})));
                                        torc::wait(all);
                                      }));
    state found;
    std::thread looks([&] {
      found = look_until([](const state& s) {
        const suspended_state* const one = find_suspended(s, "waiting");
        return one != nullptr && one->num_missing == 2 && runs(s, "worker 2", "stuck");
      });
      may_end.raise();
    });
    waiting.result();
    looks.join();
    const suspended_state& one = *find_suspended(found, "waiting");
    EXPECT_EQ(one.waits_for, wait_kind::futures);
    ASSERT_EQ(one.missing.size(), 2U);
    EXPECT_EQ(one.missing[0].where, awaited_task::place::runs);
    EXPECT_EQ(torc::task::name_of(one.missing[1].task), "behind");
    EXPECT_EQ(one.missing[1].where, awaited_task::place::queued);
    const worker_state& stuck = *find_worker(found, "worker 2");
    EXPECT_EQ(stuck.pinned.size, 1U);
    ASSERT_EQ(stuck.pinned.first.size(), 1U);
    EXPECT_EQ(torc::task::name_of(stuck.pinned.first.front()), "behind");
  });
}

TEST(state, what_could_go_on_but_for_its_worker_is_ready) {
  tests::on_workers(2, [] {
    tests::signal is_suspended;
    tests::signal may_end;
    const auto child = torc::submit(on_worker(0, "child"), torc::local([&] { is_suspended.block(); }));
    const auto waiting = torc::submit(on_worker(1, "waiting"), torc::local([&] { child.result(); }));
    const auto stuck = torc::submit(on_worker(1, "stuck"), torc::local([&] { may_end.block(); }));
    std::thread looks([&] {
      look_until([](const state& s) { return runs(s, "worker 1", "stuck"); });
      is_suspended.raise();
      look_until([](const state& s) {
        const suspended_state* const one = find_suspended(s, "waiting");
        return one != nullptr && one->is_ready;
      });
      may_end.raise();
    });
    waiting.result();
    looks.join();
    stuck.result();
  });
}

TEST(state, tells_what_waits_for_a_limit) {
  tests::on_workers(3, [] {
    torc::set_limit("licence", 1);
    tests::signal may_end;
    const auto licensed = [](int worker, const char* name) {
      torc::task_options made = on_worker(worker, name);
      made.limit = "licence";
      return made;
    };
    const auto first = torc::submit(licensed(1, "first"), torc::local([&] { may_end.block(); }));
    look_until([](const state& s) { return runs(s, "worker 1", "first"); });
    const auto second = torc::submit(licensed(2, "second"), torc::local([] {}));
    const state found =
        look_until([](const state& s) { return !s.limits.empty() && s.limits.front().waiting.size == 1; });
    may_end.raise();
    first.result();
    second.result();
    EXPECT_EQ(found.limits.front().name, "licence");
    EXPECT_EQ(found.limits.front().capacity, 1);
    EXPECT_EQ(found.limits.front().in_use, 1);
    ASSERT_EQ(found.limits.front().waiting.first.size(), 1U);
    EXPECT_EQ(torc::task::name_of(found.limits.front().waiting.first.front()), "second");
  });
}

TEST(state, tells_what_waits_for_cores) {
  tests::on_workers(3, [] {
    tests::signal may_end;
    const auto stuck = torc::submit(on_worker(1, "stuck"), torc::local([&] { may_end.block(); }));
    look_until([](const state& s) { return runs(s, "worker 1", "stuck"); });
    const auto wide = torc::submit(torc::task_options{.name = "wide", .cores = 3}, torc::local([] {}));
    const state found = look_until([](const state& s) { return !s.gangs.empty() && s.gangs.front().joined == 2; });
    may_end.raise();
    wide.result();
    stuck.result();
    EXPECT_EQ(torc::task::name_of(found.gangs.front().task), "wide");
    EXPECT_EQ(found.gangs.front().cores, 3);
  });
}

/// Begun and open, without the primary task.
std::ptrdiff_t num_bodies(const state& found) {
  return std::count_if(found.workers.begin(), found.workers.end(),
                       [](const auto& one) { return one.doing == worker_state::activity::runs && !one.is_primary; }) +
         std::count_if(found.suspended.begin(), found.suspended.end(), [](const auto& one) { return !one.is_primary; });
}

TEST(state, bodies_that_only_poll_leave_the_hash_as_it_is) {
  tests::on_workers(2, [] {
    std::atomic<bool> may_end{false};
    std::atomic<int> num_polls{0};
    const auto never = torc::submit(on_worker(1, "never"), torc::local([&] {
                                      while (!may_end) std::this_thread::yield();
                                    }));
    std::thread looks([&] {
      while (num_polls < 10) std::this_thread::yield();
      look_until([](const state& s) { return num_bodies(s) == 2; });
      const pulse before = pulse_here();
      const int polls = num_polls;
      while (num_polls < polls + 1000) std::this_thread::yield();
      // A look may meet a body that is about to leave its worker.
      while (pulse_here() != before) std::this_thread::yield();
      may_end = true;
      while (pulse_here().bodies_hash == before.bodies_hash) std::this_thread::yield();
    });
    torc::submit(on_worker(0, "polls"), torc::local([&] {
                   while (!may_end) {
                     try {
                       never.result(std::chrono::seconds(0));
                     } catch (const torc::timeout_error&) {
                     }
                     ++num_polls;
                   }
                 }))
        .result();
    looks.join();
    never.result();
  });
}

int fib(int n) {
  if (n < 2) return n;
  const auto left = torc::submit(fib, n - 1);
  const auto right = torc::submit(fib, n - 2);
  return left.result() + right.result();
}

TEST(state, may_be_asked_at_any_moment) {
  tests::on_1_2_and_4_workers([] {
    std::atomic<bool> is_over{false};
    std::uint64_t num_looks = 0;
    std::thread asks([&] {
      for (; !is_over || num_looks == 0; ++num_looks) look();
    });
    for (int i = 0; i < 20; ++i) {
      const auto some = torc::submit(fib, 12);
      std::vector<torc::future<void>> more;
      for (int k = 0; k < 50; ++k)
        more.push_back(torc::submit(torc::task_options{.priority = static_cast<double>(k)}, torc::local([] {
                                      torc::submit(fib, 3);
                                      torc::wait();
                                    })));
      for (int k = 0; k < 50; k += 2) more[static_cast<std::size_t>(k)].cancel();
      EXPECT_EQ(some.result(), 144);
      torc::wait();
    }
    is_over = true;
    asks.join();
    EXPECT_GT(num_looks, 0U);
  });
}

}  // namespace
