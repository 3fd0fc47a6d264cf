// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/sched/worker/completion.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>
#include <type_traits>
#include <vector>

#include "core/sched/scheduler.hpp"
#include "core/sched/wait/waiters.hpp"
#include "unit_tests/sched/bare_record.hpp"

/// Of scopes, whose children any thread may count and complete. stress_test has the tasks that workers run.
namespace {

using torc::detail::record;
using torc::detail::state_bits::reference;
namespace bits = torc::detail::state_bits;
using torc::sched::close_scope;
using torc::sched::complete;
using torc::sched::make_scope;
using torc::sched::release_reference;

bool is_done(const record& task) { return (task.state.load() & bits::done) != 0; }

/// A child with a future that the test holds, so that its memory stays the test's.
struct child : tests::bare_record {
  explicit child(record& scope) {
    parent = &scope;
    state = 3 * reference;
    scope.remote.fetch_add(1);
  }
};

TEST(completion, of_a_scope_comes_with_its_last_child_once_it_is_closed) {
  record& scope = make_scope(torc::detail::record_flags::detached, 0, 0);
  child first(scope);
  child second(scope);
  complete(first);
  EXPECT_TRUE(is_done(first));
  close_scope(scope);
  EXPECT_FALSE(is_done(scope));
  complete(second);
  EXPECT_TRUE(is_done(scope));
  release_reference(scope);
}

TEST(completion, of_a_scope_comes_with_its_closing_if_all_children_are_over) {
  record& scope = make_scope(torc::detail::record_flags::detached, 0, 0);
  child only(scope);
  complete(only);
  EXPECT_FALSE(is_done(scope));
  close_scope(scope);
  EXPECT_TRUE(is_done(scope));
  release_reference(scope);
}

TEST(completion, goes_up_through_all_ancestors_that_missed_nothing_else) {
  record& outer = make_scope(torc::detail::record_flags::detached, 0, 0);
  record& inner = make_scope(0, 0, 0);
  inner.parent = &outer;
  outer.remote.fetch_add(1);
  child only(inner);
  close_scope(outer);
  close_scope(inner);
  EXPECT_FALSE(is_done(outer));
  complete(only);
  EXPECT_TRUE(is_done(inner));
  EXPECT_TRUE(is_done(outer));
  release_reference(inner);
  release_reference(outer);
}

TEST(completion, comes_once_however_many_threads_complete_children) {
  struct end_of_scope final : torc::detail::waiter {
    void fire(record&) noexcept override { ++fired; }
    int fired = 0;
  };
  for (int round = 0; round < 300; ++round) {
    record& scope = make_scope(torc::detail::record_flags::detached, 0, 0);
    end_of_scope end;
    ASSERT_TRUE(torc::sched::add_waiter(scope, end));
    std::vector<std::unique_ptr<child>> children;
    for (int i = 0; i < 12; ++i) children.push_back(std::make_unique<child>(scope));
    std::vector<std::thread> threads;
    for (std::size_t t = 0; t < 3; ++t) {
      threads.emplace_back([&, t] {
        for (std::size_t i = t; i < children.size(); i += 3) complete(*children[i]);
      });
    }
    close_scope(scope);
    for (std::thread& t : threads) t.join();
    ASSERT_TRUE(is_done(scope));
    ASSERT_EQ(end.fired, 1);
    release_reference(scope);
  }
}

/// Adds a number that only 64 bits hold, as a loop that ran for hours would.
template <class Counter>
void count_up(Counter& counter, std::int64_t by) {
  counter = static_cast<std::remove_cvref_t<decltype(+counter)>>(counter + by);
}

TEST(completion, of_a_body_waits_for_its_end_however_many_children_others_have_completed) {
  constexpr std::int64_t completed = std::int64_t{3} << 30U;  // 32 bits that begin at a quarter below 0 show 0
  tests::bare_record parent;
  parent.flags |= torc::detail::record_flags::detached;
  parent.owner = nullptr;
  count_up(parent.outstanding, completed);
  count_up(parent.remote, -completed);
  child last(parent);
  complete(last);
  EXPECT_FALSE(is_done(parent)) << "its body has not ended";
  torc::sched::finish_body(parent);
  EXPECT_TRUE(is_done(parent));
}

TEST(completion, counts_more_holders_than_32_bits_do) {
  tests::bare_record task;
  constexpr std::uint64_t copies = std::uint64_t{1} << 27U;
  for (int i = 0; i < 2; ++i) task.state.fetch_add(static_cast<decltype(+task.state)>(copies / 2 * reference));
  EXPECT_EQ(task.state / reference, copies + 2);
}

TEST(completion, numbers_children_and_callbacks_beyond_what_32_bits_hold) {
  constexpr std::uint64_t numbered = std::uint64_t{1} << 32U;
  record& scope = make_scope(torc::detail::record_flags::detached, 0, 0);
  tests::bare_record body;
  for (record* parent : {&scope, static_cast<record*>(&body)}) {
    const std::uint64_t first = torc::sched::scheduler::next_child_path(*parent);
    count_up(parent->spawned, numbered - 1);
    EXPECT_NE(torc::sched::scheduler::next_child_path(*parent), first);
    EXPECT_EQ(parent->spawned, numbered + 1);
  }
  close_scope(scope);
  release_reference(scope);
  EXPECT_EQ(torc::sched::next_callback(body), 0U);
  count_up(body.callbacks, numbered - 1);
  EXPECT_EQ(torc::sched::next_callback(body), numbered);
}

TEST(completion, frees_a_record_when_its_last_holder_lets_go) {
  static std::atomic<int> destroyed;
  destroyed = 0;
  static constexpr torc::detail::task_type counted_type{[](record&) {}, [](record&) noexcept { ++destroyed; },
                                                        [](const record&) noexcept -> const void* { return nullptr; },
                                                        [](const record&) noexcept { return "F = counted;"; }, nullptr};
  constexpr int rounds = 2'000;
  constexpr std::uint8_t from_general_heap = 0;
  for (int i = 0; i < rounds; ++i) {
    void* const block = ::operator new (sizeof(record), std::align_val_t{torc::detail::block_granularity_bytes});
    auto* const task = ::new (block) record(counted_type, from_general_heap, torc::detail::record_flags::detached);
    if (i % 10 != 0) {
      complete(*task);
      release_reference(*task);
      continue;
    }
    std::thread holder([task] { release_reference(*task); });
    complete(*task);
    holder.join();
  }
  EXPECT_EQ(destroyed, rounds);
}

}  // namespace
