// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/runtime/encoders.hpp"

#include <utility>

namespace torc::runtime {

bool encoders::order(std::function<void()> work) {
  const std::scoped_lock lock(m_mutex);
  if (m_orders.empty()) m_last_taken = base::now();
  m_orders.push_back(std::move(work));
  if (m_threads.empty()) m_threads.emplace_back([this] { run(); });
  relieve_locked();
  m_ordered.notify_one();
  return m_num_idle >= m_orders.size();
}

void encoders::relieve() {
  const std::scoped_lock lock(m_mutex);
  relieve_locked();
}

/// Those who have taken the orders before are stuck in them.
void encoders::relieve_locked() {
  if (m_orders.empty() || m_num_idle > 0 || m_threads.size() == most_threads) return;
  if (base::now() - m_last_taken < patience) return;
  m_threads.emplace_back([this] { run(); });
  m_last_taken = base::now();
}

bool encoders::is_behind() const noexcept {
  const std::scoped_lock lock(m_mutex);
  return !m_orders.empty();
}

void encoders::run() {
  std::unique_lock lock(m_mutex);
  for (;;) {
    ++m_num_idle;
    m_ordered.wait(lock, [this] { return m_is_stopping || !m_orders.empty(); });
    --m_num_idle;
    if (m_orders.empty()) return;
    const std::function<void()> work = std::move(m_orders.front());
    m_orders.pop_front();
    m_last_taken = base::now();
    lock.unlock();
    work();
    lock.lock();
  }
}

void encoders::stop() {
  {
    const std::scoped_lock lock(m_mutex);
    m_is_stopping = true;
    m_ordered.notify_all();
  }
  for (std::thread& t : m_threads) t.join();
  m_threads.clear();
}

}  // namespace torc::runtime
