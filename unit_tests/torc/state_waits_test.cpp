// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <thread>
#include <torc/torc.hpp>
#include <vector>

#include "core/sched/state.hpp"
#include "unit_tests/torc/in_session.hpp"
#include "unit_tests/torc/state_looks.hpp"

/// Whatever is waited for has a name, and a place.
namespace {

using namespace tests;  // NOLINT(google-build-using-namespace): all that state_looks.hpp names

TEST(state_of_waits, nothing_is_asked_of_the_parents_of_cancelled_children_that_are_still_queued) {
  tests::on_workers(2, [] {
    tests::signal may_end;
    const auto stuck = torc::submit(on_worker(1, "stuck"), torc::local([&] { may_end.block(); }));
    look_until([](const state& s) { return runs(s, "worker 1", "stuck"); });
    for (int round = 0; round < 20; ++round) {
      torc::submit(torc::local([] {
        std::vector<torc::future<void>> children;
        for (int i = 0; i < 3; ++i)
          children.push_back(torc::submit(torc::task_options{.cores = 2}, torc::local([] {})));
        for (const auto& child : children) EXPECT_TRUE(child.cancel());
      })).result();  // nobody holds the parent any more
      EXPECT_TRUE(runs(look(), "worker 1", "stuck"));
    }
    may_end.raise();
    stuck.result();
  });
}

TEST(state_of_waits, children_that_are_queued_are_named_wherever_that_is) {
  tests::on_workers(3, [] {
    torc::set_limit("none left", 1);
    tests::signal may_end;
    const auto stuck = [&] { may_end.block(); };
    const auto holder =
        torc::submit(torc::task_options{.worker = 2, .pinned = true, .limit = "none left"}, torc::local(stuck));
    look_until([](const state& s) {
      const worker_state* const two = find_worker(s, "worker 2");
      return two->doing == worker_state::activity::runs && two->held.limit == "none left" && two->held.count == 1;
    });
    const auto waiting =
        torc::submit(on_worker(1, "waiting"), torc::local([&] {
                       torc::submit(on_worker(2, "pinned"), torc::local([] {}));
                       torc::submit(torc::task_options{.name = "limited", .limit = "none left"}, torc::local([] {}));
                       torc::submit(torc::task_options{.name = "wide", .cores = 3}, torc::local([] {}));
                       torc::wait();
                     }));
    const state found = look_until([](const state& s) {
      const suspended_state* const one = find_suspended(s, "waiting");
      return one != nullptr && one->missing.size() == 3;
    });
    may_end.raise();
    waiting.result();
    std::vector<std::string> names;
    for (const awaited_task& child : find_suspended(found, "waiting")->missing) {
      EXPECT_EQ(child.where, awaited_task::place::queued);
      names.push_back(torc::task::name_of(child.task));
      EXPECT_EQ(child.limit, names.back() == "limited" ? "none left" : "");
    }
    EXPECT_THAT(names, testing::UnorderedElementsAre("pinned", "limited", "wide"));
    holder.result();
  });
}

TEST(state_of_waits, a_body_below_others_on_its_stack_names_its_children) {
  tests::on_workers(2, [] {
    tests::signal may_end;
    tests::signal has_begun;  // else its worker might take a child first
    const auto parent = torc::submit(on_worker(1, "parent"), torc::local([&] {
                                       has_begun.block();
                                       for (int i = 0; i < 6; ++i) torc::submit(torc::local([&] { may_end.block(); }));
                                       torc::wait();
                                     }));
    const auto waiting = torc::submit(on_worker(0, "waiting"), torc::local([&] {
                                        has_begun.raise();
                                        parent.result();
                                      }));
    std::thread looks([&] {
      const auto children_in = [](const state& s) {
        const suspended_state* const one = find_suspended(s, "waiting");
        return one != nullptr && one->missing.size() == 1 ? one->missing.front().children : std::vector<awaited_task>{};
      };
      const state found = look_until([&](const state& s) {
        const auto children = children_in(s);
        return children.size() == 4 && children[1].where == awaited_task::place::runs;
      });
      may_end.raise();
      // Those that explain most come first.
      const auto children = children_in(found);
      EXPECT_EQ(children[0].where, awaited_task::place::runs);
      EXPECT_EQ(children[2].where, awaited_task::place::queued);
      EXPECT_EQ(children[3].where, awaited_task::place::queued);
      EXPECT_EQ(find_suspended(found, "waiting")->missing.front().where, awaited_task::place::open);
    });
    waiting.result();
    looks.join();
  });
}

TEST(state_of_waits, a_map_names_its_elements) {
  tests::on_workers(2, [] {
    tests::signal may_end;
    const auto maps = torc::submit(on_worker(0, "maps"), torc::local([&] {
                                     torc::map(torc::map_options{.name = "element"}, torc::local([&](int i) {
                                                 if (i == 3) may_end.block();
                                               }),
                                               std::vector<int>{1, 2, 3});
                                   }));
    std::thread looks([&] {
      const state found = look_until([](const state& s) {
        const suspended_state* const one = find_suspended(s, "maps");
        return one != nullptr && one->waits_for == wait_kind::map && one->missing.size() == 1;
      });
      may_end.raise();
      EXPECT_EQ(torc::task::name_of(find_suspended(found, "maps")->missing.front().task), "element");
    });
    maps.result();
    looks.join();
  });
}

TEST(state_of_waits, an_executor_names_the_tasks_that_keep_it_open) {
  tests::on_workers(2, [] {
    tests::signal may_end;
    const auto owner = torc::submit(on_worker(0, "owner"), torc::local([&] {
                                      torc::executor pool;
                                      pool.submit(on_worker(1, "stuck"), torc::local([&] { may_end.block(); }));
                                    }));
    std::thread looks([&] {
      const state found = look_until([](const state& s) {
        const suspended_state* const one = find_suspended(s, "owner");
        return one != nullptr && !one->missing.empty() && !one->missing.front().children.empty();
      });
      may_end.raise();
      const awaited_task& pool = find_suspended(found, "owner")->missing.front();
      EXPECT_EQ(pool.where, awaited_task::place::open);
      EXPECT_EQ(torc::task::name_of(pool.children.front().task), "stuck");
    });
    owner.result();
    looks.join();
  });
}

TEST(state_of_waits, what_goes_on_from_another_future_is_not_told_as_queued) {
  tests::on_workers(2, [] {
    tests::signal may_end;
    const auto stuck = torc::submit(on_worker(1, "stuck"), torc::local([&] { may_end.block(); }));
    const auto waiting =
        torc::submit(on_worker(0, "waiting"), torc::local([&] { stuck.then([](const auto&) {}).result(); }));
    std::thread looks([&] {
      const state found = look_until(
          [](const state& s) { return find_suspended(s, "waiting") != nullptr && runs(s, "worker 1", "stuck"); });
      may_end.raise();
      ASSERT_EQ(find_suspended(found, "waiting")->missing.size(), 1U);
      EXPECT_EQ(find_suspended(found, "waiting")->missing.front().where, awaited_task::place::unqueued);
    });
    waiting.result();
    looks.join();
  });
}

TEST(state_of_waits, a_thread_that_runs_no_task_tells_what_it_waits_for) {
  tests::on_workers(2, [] {
    tests::signal may_end;
    const auto stuck = torc::submit(on_worker(1, "stuck"), torc::local([&] { may_end.block(); }));
    std::thread waits([&] { stuck.result(); });
    const state found = look_until([](const state& s) { return !s.threads.empty() && runs(s, "worker 1", "stuck"); });
    may_end.raise();
    waits.join();
    EXPECT_TRUE(look().threads.empty());
    ASSERT_EQ(found.threads.size(), 1U);
    const suspended_state& one = found.threads.front();
    EXPECT_THAT(one.thread, testing::StartsWith("thread "));
    EXPECT_EQ(one.waits_for, wait_kind::futures);
    ASSERT_EQ(one.missing.size(), 1U);
    EXPECT_EQ(torc::task::name_of(one.missing.front().task), "stuck");
    EXPECT_EQ(one.missing.front().where, awaited_task::place::runs);
  });
}

TEST(state_of_waits, the_primary_task_is_told_of_however_many_wait) {
  tests::on_workers(2, [] {
    constexpr int many = 1500;
    tests::signal may_end;
    const auto last = torc::submit(on_worker(1, "last"), torc::local([&] { may_end.block(); }));
    for (int i = 0; i < many; ++i) torc::submit(on_worker(0, "waiting"), torc::local([&] { last.result(); }));
    std::thread looks([&] {
      const state found = look_until([](const state& s) { return s.num_suspended > many; });
      may_end.raise();
      EXPECT_TRUE(
          std::any_of(found.suspended.begin(), found.suspended.end(), [](const auto& one) { return one.is_primary; }));
    });
    torc::wait();
    looks.join();
  });
}

}  // namespace
