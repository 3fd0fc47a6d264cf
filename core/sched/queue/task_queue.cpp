// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/sched/queue/task_queue.hpp"

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>
#include <vector>

#include "core/base/try_lock.hpp"
#include "core/task/extras.hpp"

namespace torc::sched {

using detail::record;

void task_queue::half::note_priorities() noexcept {
  double best = no_priority;
  for (const lane& each : lanes) {
    if (!each.prioritised.empty()) best = std::max(best, each.prioritised.begin()->at.priority);
  }
  const bool has_leaving_priority =
      !lane_of(mobility::anywhere).prioritised.empty() || !lane_of(mobility::somewhere).prioritised.empty();
  greatest.store(best, std::memory_order_relaxed);
  leaves_by_priority.store(has_leaving_priority, std::memory_order_relaxed);
}

const task_queue::lane* task_queue::half::next(rank of) const noexcept {
  const lane* best = nullptr;
  for (const lane& each : lanes) {
    if (each.prioritised.empty() && each.plain.empty()) continue;
    if (best == nullptr || first_of(each, of) < first_of(*best, of)) best = &each;
  }
  return best;
}

void task_queue::push(record& task, mobility where) {
  const turn at = sched::turn_of(task, s_arrivals.fetch_add(1, std::memory_order_relaxed));
  if (at.of == rank::rest && at.priority == no_priority) {
    m_arriving.push({at.arrival, &task, where});
  } else {
    insert(task, where, at);
  }
}

void task_queue::push_first(record& task) {
  insert(task, mobility::nowhere,
         {rank::below, std::numeric_limits<double>::infinity(), s_arrivals.fetch_add(1, std::memory_order_relaxed)});
}

void task_queue::insert(record& task, mobility where, const turn& at) {
  const entry pushed{at, &task};
  half& into = half_of(pushed.at.of);
  const std::scoped_lock lock(into.lock);
  link_in(task);
  lane& chosen = into.lane_of(where);
  if (pushed.at.priority > no_priority) {
    chosen.prioritised.insert(pushed);
    into.note_priorities();
  } else {
    chosen.plain.push_back(pushed);
  }
  into.count(1, where != mobility::nowhere);
}

record* task_queue::pop(rank of) noexcept {
  if (!has_items(of)) return nullptr;
  half& from = half_of(of);
  const std::scoped_lock lock(from.lock);
  record* task = nullptr;
  // What lies in a lane is older than all that arrives, or has a priority.
  if (auto* const chosen = const_cast<lane*>(from.next(of)); chosen != nullptr) {
    task = first_of(*chosen, of).task;
    from.count(-1, chosen != &from.lane_of(mobility::nowhere));
    if (!chosen->prioritised.empty()) {
      chosen->prioritised.erase(chosen->prioritised.begin());
      from.note_priorities();
    } else if (of == rank::below) {
      chosen->plain.pop_back();
    } else {
      chosen->plain.pop_front();
    }
  } else if (const arrivals::entry* const oldest = of == rank::rest ? m_arriving.first() : nullptr; oldest != nullptr) {
    task = oldest->task;
    from.count(-1, oldest->where != mobility::nowhere);
    m_arriving.take_first();
  }
  if (task != nullptr) link_out(*task);
  return task;
}

record* task_queue::pop() noexcept {
  record* const task = pop(rank::below);
  return task != nullptr ? task : pop(rank::rest);
}

std::size_t task_queue::take_revoked(revoked_tasks& into) {
  std::size_t left = 0;
  for (half& from : m_halves) {
    const std::scoped_lock lock(from.lock);
    if (&from == &half_of(rank::rest)) sort_in([] { return false; });
    for (lane& each : from.lanes) {
      const auto take = [&](const entry& e) {
        if (!is_revoked(*e.task)) return false;
        link_out(*e.task);
        into.push(*e.task);
        from.count(-1, &each != &from.lane_of(mobility::nowhere));
        return true;
      };
      std::erase_if(each.prioritised, take);
      std::erase_if(each.plain, take);
    }
    from.note_priorities();
    for (const lane& each : from.lanes) left += each.prioritised.size() + each.plain.size();
  }
  return left;
}

std::optional<turn> task_queue::first(rank of) const noexcept {
  if (!has_items(of)) return std::nullopt;
  const half& from = half_of(of);
  const std::scoped_lock lock(from.lock);
  const lane* const chosen = from.next(of);
  if (chosen != nullptr) return first_of(*chosen, of).at;
  std::optional<turn> found;
  if (of == rank::rest) m_arriving.for_oldest(1, [&](const arrivals::entry& oldest) { found = turn_of(oldest); });
  return found;
}

queue_state task_queue::look(rank of, const task_noter& note) const {
  const half& from = half_of(of);
  queue_state found;
  found.size = static_cast<std::size_t>(num_items(of));
  const auto lock = base::lock_soon(from.lock);
  found.is_known = lock.owns_lock();
  if (!found.is_known) return found;
  std::vector<entry> oldest;
  for (const lane& each : from.lanes) {
    const auto note_some = [&](const auto& entries) {
      std::size_t left = most_noted;
      for (auto e = entries.begin(); e != entries.end() && left > 0; ++e, --left) note(*e->task);
    };
    note_some(each.prioritised);
    note_some(each.plain);
    const auto add_first = [&](const auto& entries) {
      const auto some = static_cast<std::ptrdiff_t>(std::min(entries.size(), queue_state::most_named));
      oldest.insert(oldest.end(), entries.begin(), std::next(entries.begin(), some));
    };
    add_first(each.prioritised);
    add_first(each.plain);
  }
  if (of == rank::rest) {
    m_arriving.for_oldest(most_noted, [&](const arrivals::entry& each) { note(*each.task); });
    m_arriving.for_oldest(queue_state::most_named, [&](const arrivals::entry& each) {
      oldest.push_back({turn_of(each), each.task});
    });
  }
  std::sort(oldest.begin(), oldest.end(), [](const entry& a, const entry& b) { return a.at.arrival < b.at.arrival; });
  oldest.resize(std::min(oldest.size(), queue_state::most_named));
  for (const entry& one : oldest) found.first.push_back(task::naming_of(*one.task));
  return found;
}

queue_state task_queue::look(const task_noter& note) const {
  queue_state all = look(rank::below, note);
  queue_state rest = look(rank::rest, note);
  all.is_known = all.is_known && rest.is_known;
  all.size += rest.size;
  std::move(rest.first.begin(), rest.first.end(), std::back_inserter(all.first));
  all.first.resize(std::min(all.first.size(), queue_state::most_named));
  return all;
}

bool task_queue::leaves_by_priority() const noexcept {
  const half& from = half_of(num_leaving(rank::rest) != 0 ? rank::rest : rank::below);
  return from.leaves_by_priority.load(std::memory_order_relaxed);
}

}  // namespace torc::sched
