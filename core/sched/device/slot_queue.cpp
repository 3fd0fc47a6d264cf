// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/sched/device/slot_queue.hpp"

#include <algorithm>
#include <mutex>
#include <utility>

#include "core/base/try_lock.hpp"
#include "core/sched/queue/queue_link.hpp"
#include "core/sched/wait/mailbox.hpp"
#include "core/task/extras.hpp"

namespace torc::sched {
namespace {

using detail::record;
namespace flags = detail::record_flags;

bool is_for_host_too(const record& task) noexcept { return task.extras->is_for_host_too; }

}  // namespace

void slot_queue::add_slot(device& where, int index, const worker* runner) {
  m_slots.emplace_back(where, index, runner);
  m_num_free.fetch_add(1, std::memory_order_relaxed);
}

void slot_queue::push(record& task) {
  bool has_taker = is_for_host_too(task);
  {
    const std::scoped_lock lock(m_lock);
    if (is_starving()) m_times_busy.fetch_add(1, std::memory_order_relaxed);
    m_tasks.emplace(place{(task.flags & flags::in_device) != 0, turn_of(task, m_arrivals++)}, &task);
    link_in(task);
    m_num_tasks.fetch_add(1, std::memory_order_seq_cst);
    if (has_taker) m_num_for_host.fetch_add(1, std::memory_order_seq_cst);
    has_taker = has_taker || has_place_for_first();
  }
  // Else whoever gives back or lends a slot will see it.
  if (has_taker) m_wake();
}

slots_state slot_queue::look(const task_noter& note) const {
  slots_state found;
  found.space = m_space;
  found.num_free = num_free();
  found.waiting.size = static_cast<std::size_t>(std::max<std::int64_t>(0, m_num_tasks.load(std::memory_order_relaxed)));
  const auto lock = base::lock_soon(m_lock);
  found.is_known = found.waiting.is_known = lock.owns_lock();
  if (!found.is_known) return found;
  found.num_lent = m_num_lent;
  for (const slot& s : m_slots) found.num_taken += s.top != nullptr ? 1 : 0;
  std::size_t left = most_noted;
  for (auto next = m_tasks.begin(); next != m_tasks.end() && left > 0; ++next, --left) {
    note(*next->second);
    if (found.waiting.first.size() < queue_state::most_named)
      found.waiting.first.push_back(task::naming_of(*next->second));
  }
  return found;
}

record* slot_queue::extract(tasks::iterator at) noexcept {
  record* const task = at->second;
  m_tasks.erase(at);
  link_out(*task);
  m_num_tasks.fetch_sub(1, std::memory_order_relaxed);
  if (is_for_host_too(*task)) m_num_for_host.fetch_sub(1, std::memory_order_relaxed);
  return task;
}

std::pair<slot*, slot_queue::tasks::iterator> slot_queue::next_turn(const worker& runner) noexcept {
  if (m_tasks.empty()) return {nullptr, m_tasks.end()};
  for (slot& s : m_slots) {
    if (s.top == nullptr && may_use(s, runner)) return {&s, m_tasks.begin()};
  }
  if (m_num_lent == 0) return {nullptr, m_tasks.end()};
  // Those below a device task come first in the order of all.
  if (!m_tasks.begin()->first.is_below_device) return {nullptr, m_tasks.end()};
  for (slot& s : m_slots) {
    if (s.top != nullptr && s.top->is_lent && may_use(s, runner)) return {&s, m_tasks.begin()};
  }
  return {nullptr, m_tasks.end()};
}

record* slot_queue::take(const worker& runner, lease& held) noexcept {
  if (m_num_tasks.load(std::memory_order_relaxed) == 0) return nullptr;
  const std::scoped_lock lock(m_lock);
  const auto [where, at] = next_turn(runner);
  if (where == nullptr) return nullptr;
  record* const task = extract(at);
  held.held = where;
  held.below = where->top;
  if (held.below == nullptr) {
    m_num_free.fetch_sub(1, std::memory_order_relaxed);
  } else {
    --m_num_lent;
  }
  where->top = &held;
  return task;
}

void slot_queue::give_back(lease& held, bool takes_next) noexcept {
  slot& where = *held.held;
  held.memory.give_back(where.memory);
  lease* next = nullptr;
  bool has_place = false;
  {
    const std::scoped_lock lock(m_lock);
    next = held.below;
    where.top = next;
    if (next == nullptr) {
      m_num_free.fetch_add(1, std::memory_order_relaxed);
    } else if (next->waiting != nullptr) {
      next->is_lent = false;
    } else {
      ++m_num_lent;
      next = nullptr;
    }
    has_place = has_place_for_first();
  }
  if (next != nullptr) {
    next->owner->make_ready(*std::exchange(next->waiting, nullptr));
  } else if (has_place && !takes_next) {
    m_wake();
  }
}

void slot_queue::lend(lease& held) noexcept {
  bool has_place = false;
  {
    const std::scoped_lock lock(m_lock);
    held.is_lent = true;
    ++m_num_lent;
    has_place = has_place_for_first();
  }
  if (has_place) m_wake();
}

bool slot_queue::reclaim(lease& held, mailbox& owner, fiber::fiber& waiting) noexcept {
  const std::scoped_lock lock(m_lock);
  if (held.held->top == &held) {
    held.is_lent = false;
    --m_num_lent;
    return true;
  }
  held.owner = &owner;
  held.waiting = &waiting;
  return false;
}

record* slot_queue::take_for_host(rank of) noexcept {
  if (!has_for_host()) return nullptr;
  const std::scoped_lock lock(m_lock);
  const auto found =
      std::find_if(m_tasks.begin(), m_tasks.end(), [](const auto& t) { return is_for_host_too(*t.second); });
  return found != m_tasks.end() && found->first.at.of == of ? extract(found) : nullptr;
}

std::size_t slot_queue::take_revoked(revoked_tasks& into) {
  const std::scoped_lock lock(m_lock);
  for (auto next = m_tasks.begin(); next != m_tasks.end();) {
    const auto at = next++;
    if (is_revoked(*at->second)) into.push(*extract(at));
  }
  return m_tasks.size();
}

record* slot_queue::take_leftover() noexcept {
  const std::scoped_lock lock(m_lock);
  return m_tasks.empty() ? nullptr : extract(m_tasks.begin());
}

bool slot_queue::has_turn(const worker& runner) const noexcept {
  if (m_num_tasks.load(std::memory_order_seq_cst) == 0) return false;
  auto& self = const_cast<slot_queue&>(*this);
  const std::scoped_lock lock(m_lock);
  return self.next_turn(runner).first != nullptr;
}

std::int64_t slot_queue::surplus() const noexcept {
  return std::max<std::int64_t>(0, m_num_tasks.load(std::memory_order_relaxed) - num_free());
}

}  // namespace torc::sched
