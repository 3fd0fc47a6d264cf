// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/sched/scheduler.hpp"
#include "core/sched/worker/scopes.hpp"
#include "core/sched/worker/worker.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <thread>
#include <torc/torc.hpp>
#include <type_traits>
#include <vector>

#include "core/base/clock.hpp"
#include "core/runtime/current.hpp"
#include "core/sched/worker/completion.hpp"
#include "unit_tests/torc/in_session.hpp"

/// Corners of the life of tasks, through the public API.
namespace {

using tests::counted;
using tests::on_workers;
using tests::on_workers_with_main;
using torc::detail::record;
using torc::sched::scheduler;

void nothing() {}

TEST(scheduler, a_continuation_that_was_cancelled_may_outlive_the_task_that_asked_for_it) {
  on_workers_with_main(1, [] {
    const auto late = torc::submit(torc::local([] { return 1; }));
    bool is_cancelled = false;
    torc::submit({.priority = 1.0}, torc::local([&] { is_cancelled = late.then([](int) {}).cancel(); })).result();
    EXPECT_TRUE(is_cancelled);
    // Its record is still among what waits for `late`; its parent is gone.
    EXPECT_EQ(late.result(), 1);
  });
}

TEST(scheduler, a_worker_is_idle_until_its_thread_runs) {
  scheduler node{{.num_workers = 2}};
  const auto begun_ns = torc::base::now_ns();
  while (torc::base::now_ns() == begun_ns) {
  }
  EXPECT_GT(node.worker_at(1).totals().idle_ns, 0U);
}

TEST(scheduler, a_body_with_cores_lends_its_helpers_out_while_its_children_wait) {
  on_workers(2, [] {
    const auto grandchild_of_helper = torc::local([] {
      const auto child = torc::local(
          [] { return torc::submit({.worker = 1, .pinned = true}, torc::local([] { return 5; })).result(); });
      const auto second = torc::local(
          [] { return torc::submit({.worker = 0, .pinned = true}, torc::local([] { return 6; })).result(); });
      const auto a = torc::submit(child);
      const auto b = torc::submit(second);
      torc::wait();
      return a.result() + b.result();
    });
    EXPECT_EQ(torc::submit({.cores = 2}, grandchild_of_helper).result(), 11);
  });
}

TEST(scheduler, a_session_ends_though_workers_stand_by_for_a_cancelled_task) {
  for (int round = 0; round < 50; ++round) {
    on_workers_with_main(2, [round] {
      const auto f = torc::submit({.cores = 2}, nothing);
      // The other worker has come to it, or not. On a busy machine a yield takes milliseconds.
      const auto until = torc::base::now() + std::chrono::microseconds(10 * round);
      while (torc::base::now() < until) std::this_thread::yield();
      EXPECT_TRUE(f.cancel());
    });
  }
}

TEST(scheduler, has_a_surplus_only_where_no_limit_is_used_up) {
  on_workers(1, [] {
    torc::set_limit("licence", 2);
    const auto body = [](tests::signal* begun, const tests::signal* over) {
      begun->raise();
      over->block();
    };
    tests::signal begun;
    tests::signal over;
    for (int i = 0; i < 3; ++i) torc::submit({.limit = "licence"}, torc::local(body), &begun, &over);
    begun.block();
    const scheduler& node = torc::runtime::running_scheduler("test");
    EXPECT_EQ(node.surplus(), 2);
    torc::set_limit("licence", 1);
    EXPECT_EQ(node.surplus(), 0);
    over.raise();
    torc::wait();
  });
}

/// Else a task that an idle worker is about to take would count as one that waits in vain.
TEST(scheduler, knows_how_many_workers_of_a_node_alone_are_idle) {
  on_workers(2, [] {
    const scheduler& node = torc::runtime::running_scheduler("test");
    while (node.num_idle() != 2) std::this_thread::yield();
    tests::signal over;
    torc::submit(torc::local([&over] { over.block(); }));
    while (node.num_idle() != 1) std::this_thread::yield();
    over.raise();
    torc::wait();
  });
}

TEST(scheduler, frees_cancelled_tasks_that_still_wait_for_a_limit_at_the_end) {
  on_workers_with_main(1, [] {
    torc::set_limit("licence", 1);
    // The others come to the limit while this one holds it and waits for the last one.
    torc::future<void> last;
    const auto holder = torc::submit({.limit = "licence"}, torc::local([&last] { last.result(); }));
    std::vector<torc::future<int(counted)>> waiting;
    for (int i = 0; i < 3; ++i)
      waiting.push_back(torc::submit(
          {.limit = "licence"}, [](const counted& c) { return c.value; }, counted(i)));
    const auto last_but_one = torc::submit(nothing);
    last = torc::submit(nothing);
    last_but_one.result();
    for (const auto& f : waiting) EXPECT_TRUE(f.cancel());
    holder.result();
  });
  EXPECT_EQ(counted::alive(), 0);
}

TEST(scheduler, refuses_a_priority_that_is_no_number) {
  on_workers_with_main(1, [] {
    EXPECT_THROW(torc::submit({.priority = std::nan("")}, nothing), std::invalid_argument);
    torc::submit({.priority = -HUGE_VAL}, nothing);
  });
}

/// 0 to 99; to read the elements from `first_bad` on waits for a task.
struct waiting_range {
  struct iterator {
    using value_type = int;
    using difference_type = std::ptrdiff_t;
    int operator*() const {
      if (at >= first_bad) torc::submit(nothing).result();
      return at;
    }
    iterator& operator++() {
      ++at;
      return *this;
    }
    void operator++(int) { ++at; }
    bool operator==(const iterator& other) const { return at == other.at; }
    int at = 0;
    int first_bad = 0;
  };
  iterator begin() const { return {0, first_bad}; }
  iterator end() const { return {100, first_bad}; }
  int first_bad;
};

TEST(scheduler, a_range_that_waits_while_a_map_reads_it_fails_instead_of_hanging) {
  for (const int workers : {1, 2}) {
    on_workers(workers, [] {
      for (const int first_bad : {0, 40})
        EXPECT_THROW(torc::map([](int i) { return i; }, waiting_range{first_bad}), torc::error);
    });
  }
}

TEST(scheduler, a_future_outlives_its_session) {
  torc::future<int> kept;
  torc::future<int> failed;
  on_workers(2, [&] {
    kept = torc::submit(torc::local([] { return 7; }));
    failed = torc::submit(torc::local([]() -> int { throw std::runtime_error("as planned"); }));
    EXPECT_NE(failed.exception(), nullptr);
  });
  EXPECT_EQ(kept.result(), 7);
  EXPECT_THROW(failed.result(), std::runtime_error);
}

TEST(scheduler, threads_submit_and_wait_while_tasks_run) {
  on_workers(2, [] {
    std::vector<std::thread> threads;
    for (int t = 0; t < 3; ++t) {
      threads.emplace_back([] {
        for (int i = 0; i < 500; ++i) {
          ASSERT_EQ(
              torc::submit(torc::local([i] { return torc::submit(torc::local([i] { return i; })).result(); })).result(),
              i);
        }
      });
    }
    for (std::thread& t : threads) t.join();
  });
}

TEST(scheduler, main_may_end_the_session_itself) {
  torc::init(torc::options{.workers = 2, .stats = 0});
  EXPECT_EQ(torc::launch([] {
              torc::submit(nothing);
              EXPECT_EQ(torc::shutdown(), 0);
            }),
            0);
  EXPECT_EQ(torc::shutdown(), 0);
}

TEST(scheduler, only_the_primary_task_ends_the_session) {
  on_workers_with_main(1, [] {
    EXPECT_THROW(torc::submit(torc::local([] { torc::shutdown(); })).result(), torc::error);
    std::thread([] { EXPECT_THROW(torc::shutdown(), torc::error); }).join();
  });
}

TEST(scheduler, stops_only_after_what_another_thread_is_about_to_submit) {
  scheduler node({.num_workers = 1});
  record& primary = torc::sched::make_primary(0);
  node.start(primary);
  tests::signal is_open;
  std::atomic<bool> has_run{false};
  std::thread other([&] {
    record& outside = node.open_outside("test");
    is_open.raise();
    const auto is_ending = [&] {
      try {
        torc::sched::close_scope(node.open_outside("test"));
        return false;
      } catch (const torc::error&) {
        return true;
      }
    };
    while (!is_ending()) std::this_thread::yield();
    // Sooner or later: the one that is opened before is closed with the session.
    const auto opens_no_more = [&] {
      try {
        torc::sched::release_reference(node.scopes().open(outside));
        return false;
      } catch (const torc::error&) {
        return true;
      }
    };
    while (!opens_no_more()) std::this_thread::yield();
    const auto body = [&] { has_run = true; };
    using task = torc::detail::home_task<std::decay_t<decltype(body)>>;
    constexpr auto size_class = torc::detail::size_class_of(sizeof(task));
    auto* const late = torc::detail::make_task_at<task>(torc::detail::allocate_block(size_class, sizeof(task)),
                                                        torc::detail::record_flags::home_bound, body);
    node.spawn(*late, outside, nullptr);
    torc::sched::release_reference(*late);  // there is no future
    torc::sched::close_scope(outside);
  });
  is_open.block();
  node.stop(primary);
  EXPECT_TRUE(has_run);
  other.join();
  for (int references = 0; references < 2; ++references) torc::sched::release_reference(primary);
}

TEST(scheduler, stops_only_after_the_tasks_of_an_executor_that_another_thread_waits_for) {
  scheduler node({.num_workers = 1});
  record& primary = torc::sched::make_primary(0);
  node.start(primary);  // which has the worker until it stops
  std::atomic<bool> has_run{false};
  record* scope = nullptr;
  std::thread([&] {
    record& outside = node.open_outside("test");
    scope = &node.scopes().open(outside);
    const auto body = [&] { has_run = true; };
    using task = torc::detail::home_task<std::decay_t<decltype(body)>>;
    constexpr auto size_class = torc::detail::size_class_of(sizeof(task));
    auto* const child = torc::detail::make_task_at<task>(torc::detail::allocate_block(size_class, sizeof(task)),
                                                         torc::detail::record_flags::home_bound, body);
    node.spawn(*child, *scope, nullptr);
    torc::sched::release_reference(*child);
    node.scopes().close(*scope, false);
    torc::sched::close_scope(outside);
  }).join();
  node.stop(primary);
  EXPECT_TRUE(has_run);
  torc::sched::release_reference(*scope);
  for (int references = 0; references < 2; ++references) torc::sched::release_reference(primary);
}

}  // namespace
