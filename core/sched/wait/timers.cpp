// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/sched/wait/timers.hpp"

#include <algorithm>
#include <utility>

namespace torc::sched {

base::time_point tick_after(base::time_point last, base::clock::duration interval, base::time_point now) noexcept {
  return std::max(last + interval, now);
}

void timers::start(std::chrono::milliseconds tick_interval, std::function<void()> tick) {
  m_tick_interval = tick_interval;
  m_tick = std::move(tick);
  m_thread = std::thread([this] { run(); });
}

void timers::stop() {
  {
    const std::scoped_lock lock(m_mutex);
    m_is_stopping = true;
  }
  m_changed.notify_one();
  if (m_thread.joinable()) m_thread.join();
}

void timers::add(timer& t, base::time_point when) {
  const std::scoped_lock lock(m_mutex);
  t.m_place = m_due.emplace(when, &t);
  t.m_is_armed = true;
  if (t.m_place == m_due.begin()) m_changed.notify_one();
}

void timers::remove(timer& t) {
  std::unique_lock lock(m_mutex);
  if (t.m_is_armed) {
    m_due.erase(t.m_place);
    t.m_is_armed = false;
  }
  m_fired.wait(lock, [&] { return m_firing != &t; });
}

void timers::run() {
  std::unique_lock lock(m_mutex);
  auto next_tick = base::now() + m_tick_interval;
  while (!m_is_stopping) {
    const auto now = base::now();
    if (!m_due.empty() && m_due.begin()->first <= now) {
      m_firing = m_due.begin()->second;
      m_firing->m_is_armed = false;
      m_due.erase(m_due.begin());
      lock.unlock();
      m_firing->expired();
      lock.lock();
      m_firing = nullptr;
      m_fired.notify_all();
    } else if (next_tick <= now) {
      lock.unlock();
      m_tick();
      lock.lock();
      next_tick = tick_after(next_tick, m_tick_interval, base::now());
    } else {
      // A copy: wait_until reads it again afterwards, when the timer may have been removed.
      const auto until = m_due.empty() ? next_tick : std::min(next_tick, m_due.begin()->first);
      m_changed.wait_until(lock, until);
    }
  }
}

}  // namespace torc::sched
