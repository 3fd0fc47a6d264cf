// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/sched/queue/task_queue.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <limits>
#include <list>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "unit_tests/sched/bare_record.hpp"

namespace {

using torc::detail::record;
using torc::sched::mobility;
using torc::sched::rank;
using torc::sched::task_queue;
namespace flags = torc::detail::record_flags;

/// A task to be queued, and what it is called.
struct named_task : tests::bare_record {
  named_task(std::string text, rank of, std::optional<double> priority) : name(std::move(text)) {
    if (of == rank::rest) flags |= flags::of_primary;
    if (priority) torc::sched::set_priority(*this, *priority);
  }
  named_task(const named_task&) = delete;
  named_task& operator=(const named_task&) = delete;
  ~named_task() { delete extras; }
  std::string name;
};

class task_queue_of : public testing::Test {
 protected:
  void add(const std::string& name, rank of, std::optional<double> priority = {}, mobility where = mobility::nowhere) {
    queue.push(tasks.emplace_back(name, of, priority), where);
  }
  static std::string name_of(const record* task) {
    return task != nullptr ? static_cast<const named_task*>(task)->name : "none";
  }
  std::string pop_all() {
    std::string names;
    while (const record* task = queue.pop()) names += name_of(task) + " ";
    return names;
  }
  /// As a thief, for whom every task is right.
  std::string take(rank of) {
    return name_of(queue.take_leaving(of, [](const record&) { return true; }));
  }

  std::list<named_task> tasks;
  task_queue queue;
};

TEST_F(task_queue_of, those_below_a_begun_task_come_before_all_others_whatever_their_priorities) {
  add("rest 9", rank::rest, 9);
  add("below", rank::below);
  add("rest", rank::rest);
  add("below -1", rank::below, -1);
  EXPECT_EQ(pop_all(), "below -1 below rest 9 rest ");
  EXPECT_FALSE(queue.has_items());
}

TEST_F(task_queue_of, a_greater_priority_comes_first_and_none_last) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  for (const rank of : {rank::below, rank::rest}) {
    add("none", of);
    add("1", of, 1);
    add("-inf", of, -infinity);
    add("1e300", of, 1e300);
    add("inf", of, infinity);
    add("2", of, 2);
    EXPECT_EQ(queue.greatest(of), infinity);
    EXPECT_EQ(pop_all(), "inf 1e300 2 1 -inf none ");
    EXPECT_EQ(queue.greatest(of), torc::sched::no_priority);
  }
}

TEST_F(task_queue_of, equal_ones_come_newest_first_below_and_oldest_first_in_the_rest) {
  for (const std::optional<double> priority : {std::optional<double>(), std::optional<double>(3)}) {
    for (const char* name : {"a", "b", "c"}) {
      add(name, rank::below, priority);
      add(name, rank::rest, priority);
    }
    EXPECT_EQ(pop_all(), "c b a a b c ");
  }
}

TEST_F(task_queue_of, where_a_task_may_go_does_not_change_its_turn) {
  for (const rank of : {rank::below, rank::rest}) {
    add("a", of, {}, mobility::anywhere);
    add("b", of, {}, mobility::nowhere);
    add("c", of, {}, mobility::somewhere);
    add("d", of, {}, mobility::anywhere);
    add("1", of, 1, mobility::nowhere);
    add("2", of, 2, mobility::anywhere);
    add("3", of, 3, mobility::somewhere);
  }
  EXPECT_EQ(pop_all(), "3 2 1 d c b a 3 2 1 a b c d ");
}

TEST_F(task_queue_of, only_those_that_may_leave_are_counted_and_given_away) {
  add("stays", rank::rest);
  add("stays 9", rank::rest, 9);
  EXPECT_EQ(queue.num_leaving(), 0);
  EXPECT_EQ(take(rank::rest), "none");
  EXPECT_FALSE(queue.leaves_by_priority());
  add("a", rank::rest, {}, mobility::anywhere);
  add("b", rank::rest, {}, mobility::somewhere);
  add("1", rank::rest, 1, mobility::anywhere);
  EXPECT_EQ(queue.num_leaving(), 3);
  EXPECT_TRUE(queue.leaves_by_priority());
  EXPECT_EQ(take(rank::rest), "1");
  EXPECT_FALSE(queue.leaves_by_priority());
  EXPECT_EQ(take(rank::rest), "a");
  EXPECT_EQ(take(rank::rest), "b");
  EXPECT_EQ(take(rank::rest), "none");
  EXPECT_EQ(queue.num_leaving(), 0);
  EXPECT_EQ(pop_all(), "stays 9 stays ");
}

TEST_F(task_queue_of, the_outermost_leave_first) {
  for (const char* name : {"a", "b", "c"}) add(name, rank::below, {}, mobility::anywhere);
  EXPECT_EQ(take(rank::below), "a");
  EXPECT_EQ(pop_all(), "c b ");
}

TEST_F(task_queue_of, a_thief_gets_what_fits_it_past_what_does_not) {
  for (const char* name : {"a", "b", "c"}) add(name, rank::rest, {}, mobility::somewhere);
  const auto wants = [](const char* name) { return [name](const record& task) { return name_of(&task) == name; }; };
  EXPECT_EQ(name_of(queue.take_leaving(rank::rest, wants("b"))), "b");
  EXPECT_EQ(name_of(queue.take_leaving(rank::rest, wants("b"))), "none");
  EXPECT_EQ(pop_all(), "a c ");
}

TEST_F(task_queue_of, a_search_for_what_fits_a_thief_looks_at_few) {
  for (int i = 0; i < 1'000; ++i) add("x", rank::rest, {}, mobility::somewhere);
  int looks = 0;
  queue.take_leaving(rank::rest, [&](const record&) {
    ++looks;
    return false;
  });
  EXPECT_LE(looks, 100);
  while (queue.pop() != nullptr) continue;
}

TEST_F(task_queue_of, a_thief_takes_from_among_those_that_stay_and_leaves_their_order) {
  for (const char* name : {"a", "b"}) add(name, rank::rest);
  add("thief's", rank::rest, {}, mobility::anywhere);
  for (const char* name : {"c", "d"}) add(name, rank::rest);
  EXPECT_EQ(take(rank::rest), "thief's");
  EXPECT_EQ(queue.num_leaving(), 0);
  add("e", rank::rest, {}, mobility::anywhere);
  add("9", rank::rest, 9);
  EXPECT_EQ(pop_all(), "9 a b c d e ");
  EXPECT_FALSE(queue.has_items());
}

TEST_F(task_queue_of, who_submits_does_not_wait_for_who_takes) {
  add("found", rank::rest, {}, mobility::somewhere);
  const auto submit_meanwhile = [&](const record&) {
    add("submitted", rank::rest);
    return true;
  };
  EXPECT_EQ(name_of(queue.take_leaving(rank::rest, submit_meanwhile)), "found");
  EXPECT_EQ(pop_all(), "submitted ");
}

TEST_F(task_queue_of, revoked_ones_are_taken_out_wherever_they_lie) {
  for (const char* name : {"a", "b", "c", "d"}) add(name, rank::rest);
  EXPECT_EQ(take(rank::rest), "none");
  for (const char* name : {"e", "f", "g"}) add(name, rank::rest);
  for (named_task& task : tasks) {
    const bool is_cancelled = task.name == "b" || task.name == "f";
    EXPECT_TRUE(!is_cancelled || torc::sched::revoke(task) == torc::sched::revocation::won);
  }
  torc::sched::revoked_tasks taken;
  EXPECT_EQ(queue.take_revoked(taken), 5U);
  std::string names;
  while (const record* task = taken.pop()) names += name_of(task) + " ";
  EXPECT_EQ(names, "b f ");
  EXPECT_EQ(pop_all(), "a c d e g ");
  EXPECT_FALSE(queue.has_items());
}

TEST_F(task_queue_of, tasks_of_two_queues_can_be_compared) {
  task_queue second;
  named_task newest("newest", rank::rest, {});
  add("oldest", rank::rest);
  second.push(newest);
  EXPECT_TRUE(*queue.first(rank::rest) < *second.first(rank::rest));
  EXPECT_FALSE(queue.first(rank::below));
  EXPECT_EQ(queue.pop(), &tasks.front());
  EXPECT_EQ(second.pop(), &newest);
}

TEST_F(task_queue_of, each_task_goes_to_one_of_several_consumers) {
  constexpr int producers = 2;
  constexpr std::size_t each = 20'000;
  std::vector<std::vector<tests::bare_record>> of_producer;
  for (int p = 0; p < producers; ++p) of_producer.emplace_back(each);
  std::atomic<std::size_t> popped{0};
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int p = 0; p < producers; ++p) {
    threads.emplace_back([&, &mine = of_producer[static_cast<std::size_t>(p)]] {
      for (std::size_t i = 0; i < each; ++i) {
        if (i % 3 == 0) mine[i].flags |= flags::of_primary;
        ++mine[i].number;
        queue.push(mine[i], i % 2 == 0 ? mobility::anywhere : mobility::nowhere);
      }
    });
  }
  for (const bool is_thief : {true, false}) {
    threads.emplace_back([&, is_thief] {
      while (popped < producers * each) {
        record* task = is_thief ? queue.take_leaving(rank::rest, [](const record&) { return true; }) : nullptr;
        if (task == nullptr) task = queue.pop();
        if (task == nullptr) {
          std::this_thread::yield();
          continue;
        }
        if (static_cast<tests::bare_record*>(task)->number++ != 1) ++wrong;
        ++popped;
      }
    });
  }
  for (std::thread& t : threads) t.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_FALSE(queue.has_items());
  EXPECT_EQ(queue.num_leaving(), 0);
}

TEST_F(task_queue_of, a_look_names_the_first_and_notes_all) {
  for (const double priority : {1.0, 2.0, 3.0, 4.0}) add("urgent", rank::rest, priority);
  add("plain", rank::rest);
  EXPECT_EQ(take(rank::rest), "none");
  add("late", rank::rest);
  std::string noted;
  const auto found = queue.look(rank::rest, [&](const record& task) { noted += name_of(&task) + " "; });
  EXPECT_EQ(found.size, 6U);
  EXPECT_EQ(found.first.size(), torc::sched::queue_state::most_named);
  EXPECT_EQ(noted, "urgent urgent urgent urgent plain late ");
  EXPECT_EQ(pop_all(), "urgent urgent urgent urgent plain late ");
}

}  // namespace
