// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <torc/wait.hpp>
#include <vector>

#include "unit_tests/torc/in_session.hpp"

/// In which order one worker begins and resumes tasks.
namespace {

using tests::on_workers;
using tests::on_workers_with_main;
using tests::signal;

/// What happened, in order. One worker writes it.
using names = std::vector<std::string>;

torc::task_options pinned_to(int worker, std::optional<double> priority = {}) {
  return {.worker = worker, .pinned = true, .priority = priority};
}

TEST(wait_order, tasks_of_the_primary_task_run_first_in_first_out) {
  on_workers_with_main(1, [] {
    std::vector<int> order;
    for (int i = 0; i < 10; ++i) torc::submit(torc::local([&order, i] { order.push_back(i); }));
    torc::wait();
    EXPECT_EQ(order, (std::vector<int>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
  });
}

TEST(wait_order, nested_tasks_run_newest_first_whether_waited_for_or_not) {
  on_workers_with_main(1, [] {
    for (const bool waits : {true, false}) {
      std::vector<int> order;
      torc::submit(torc::local([&] {
        for (int i = 0; i < 5; ++i) torc::submit(torc::local([&order, i] { order.push_back(i); }));
        if (waits) torc::wait();
      })).result();
      EXPECT_EQ(order, (std::vector<int>{4, 3, 2, 1, 0})) << waits;
    }
  });
}

TEST(wait_order, those_with_a_priority_run_before_the_primary_tasks_greater_first) {
  on_workers_with_main(1, [] {
    names order;
    const auto note = [&order](const char* text) { return torc::local([&order, text] { order.push_back(text); }); };
    torc::submit(note("a"));
    torc::submit(note("b"));
    torc::submit({.priority = -1.0}, note("-1"));
    torc::submit({.priority = 1.0}, note("1"));
    torc::submit({.priority = 2.5}, note("2.5"));
    torc::submit({.priority = 1.0}, note("1 again"));
    torc::wait();
    EXPECT_EQ(order, (names{"2.5", "1", "1 again", "-1", "a", "b"}));
  });
}

TEST(wait_order, those_with_a_priority_run_before_nested_ones) {
  on_workers_with_main(1, [] {
    for (const bool waits : {true, false}) {
      names order;
      const auto note = [&order](const char* text) { return torc::local([&order, text] { order.push_back(text); }); };
      torc::submit(torc::local([&] {
        torc::submit(note("a"));
        torc::submit({.priority = 1.0}, note("1"));
        torc::submit({.priority = 2.0}, note("2"));
        torc::submit(note("b"));
        if (waits) torc::wait();
      })).result();
      EXPECT_EQ(order, (names{"2", "1", "b", "a"})) << waits;
    }
  });
}

TEST(wait_order, a_parent_goes_on_before_anything_that_its_worker_has_not_begun) {
  on_workers_with_main(1, [] {
    names order;
    torc::submit(pinned_to(0), torc::local([&] {
                   order.push_back("parent begins");
                   torc::submit(pinned_to(0, 1.0), torc::local([&] { order.push_back("child"); }));
                   torc::wait();
                   order.push_back("parent goes on");
                 }));
    torc::submit(pinned_to(0), torc::local([&] { order.push_back("pinned stranger"); }));
    torc::submit(torc::local([&] { order.push_back("stranger"); }));
    torc::submit(pinned_to(0, 0.5), torc::local([&] {
                   order.push_back("urgent stranger");
                   torc::submit(pinned_to(0, 9.0), torc::local([&] { order.push_back("urgent child"); }));
                   torc::wait();
                   order.push_back("urgent stranger goes on");
                 }));
    torc::wait();
    EXPECT_EQ(order, (names{"urgent stranger", "urgent child", "urgent stranger goes on", "parent begins", "child",
                            "parent goes on", "pinned stranger", "stranger"}));
  });
}

TEST(wait_order, a_parent_readied_by_another_worker_goes_on_before_what_is_queued) {
  on_workers(2, [] {
    for (int i = 0; i < 50; ++i) {
      std::atomic<bool> has_gone_on{false};
      signal child_is_over;
      torc::future<void> child;
      torc::submit(pinned_to(0), torc::local([&] {
                     child = torc::submit(pinned_to(1), torc::local([] {}));
                     child.add_done_callback([](const auto&) {});
                     torc::wait();
                     has_gone_on = true;
                   }));
      // Runs while the child does, on the parent's worker. Many segments later the parent, readied long since, must
      // have gone on.
      std::function<void()> relay = [&] {
        if (has_gone_on) return;
        torc::submit(pinned_to(0), torc::local([&] { relay(); }));
      };
      torc::submit(pinned_to(0), torc::local([&] { relay(); }));
      torc::wait();
      EXPECT_TRUE(has_gone_on);
    }
  });
}

TEST(wait_order, a_waiting_parent_gives_way_to_parents_that_are_ready) {
  on_workers_with_main(1, [] {
    names order;
    torc::submit(pinned_to(0), torc::local([&] {
                   torc::submit(pinned_to(0), torc::local([&] { order.push_back("its child"); }));
                   torc::wait();
                   order.push_back("first parent");
                 }));
    torc::submit(pinned_to(0), torc::local([&] {
                   // When these are waited for, the child of the first parent, queued before them, is next.
                   for (int i = 0; i < 2; ++i)
                     torc::submit(pinned_to(0), torc::local([&] { order.push_back("another child"); }));
                   torc::wait();
                   order.push_back("second parent");
                 }));
    torc::wait();
    EXPECT_EQ(order, (names{"its child", "first parent", "another child", "another child", "second parent"}));
  });
}

std::uintptr_t stack_address() { return reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0)); }

/// Stacks of different fibers are at least one stack's size apart.
bool are_on_one_stack(std::uintptr_t a, std::uintptr_t b) {
  return std::max(a, b) - std::min(a, b) < (std::uintptr_t{512} << 10U);
}

TEST(wait_order, a_stranger_never_runs_on_the_stack_of_a_waiting_parent) {
  on_workers(2, [] {
    signal stranger_is_over;
    std::uintptr_t parent = 0;
    std::uintptr_t stranger = 0;
    std::uintptr_t nested_stranger = 0;
    torc::submit(pinned_to(0), torc::local([&] {
                   parent = stack_address();
                   torc::submit(pinned_to(1), torc::local([&] { stranger_is_over.block(); }));
                   torc::wait();
                 }));
    torc::submit(pinned_to(0), torc::local([&] {
                   stranger = stack_address();
                   torc::submit(torc::local([&] { nested_stranger = stack_address(); })).result();
                   stranger_is_over.raise();
                 }));
    torc::wait();
    EXPECT_FALSE(are_on_one_stack(parent, stranger));
    EXPECT_FALSE(are_on_one_stack(parent, nested_stranger));
  });
}

TEST(wait_order, children_that_are_waited_for_run_on_the_stack_of_their_parent) {
  on_workers_with_main(1, [] {
    std::vector<std::uintptr_t> children;
    std::uintptr_t parent = 0;
    const auto suspended_before = torc::stats().suspended;
    torc::submit(torc::local([&] {
      parent = stack_address();
      for (int i = 0; i < 3; ++i) torc::submit(torc::local([&] { children.push_back(stack_address()); }));
      torc::wait();
      auto only = torc::submit(torc::local([&] { children.push_back(stack_address()); }));
      only.result();
      std::vector<torc::future<void>> list;
      for (int i = 0; i < 3; ++i)
        list.push_back(torc::submit(torc::local([&] { children.push_back(stack_address()); })));
      torc::wait(list);
    })).result();
    EXPECT_EQ(torc::stats().suspended - suspended_before, 1U) << "only the primary task";
    ASSERT_EQ(children.size(), 7U);
    for (const auto child : children) EXPECT_TRUE(are_on_one_stack(parent, child));
  });
}

TEST(wait_order, a_child_that_is_not_listed_never_runs_on_the_stack_of_its_waiting_parent) {
  on_workers_with_main(1, [] {
    std::uintptr_t parent = 0;
    std::uintptr_t unlisted = 0;
    torc::submit(torc::local([&] {
      parent = stack_address();
      auto listed = torc::submit(torc::local([] {}));
      torc::submit(torc::local([&] { unlisted = stack_address(); }));
      torc::wait(std::vector{listed});
      torc::wait();
    })).result();
    EXPECT_FALSE(are_on_one_stack(parent, unlisted));
  });
}

}  // namespace
