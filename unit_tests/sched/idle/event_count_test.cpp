// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/sched/idle/event_count.hpp"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <chrono>
#include <memory>
#include <thread>
#include <vector>

/// Nobody's sleep here ends by its time: a wake-up that is lost makes a test run into its time limit.
namespace {

using namespace std::chrono_literals;
using torc::sched::event_count;
using torc::sched::parker;

/// Threads that take units of work by the rules by which workers take tasks.
class crew {
 public:
  explicit crew(int size)
      : m_parkers(make_parkers(size)), m_work_event(pointers()), m_own_work(static_cast<std::size_t>(size)) {
    for (int i = 0; i < size; ++i) m_threads.emplace_back([this, i] { run(static_cast<std::size_t>(i)); });
  }
  crew(const crew&) = delete;
  crew& operator=(const crew&) = delete;
  ~crew() {
    m_is_stopping = true;
    m_work_event.notify_all();
    for (std::thread& t : m_threads) t.join();
  }

  void add_work() {
    m_work.fetch_add(1, std::memory_order_relaxed);
    m_work_event.notify();
  }
  void add_work_for(std::size_t worker) {
    m_own_work[worker].fetch_add(1, std::memory_order_relaxed);
    m_work_event.notify(*m_parkers[worker]);
  }
  long done() const { return m_done; }
  void await(long done) const {
    for (long now = m_done; now < done; now = m_done) m_done.wait(now);
  }

 private:
  static std::vector<std::unique_ptr<parker>> make_parkers(int size) {
    std::vector<std::unique_ptr<parker>> parkers;
    for (int i = 0; i < size; ++i) parkers.push_back(std::make_unique<parker>());
    return parkers;
  }
  std::vector<parker*> pointers() const {
    std::vector<parker*> result;
    for (const auto& own : m_parkers) result.push_back(own.get());
    return result;
  }

  static bool take(std::atomic<long>& work) {
    for (long left = work.load(std::memory_order_relaxed); left > 0;) {
      if (work.compare_exchange_weak(left, left - 1, std::memory_order_relaxed)) return true;
    }
    return false;
  }

  void run(std::size_t self) {
    bool is_searching = false;
    while (!m_is_stopping) {
      if (take(m_own_work[self]) || take(m_work)) {
        if (is_searching) m_work_event.end_search([this] { return m_work.load(std::memory_order_relaxed) > 0; });
        is_searching = false;
        m_done.fetch_add(1);
        m_done.notify_all();
        continue;
      }
      if (!is_searching) m_work_event.begin_search();
      is_searching = true;
      m_work_event.sleep(*m_parkers[self], 1h, [&] {
        return m_is_stopping || m_own_work[self].load(std::memory_order_relaxed) > 0 ||
               m_work.load(std::memory_order_relaxed) > 0;
      });
    }
    if (is_searching) m_work_event.end_search([] { return true; });
  }

  std::vector<std::unique_ptr<parker>> m_parkers;
  event_count m_work_event;
  std::vector<std::atomic<long>> m_own_work;
  std::atomic<long> m_work{0};
  std::atomic<long> m_done{0};
  std::atomic<bool> m_is_stopping{false};
  std::vector<std::thread> m_threads;
};

TEST(event_count, lose_no_wake_up_for_work_that_comes_singly) {
  crew c(2);
  for (long i = 1; i <= 5'000; ++i) {
    c.add_work();
    c.await(i);  // so that the workers are on their way to sleep when the next comes
  }
  EXPECT_EQ(c.done(), 5'000);
}

TEST(event_count, lose_no_wake_up_for_work_that_several_submit) {
  constexpr long each = 20'000;
  crew c(3);
  std::vector<std::thread> submitters;
  for (int s = 0; s < 2; ++s) {
    submitters.emplace_back([&] {
      for (long i = 0; i < each; ++i) c.add_work();
    });
  }
  for (std::thread& t : submitters) t.join();
  c.await(2 * each);
  EXPECT_EQ(c.done(), 2 * each);
}

TEST(event_count, lose_no_wake_up_for_work_that_only_one_worker_may_do) {
  crew c(3);
  for (long i = 1; i <= 5'000; ++i) {
    c.add_work_for(static_cast<std::size_t>(i % 3));
    c.await(i);
  }
  EXPECT_EQ(c.done(), 5'000);
}

TEST(event_count, do_not_sleep_when_there_is_work) {
  parker own;
  event_count all({&own});
  all.begin_search();
  EXPECT_FALSE(all.sleep(own, 1h, [] { return true; }));
  EXPECT_FALSE(own.is_sleeping());
  all.end_search([] { return false; });
}

TEST(event_count, call_the_watcher_once_for_what_may_leave_and_no_worker_takes) {
  parker own;
  event_count all({&own});
  int calls = 0;
  all.set_watcher([&] { ++calls; });
  all.notify();
  EXPECT_EQ(calls, 0) << "it does not watch";
  all.watch();
  all.notify(false);
  EXPECT_EQ(calls, 0) << "that stays here";
  all.notify();
  EXPECT_EQ(calls, 1);
  all.notify();
  EXPECT_EQ(calls, 1) << "it has been called";
  all.watch();
  all.begin_search();
  all.notify();
  EXPECT_EQ(calls, 1) << "whoever searches takes it";
  all.end_search([] { return false; });
  EXPECT_EQ(calls, 1) << "and has taken it";
  all.begin_search();
  all.end_search([] { return true; });
  EXPECT_EQ(calls, 2) << "and has found something else";
  all.watch();
  all.end_watch();
  all.notify();
  EXPECT_EQ(calls, 2);
}

TEST(event_count, sleep_no_longer_than_they_may) {
  parker own;
  event_count all({&own});
  all.begin_search();
  EXPECT_FALSE(all.sleep(own, 1ms, [] { return false; }));
  EXPECT_FALSE(all.sleep(own, 0ns, [] { return false; }));
  all.end_search([] { return false; });
}

TEST(event_count, say_that_they_were_woken) {
  parker own;
  event_count all({&own});
  std::thread waker([&] {
    while (!own.is_sleeping()) std::this_thread::yield();
    all.notify(own);
  });
  all.begin_search();
  EXPECT_TRUE(all.sleep(own, 1h, [] { return false; }));
  all.end_search([] { return false; });
  waker.join();
}

TEST(event_count, sleep_on_while_one_that_is_awake_takes_what_comes) {
  parker sleeper_bed;
  event_count all({&sleeper_bed});
  all.begin_search();
  std::thread sleeper([&] { EXPECT_TRUE(all.sleep(sleeper_bed, 1h, [] { return false; })); });
  while (!sleeper_bed.is_sleeping()) std::this_thread::yield();
  all.begin_search();
  all.notify();
  all.end_search([] { return false; });
  EXPECT_TRUE(sleeper_bed.is_sleeping()) << "the searcher has taken it";
  all.begin_search();
  int looks = 0;
  all.end_search([&] { return ++looks == 2; });
  EXPECT_EQ(looks, 2) << "what becomes visible late is found after the fence";
  sleeper.join();
  all.end_search([] { return false; });
}

}  // namespace
