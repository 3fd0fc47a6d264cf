// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/sched/wait/mailbox.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace {

using namespace std::chrono_literals;

class mailbox_of_a_worker : public testing::Test {
 protected:
  torc::sched::parker own;
  torc::sched::event_count sleepers{{&own}};
  torc::sched::mailbox box{3, sleepers, own};
};

TEST_F(mailbox_of_a_worker, wakes_its_worker_for_a_fiber_that_goes_on) {
  std::thread worker([&] {
    sleepers.begin_search();
    static_cast<void>(box.sleep(1h, [&] { return box.ready().has_items(); }));  // or it has seen the fiber before
    sleepers.end_search([] { return false; });
  });
  torc::fiber::fiber suspended;
  box.make_ready(suspended);
  worker.join();
  EXPECT_TRUE(box.urgent().is_raised()) << "a busy worker looks at nothing else";
  EXPECT_EQ(box.ready().pop(), &suspended);
  EXPECT_FALSE(box.ready().has_items());
}

TEST_F(mailbox_of_a_worker, calls_a_helper_back_from_its_gang) {
  std::atomic<bool> is_called = false;
  std::thread helper([&] { box.stand_by(1h, [&] { return is_called.load(); }); });
  is_called = true;
  box.wake();
  helper.join();
  EXPECT_FALSE(box.stands_by());
  EXPECT_FALSE(box.is_asleep());
}

}  // namespace
