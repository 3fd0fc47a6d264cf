// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/sched/worker/baton.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <thread>
#include <torc/error.hpp>

#include "core/sched/worker/calling_task.hpp"

/// Of threads that run no task; stress_test has the waits of tasks.
namespace {

using namespace std::chrono_literals;
using torc::base::now;
using torc::sched::baton;

TEST(baton, that_came_before_the_wait_ends_it_at_once) {
  baton w;
  w.notify();
  w.wait();
  baton with_deadline;
  with_deadline.notify();
  with_deadline.notify();
  EXPECT_TRUE(with_deadline.wait_until(now() - 1h));
}

TEST(baton, does_not_come_before_the_deadline) {
  baton w;
  EXPECT_FALSE(w.wait_until(now() - 1s));
  baton another;
  const auto deadline = now() + 5ms;
  EXPECT_FALSE(another.wait_until(deadline));
  EXPECT_GE(now(), deadline);
}

TEST(baton, may_be_destroyed_as_soon_as_its_wait_has_returned) {
  std::atomic<baton*> shared{nullptr};
  constexpr int rounds = 5'000;
  std::thread notifier([&] {
    for (int i = 0; i < rounds; ++i) {
      baton* w = nullptr;
      while ((w = shared.exchange(nullptr)) == nullptr) std::this_thread::yield();
      w->notify();
    }
  });
  for (int i = 0; i < rounds; ++i) {
    const auto w = std::make_unique<baton>();
    shared = w.get();
    w->wait();
  }
  notifier.join();
}

TEST(baton, may_be_destroyed_when_it_came_together_with_the_deadline) {
  std::atomic<baton*> shared{nullptr};
  std::atomic<int> notified{0};
  constexpr int rounds = 3'000;
  std::thread notifier([&] {
    for (int i = 0; i < rounds; ++i) {
      baton* w = nullptr;
      while ((w = shared.exchange(nullptr)) == nullptr) std::this_thread::yield();
      for (int spin = 0; spin < i % 64; ++spin) std::atomic_signal_fence(std::memory_order_seq_cst);
      w->notify();
      ++notified;
    }
  });
  for (int i = 0; i < rounds; ++i) {
    auto w = std::make_unique<baton>();
    shared = w.get();
    if (w->wait_until(now() + std::chrono::microseconds(i % 20))) continue;
    while (notified <= i) std::this_thread::yield();  // its notification is still to come
  }
  notifier.join();
  EXPECT_EQ(notified, rounds);
}

TEST(baton, cannot_be_made_where_its_wait_would_be_refused) {
  {
    const torc::sched::waiting_ban ban("not here");
    EXPECT_THROW(baton(), torc::error);
    {
      const torc::sched::waiting_ban inner("nor there");
      EXPECT_THROW(baton(), torc::error);
    }
    EXPECT_THROW(baton(), torc::error);
  }
  baton w;
  w.notify();
  w.wait();
}

}  // namespace
