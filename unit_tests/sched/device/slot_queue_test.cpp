// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/sched/device/slot_queue.hpp"

#include <gtest/gtest.h>

#include "core/sched/scheduler.hpp"
#include "core/task/extras.hpp"
#include "unit_tests/fake_device.hpp"
#include "unit_tests/sched/bare_record.hpp"

/// Whom it wakes, and whom not: what it does with tasks is tested in unit_tests/device.
namespace {

using torc::sched::lease;
namespace flags = torc::detail::record_flags;

class slot_queue : public testing::Test {
 protected:
  slot_queue() { queue.add_slot(device, 0, nullptr); }

  struct device_task : tests::bare_record {
    explicit device_task(std::uint16_t more = flags::of_primary, bool is_for_host_too = false) {
      extras = &with;
      flags = static_cast<std::uint16_t>(flags | flags::device | more);
      with.is_for_host_too = is_for_host_too;
    }
    torc::detail::task_extras with;
  };

  int wakes = 0;
  torc::sched::slot_queue queue{0, [this] { ++wakes; }};
  tests::fake_device<> device{torc::sched::dispatch::one_worker, 1, 0};
  torc::sched::scheduler node{torc::sched::settings{}};
  torc::sched::worker& here = node.worker_at(0);
};

TEST_F(slot_queue, wakes_for_a_task_that_a_slot_can_take) {
  device_task task;
  queue.push(task);
  EXPECT_EQ(wakes, 1);
  EXPECT_TRUE(queue.has_turn(here));
}

TEST_F(slot_queue, wakes_nobody_for_a_task_that_must_wait_until_the_slot_is_given_back) {
  device_task first, second;
  queue.push(first);
  lease held;
  ASSERT_EQ(queue.take(here, held), &first);
  wakes = 0;
  queue.push(second);
  EXPECT_EQ(wakes, 0);
  queue.give_back(held, false);
  EXPECT_EQ(wakes, 1);
}

TEST_F(slot_queue, leaves_the_next_task_to_the_runner_that_takes_again) {
  device_task first, second;
  queue.push(first);
  queue.push(second);
  lease held;
  ASSERT_EQ(queue.take(here, held), &first);
  wakes = 0;
  queue.give_back(held, true);
  EXPECT_EQ(wakes, 0);
  lease next;
  EXPECT_EQ(queue.take(here, next), &second);
  queue.give_back(next, false);
  EXPECT_EQ(wakes, 0) << "nothing is left";
}

TEST_F(slot_queue, gives_its_slots_to_what_is_below_a_begun_task_first_newest_first) {
  device_task rest, prioritised, older(0), newer(0), below_device(flags::in_device);
  torc::sched::set_priority(prioritised, 9);
  for (device_task* task : {&rest, &prioritised, &older, &newer, &below_device}) queue.push(*task);
  for (device_task* task : {&below_device, &newer, &older, &prioritised, &rest}) {
    lease held;
    EXPECT_EQ(queue.take(here, held), task);
    queue.give_back(held, true);
  }
}

TEST_F(slot_queue, wakes_for_a_task_that_needs_no_slot) {
  device_task first, second(flags::of_primary, true);
  queue.push(first);
  lease held;
  ASSERT_EQ(queue.take(here, held), &first);
  wakes = 0;
  queue.push(second);
  EXPECT_EQ(wakes, 1);
  EXPECT_EQ(queue.take_for_host(torc::sched::rank::rest), &second);
  queue.give_back(held, false);
}

TEST_F(slot_queue, wakes_for_a_lent_slot_only_where_a_task_below_a_device_task_waits) {
  device_task parent, stranger, child(flags::in_device);
  queue.push(parent);
  lease held;
  ASSERT_EQ(queue.take(here, held), &parent);
  queue.push(stranger);
  wakes = 0;
  queue.lend(held);
  EXPECT_EQ(wakes, 0) << "a stranger has no use of it";
  queue.push(child);
  EXPECT_EQ(wakes, 1);
  lease lent;
  ASSERT_EQ(queue.take(here, lent), &child);
  queue.give_back(lent, false);
  EXPECT_EQ(wakes, 1) << "it is lent again, and only the stranger is left";
}

}  // namespace
