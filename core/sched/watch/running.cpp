// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/sched/watch/running.hpp"

#include <algorithm>
#include <thread>
#include <utility>

#include "core/base/forked_child.hpp"
#include "core/task/extras.hpp"

namespace torc::sched {

void running_bodies::note_suspensions(observed& seen, base::time_point now) {
  constexpr std::size_t most_kept = 64;
  const std::uint64_t so_far = seen.counts->suspended.value();
  if (!seen.suspensions.empty() && seen.suspensions.back().first == so_far) return;
  seen.suspensions.emplace_back(so_far, now);
  if (seen.suspensions.size() <= most_kept) return;
  // Every second one of the older half.
  std::vector<std::pair<std::uint64_t, base::time_point>> kept;
  for (std::size_t i = 0; i < seen.suspensions.size(); ++i) {
    if (i > most_kept / 2 || i % 2 == 0) kept.push_back(seen.suspensions[i]);
  }
  seen.suspensions = std::move(kept);
}

std::chrono::nanoseconds running_bodies::observation::age_of_suspension(std::uint64_t number) const noexcept {
  const auto first =
      std::find_if(suspensions.begin(), suspensions.end(), [&](const auto& noted) { return noted.first > number; });
  return first != suspensions.end() ? base::now() - first->second : std::chrono::nanoseconds{};
}

void running_bodies::note_age(observed& seen, base::time_point now) {
  const detail::record* const task = seen.runs->load(std::memory_order_acquire);
  const std::uint64_t executed = seen.counts->executed.value();
  const std::uint64_t suspended = seen.counts->suspended.value();
  if (task == seen.task && executed == seen.executed && suspended == seen.suspended) return;
  seen.task = task;
  seen.executed = executed;
  seen.suspended = suspended;
  seen.since = now;
}

void running_bodies::note_ages() {
  const std::scoped_lock lock(m_mutex);
  const auto now = base::now();
  for (observed& seen : m_threads) {
    note_age(seen, now);
    note_suspensions(seen, now);
  }
}

running_bodies::reading::reading(running_bodies& all) : m_all(all), m_lock(all.m_mutex) {
  m_all.m_are_read.store(true, std::memory_order_relaxed);
  base::heavy_fence();
}

bool running_bodies::observation::is_primary() const noexcept {
  constexpr auto primary = detail::record_flags::primary | detail::record_flags::detached;
  return task != nullptr && (task->flags & primary) == primary;
}

std::vector<running_body> running_bodies::look() {
  std::vector<running_body> found;
  std::vector<task::naming> names;
  {
    const reading from_here(*this);
    for_each(from_here, [&](const observation& seen) {
      if (seen.task == nullptr) return;
      names.push_back(task::naming_of(*seen.task));
      found.push_back({.task = {}, .thread = seen.name, .is_primary = seen.is_primary(), .age = seen.age});
    });
  }
  // Names of functions are looked up only now, which takes a while.
  for (std::size_t i = 0; i < found.size(); ++i) found[i].task = task::name_of(names[i]);
  return found;
}

void running_bodies::wait_until_read() const noexcept {
  if (base::is_forked_child())
    base::end_forked_child("a child of fork has returned from the body of a task, or waits in it: it may exec or end");
  while (m_are_read.load(std::memory_order_acquire)) std::this_thread::yield();
}

}  // namespace torc::sched
