// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

#include "core/base/clock.hpp"

namespace torc::sched {

/// Something to do at a time. Lives until it has fired or been removed.
class timer {
 public:
  timer() = default;
  timer(const timer&) = delete;
  timer& operator=(const timer&) = delete;
  /// Called on the timers' thread; may not add or remove timers.
  virtual void expired() noexcept = 0;

 protected:
  ~timer() = default;

 private:
  friend class timers;
  std::multimap<base::time_point, timer*>::iterator m_place;
  bool m_is_armed = false;
};

/// When the tick is due that follows one which was due at `last`: an interval after that, however late it was, so that
/// ticks of all nodes keep pace. One that is overdue comes at once, but those before it are not made up for.
base::time_point tick_after(base::time_point last, base::clock::duration interval, base::time_point now) noexcept;

/// The node's service thread: fires timers, since all workers may be busy when one is due, and calls `tick` now and
/// then. Timers may be added before it has started, and removed after it has stopped.
class timers {
 public:
  timers() = default;
  timers(const timers&) = delete;
  timers& operator=(const timers&) = delete;
  ~timers() { stop(); }

  /// Once.
  void start(std::chrono::milliseconds tick_interval, std::function<void()> tick);
  /// Nothing fires any more. Idempotent.
  void stop();

  void add(timer& t, base::time_point when);
  /// After this the timer is not being fired and will not be. Waits for a firing that is under way.
  void remove(timer& t);

 private:
  void run();

  std::chrono::milliseconds m_tick_interval{};
  std::function<void()> m_tick;
  std::mutex m_mutex;
  std::condition_variable m_changed;
  std::condition_variable m_fired;
  std::multimap<base::time_point, timer*> m_due;
  timer* m_firing = nullptr;
  bool m_is_stopping = false;
  std::thread m_thread;
};

}  // namespace torc::sched
