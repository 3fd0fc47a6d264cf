// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/sched/wait/timers.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <semaphore>
#include <vector>

namespace {

using namespace std::chrono_literals;
using torc::base::now;
using torc::sched::timer;
using torc::sched::timers;

struct ringing final : timer {
  void expired() noexcept override {
    order = m_count++;
    fired.release();
  }
  int order = -1;
  std::binary_semaphore fired{0};
  static inline int m_count = 0;  ///< only the timers' thread fires
};

TEST(timers, tick_at_intervals_however_late_each_was) {
  using torc::sched::tick_after;
  const torc::base::time_point start{};
  EXPECT_EQ(tick_after(start, 500ms, start + 3ms), start + 500ms);
  EXPECT_EQ(tick_after(start, 500ms, start + 500ms), start + 500ms);
  EXPECT_EQ(tick_after(start, 500ms, start + 7s), start + 7s) << "what was missed is not made up for";
}

TEST(timers, fire_in_the_order_of_their_times) {
  timers all;
  all.start(1h, [] {});
  ringing late;
  ringing early;
  const auto start = now();
  all.add(late, start + 20ms);
  all.add(early, start + 10ms);
  late.fired.acquire();
  early.fired.acquire();
  EXPECT_GE(now(), start + 20ms);
  EXPECT_LT(early.order, late.order);
}

TEST(timers, fire_at_once_what_is_overdue) {
  timers all;
  all.start(1h, [] {});
  ringing overdue;
  all.add(overdue, now() - 1h);
  overdue.fired.acquire();
}

TEST(timers, do_not_fire_what_was_removed) {
  timers all;
  all.start(1h, [] {});
  ringing removed;
  ringing kept;
  all.add(removed, now() + 5ms);
  all.add(kept, now() + 10ms);
  all.remove(removed);
  kept.fired.acquire();
  EXPECT_FALSE(removed.fired.try_acquire());
}

TEST(timers, take_a_timer_again_after_it_has_fired_or_was_removed) {
  timers all;
  all.start(1h, [] {});
  ringing again;
  for (int i = 0; i < 3; ++i) {
    all.add(again, now());
    again.fired.acquire();
    all.remove(again);
    all.add(again, now() + 1h);
    all.remove(again);
  }
}

TEST(timers, are_not_touched_after_their_removal) {
  timers all;
  all.start(1h, [] {});
  int fired = 0;
  for (int i = 0; i < 3'000; ++i) {
    // Each goes at once, whether it has fired or not: the sanitizers see who comes too late.
    const auto short_lived = std::make_unique<ringing>();
    all.add(*short_lived, now() + std::chrono::microseconds(i % 50));
    if (i % 2 == 0) short_lived->fired.acquire();
    all.remove(*short_lived);
    fired += i % 2 == 0 || short_lived->fired.try_acquire() ? 1 : 0;
  }
  EXPECT_GE(fired, 1'500);
}

TEST(timers, fire_what_was_added_before_the_start) {
  timers all;
  ringing early;
  all.add(early, now());
  all.start(1h, [] {});
  early.fired.acquire();
}

TEST(timers, take_what_is_removed_after_the_stop) {
  timers all;
  all.start(1h, [] {});
  ringing late;
  all.add(late, now() + 1h);
  all.stop();
  all.remove(late);
  EXPECT_FALSE(late.fired.try_acquire());
}

TEST(timers, tick_now_and_then) {
  std::counting_semaphore<> ticks(0);
  timers all;
  all.start(1ms, [&] { ticks.release(); });
  for (int i = 0; i < 3; ++i) ticks.acquire();
}

TEST(timers, tick_while_none_is_due) {
  std::counting_semaphore<> ticks(0);
  timers all;
  all.start(1ms, [&] { ticks.release(); });
  ringing distant;
  all.add(distant, now() + 1h);
  for (int i = 0; i < 3; ++i) ticks.acquire();
  all.remove(distant);
}

}  // namespace
