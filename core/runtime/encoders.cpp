// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/runtime/encoders.hpp"

#include <exception>
#include <utility>

namespace torc::runtime {

bool encoders::order(std::function<void()> work) {
  const std::scoped_lock lock(m_mutex);
  if (m_orders.empty()) m_last_taken = base::now();
  m_orders.push_back(std::move(work));
  if (m_threads.empty()) {
    start_thread();
  } else {
    relieve_locked();
  }
  m_ordered.notify_one();
  return m_num_idle >= m_orders.size();
}

void encoders::relieve() {
  std::unique_lock lock(m_mutex);
  relieve_locked();
  if (m_threads.empty() && !m_orders.empty()) do_next(lock);
}

/// Those who have taken the orders before are stuck in them.
void encoders::relieve_locked() {
  if (m_orders.empty() || m_num_idle > 0 || m_threads.size() == most_threads) return;
  if (base::now() - m_last_taken < patience) return;
  start_thread();
  m_last_taken = base::now();
}

/// Unless the system has none to give; then it is asked again when orders have waited once more.
void encoders::start_thread() noexcept {
  try {
    m_threads.emplace_back([this] { run(); });
  } catch (const std::exception&) {  // NOLINT(*-empty-catch)
  }
}

bool encoders::is_behind() const noexcept {
  const std::scoped_lock lock(m_mutex);
  return !m_orders.empty();
}

void encoders::run() {
  if (m_begin_thread) m_begin_thread();
  std::unique_lock lock(m_mutex);
  for (;;) {
    ++m_num_idle;
    m_ordered.wait(lock, [this] { return m_is_stopping || !m_orders.empty(); });
    --m_num_idle;
    if (m_orders.empty()) return;
    do_next(lock);
  }
}

/// Without the lock meanwhile.
void encoders::do_next(std::unique_lock<std::mutex>& lock) {
  const std::function<void()> work = std::move(m_orders.front());
  m_orders.pop_front();
  m_last_taken = base::now();
  lock.unlock();
  work();
  lock.lock();
}

void encoders::stop() {
  {
    std::unique_lock lock(m_mutex);
    m_is_stopping = true;
    m_ordered.notify_all();
    while (m_threads.empty() && !m_orders.empty()) do_next(lock);
  }
  for (std::thread& t : m_threads) t.join();
  m_threads.clear();
}

}  // namespace torc::runtime
