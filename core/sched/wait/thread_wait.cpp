// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/sched/wait/thread_wait.hpp"

#include <unistd.h>

#include <mutex>

#include "core/base/try_lock.hpp"

namespace torc::sched {
namespace {

constinit std::mutex g_mutex;
constinit thread_wait* g_newest = nullptr;  // guarded

}  // namespace

thread_wait::thread_wait(const wait_cause& cause) noexcept
    : m_cause(cause), m_thread(::gettid()), m_since(base::now()) {
  const std::scoped_lock lock(g_mutex);
  m_next = g_newest;
  if (m_next != nullptr) m_next->m_previous = this;
  g_newest = this;
}

thread_wait::~thread_wait() {
  const std::scoped_lock lock(g_mutex);
  (m_previous != nullptr ? m_previous->m_next : g_newest) = m_next;
  if (m_next != nullptr) m_next->m_previous = m_previous;
}

bool thread_wait::for_each(const std::function<void(const thread_wait&)>& function) {
  const auto lock = base::lock_soon(g_mutex);
  if (!lock.owns_lock()) return false;
  for (const thread_wait* wait = g_newest; wait != nullptr; wait = wait->m_next) function(*wait);
  return true;
}

}  // namespace torc::sched
