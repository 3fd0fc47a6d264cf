// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/sched/wait/limits.hpp"

#include <algorithm>
#include <utility>

#include "core/base/try_lock.hpp"
#include "core/sched/peers/peers.hpp"
#include "core/sched/queue/queue_link.hpp"
#include "core/sched/queue/turn.hpp"
#include "core/task/extras.hpp"

namespace torc::sched {

using detail::record;

std::vector<record*> limits::declare(std::uint32_t number, const std::string& name, std::int64_t capacity,
                                     bool is_per_node, revoked_tasks& revoked) {
  changes made{revoked};
  {
    const std::scoped_lock lock(m_mutex);
    limit& l = m_limits[name];
    l.number = number;
    l.capacity = capacity;
    l.is_per_node = is_per_node;
    l.is_remote = m_peers != nullptr && !is_per_node;
    l.line.set_capacity(capacity);
    hand_on(l, made);
  }
  return settle(made);
}

std::optional<std::int64_t> limits::capacity_of(const std::string& name) const {
  const std::scoped_lock lock(m_mutex);
  const auto found = m_limits.find(name);
  return found != m_limits.end() ? std::optional(found->second.capacity) : std::nullopt;
}

std::optional<bool> limits::is_per_node(const std::string& name) const {
  const std::scoped_lock lock(m_mutex);
  const auto found = m_limits.find(name);
  return found != m_limits.end() ? std::optional(found->second.is_per_node) : std::nullopt;
}

std::uint32_t limits::number_of(const std::string& name) const {
  const std::scoped_lock lock(m_mutex);
  return m_limits.at(name).number;
}

bool limits::lacks_units(std::uint32_t number) const {
  const std::scoped_lock lock(m_mutex);
  for (const auto& [name, l] : m_limits) {
    if (l.number != number) continue;
    // What waits while more could ask was cancelled.
    const bool waits_to_ask = l.waiting.has_items() && l.num_active >= m_num_runners;
    return l.num_asked > 0 || waits_to_ask || l.line.num_waiting() > 0;
  }
  return false;
}

bool limits::may_be_used_up() const {
  const std::scoped_lock lock(m_mutex);
  return std::any_of(m_limits.begin(), m_limits.end(), [](const auto& entry) {
    const limit& l = entry.second;
    // Of a remote one only node 0 knows what all others hold.
    return l.is_remote ? l.num_active > 0 || l.num_resting > 0 || l.waiting.has_items() : l.line.may_be_used_up();
  });
}

std::string limits::names() const {
  const std::scoped_lock lock(m_mutex);
  std::string text;
  for (const auto& [name, l] : m_limits) text += (text.empty() ? "'" : ", '") + name + "'";
  return text.empty() ? "none" : text;
}

std::vector<record*> limits::acquire(record& task, mobility where, revoked_tasks& revoked) {
  changes made{revoked};
  {
    const std::scoped_lock lock(m_mutex);
    if (task.extras->units_held.load(std::memory_order_relaxed) > 0 || is_revoked(task)) return {&task};
    limit& l = m_limits.at(task.extras->options.limit.name);
    if (l.is_remote) {
      l.waiting.push(task, where);
      ask_for_waiting(l, made);
    } else {
      link_in(task);
      l.line.ask(&task, task.extras->options.limit.units, priority_of(task));
      hand_on(l, made);
    }
    count_movable();
  }
  return settle(made);
}

std::vector<record*> limits::release(record& task, revoked_tasks& revoked) {
  changes made{revoked};
  {
    const std::scoped_lock lock(m_mutex);
    const std::int64_t units = task.extras->units_held.exchange(0, std::memory_order_relaxed);
    limit& l = m_limits.at(task.extras->options.limit.name);
    if (!l.is_remote) {
      l.line.give_back(units);
      hand_on(l, made);  // even if it had none: it may have been the first in line
    } else if (units > 0) {
      --(std::exchange(task.extras->is_resting, false) ? l.num_resting : l.num_active);
      made.back = {l.number, units};
      ask_for_waiting(l, made);
      count_movable();
    }
  }
  return settle(made);
}

void limits::rest(record& task) {
  revoked_tasks revoked;
  changes made{revoked};
  {
    const std::scoped_lock lock(m_mutex);
    limit& l = m_limits.at(task.extras->options.limit.name);
    if (!l.is_remote || std::exchange(task.extras->is_resting, true)) return;
    --l.num_active;
    ++l.num_resting;
    ask_for_waiting(l, made);
    // Given up by whoever comes next: what they hold may run code of the user's, and a task is about to be suspended.
    while (record* const entry = revoked.pop()) l.waiting.push(*entry, mobility::nowhere);
    count_movable();
  }
  settle(made);
}

record* limits::granted(std::uint64_t ticket, std::int64_t units, revoked_tasks& revoked) {
  changes made{revoked};
  {
    const std::scoped_lock lock(m_mutex);
    const auto found = m_asking.find(ticket);
    record* const task = found->second.task;
    limit& l = *found->second.of;
    m_asking.erase(found);
    --l.num_asked;
    if (task != nullptr) link_out(*task);
    if (task != nullptr && !is_revoked(*task)) {
      task->extras->units_held.store(units, std::memory_order_relaxed);
      count_movable();
      return task;
    }
    if (task != nullptr) made.revoked.push(*task);
    --l.num_active;
    ask_for_waiting(l, made);
    count_movable();
  }
  settle(made);
  return nullptr;
}

bool limits::has_asked(std::uint64_t ticket) const {
  const std::scoped_lock lock(m_mutex);
  return m_asking.contains(ticket);
}

std::size_t limits::take_revoked(revoked_tasks& into) {
  const std::scoped_lock lock(m_mutex);
  std::size_t left = 0;
  for (auto& [name, l] : m_limits) {
    l.line.dismiss_if([&](record* entry) {
      if (!is_revoked(*entry)) return false;
      link_out(*entry);
      into.push(*entry);
      return true;
    });
    left += l.waiting.take_revoked(into) + l.line.num_waiting();
  }
  count_movable();
  return left;
}

namespace {

void name_one(queue_state& of, const record& waiting) {
  if (of.first.size() < queue_state::most_named) of.first.push_back(task::naming_of(waiting));
}

}  // namespace

bool limits::look(std::vector<limit_state>& all, const task_noter& note) const {
  const auto lock = base::lock_soon(m_mutex);
  if (!lock.owns_lock()) return false;
  for (const auto& [name, l] : m_limits) {
    limit_state& found = all.emplace_back(limit_state{.name = name, .capacity = l.capacity, .is_of_job = l.is_remote});
    found.in_use = l.is_remote ? l.num_active + l.num_resting - l.num_asked : l.line.in_use();
    found.waiting = l.waiting.look(note);
    found.waiting.size += l.line.num_waiting();
    l.line.for_first(most_noted, [&](const record* waiting) {
      note(*waiting);
      name_one(found.waiting, *waiting);
    });
  }
  for (const auto& [ticket, asked] : m_asking) {
    if (asked.task == nullptr) continue;
    const auto found = std::find_if(all.begin(), all.end(), [&](const limit_state& one) {
      return one.name == asked.task->extras->options.limit.name;
    });
    ++found->waiting.size;
    note(*asked.task);
    name_one(found->waiting, *asked.task);
  }
  return true;
}

record* limits::take_waiting() {
  const std::scoped_lock lock(m_mutex);
  for (auto& [name, l] : m_limits) {
    if (const auto first = l.line.dismiss()) {
      link_out(**first);
      return *first;
    }
    if (record* const task = l.waiting.pop(); task != nullptr) {
      count_movable();
      return task;
    }
  }
  return nullptr;
}

record* limits::take_asking() {
  const std::scoped_lock lock(m_mutex);
  for (auto& [ticket, asked] : m_asking) {
    if (asked.task == nullptr) continue;
    link_out(*asked.task);
    return std::exchange(asked.task, nullptr);
  }
  return nullptr;
}

/// Gives units to those that are next in line.
void limits::hand_on(limit& l, changes& made) {
  for (;;) {
    while (l.line.first() != nullptr && is_revoked(**l.line.first())) {
      record* const entry = *l.line.dismiss();
      link_out(*entry);
      made.revoked.push(*entry);
    }
    const auto next = l.line.next();
    if (!next) return;
    link_out(*next->to);
    next->to->extras->units_held.store(next->units, std::memory_order_relaxed);
    made.freed.push_back(next->to);
  }
}

void limits::count_movable() noexcept {
  std::int64_t count = 0;
  for (const auto& [name, l] : m_limits) count += l.num_asked == 0 ? l.waiting.num_leaving() : 0;
  m_num_movable.store(count, std::memory_order_relaxed);
}

void limits::ask_for_waiting(limit& l, changes& made) {
  while (l.num_active < m_num_runners) {
    record* const task = l.waiting.pop();
    if (task == nullptr) return;
    if (is_revoked(*task)) {
      made.revoked.push(*task);
      continue;
    }
    link_in(*task);
    ++l.num_active;
    ++l.num_asked;
    m_asking.emplace(m_next_ticket, asking{task, &l});
    made.questions.push_back({l.number, task->extras->options.limit.units, priority_of(*task), m_next_ticket++});
  }
}

/// Without the lock.
std::vector<record*> limits::settle(changes& made) {
  if (made.back.units > 0) m_peers->give_units_back(made.back.limit, static_cast<std::uint32_t>(made.back.units));
  for (const question& q : made.questions)
    m_peers->ask_for_units(q.limit, static_cast<std::uint32_t>(q.units), q.priority, q.ticket);
  return std::move(made.freed);
}

}  // namespace torc::sched
