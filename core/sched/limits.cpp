// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/sched/limits.hpp"

#include "core/base/try_lock.hpp"
#include "core/task/extras.hpp"

namespace torc::sched {

std::vector<detail::record*> limits::set(const std::string& name, int capacity) {
  const std::scoped_lock lock(m_mutex);
  limit& l = m_limits[name];
  l.capacity = capacity;
  std::vector<detail::record*> freed;
  while (detail::record* const task = hand_on(l)) freed.push_back(task);
  return freed;
}

bool limits::has(const std::string& name) const {
  const std::scoped_lock lock(m_mutex);
  return m_limits.contains(name);
}

std::string limits::names() const {
  const std::scoped_lock lock(m_mutex);
  std::string text;
  for (const auto& [name, l] : m_limits) text += (text.empty() ? "'" : ", '") + name + "'";
  return text.empty() ? "none" : text;
}

bool limits::acquire(detail::record& task) {
  const std::scoped_lock lock(m_mutex);
  if (task.extras->holds_limit) return true;
  limit& l = m_limits[task.extras->options.limit];
  if (l.in_use < l.capacity) {
    ++l.in_use;
    task.extras->holds_limit = true;
    return true;
  }
  l.waiting.push(task);
  return false;
}

detail::record* limits::release(detail::record& task) {
  const std::scoped_lock lock(m_mutex);
  limit& l = m_limits[task.extras->options.limit];
  task.extras->holds_limit = false;
  --l.in_use;
  return hand_on(l);
}

std::size_t limits::take_revoked(revoked_tasks& into) {
  const std::scoped_lock lock(m_mutex);
  std::size_t left = 0;
  for (auto& [name, l] : m_limits) left += l.waiting.take_revoked(into);
  return left;
}

bool limits::look(std::vector<limit_state>& all) const {
  const auto lock = base::lock_soon(m_mutex);
  if (!lock.owns_lock()) return false;
  for (const auto& [name, l] : m_limits)
    all.push_back({.name = name, .capacity = l.capacity, .in_use = l.in_use, .waiting = l.waiting.look()});
  return true;
}

detail::record* limits::take_leftover() {
  const std::scoped_lock lock(m_mutex);
  for (auto& [name, l] : m_limits) {
    if (detail::record* const task = l.waiting.pop(); task != nullptr) return task;
  }
  return nullptr;
}

detail::record* limits::hand_on(limit& l) {
  if (l.in_use >= l.capacity) return nullptr;
  detail::record* const next = l.waiting.pop();
  if (next != nullptr) {
    ++l.in_use;
    next->extras->holds_limit = true;
  }
  return next;
}

}  // namespace torc::sched
