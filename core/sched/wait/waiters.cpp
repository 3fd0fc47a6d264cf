// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/sched/wait/waiters.hpp"

#include <array>
#include <cstdint>
#include <mutex>

#include "core/base/cache_line.hpp"
#include "core/base/spinlock.hpp"

namespace torc::sched {
namespace {

using detail::record;
using detail::waiter;
namespace bits = detail::state_bits;

struct alignas(base::cache_line_bytes) padded_lock {
  base::spinlock lock;
};
constinit std::array<padded_lock, 64> g_locks;

/// Few futures are ever waited for by name, so their lists share locks.
base::spinlock& lock_of(const record& task) noexcept {
  const auto address = reinterpret_cast<std::uintptr_t>(&task) / detail::block_granularity_bytes;
  return g_locks[(address ^ (address >> 6U)) % g_locks.size()].lock;
}

waiter* take_front(waiter*& list) noexcept {
  waiter* const front = list;
  list = front->next;
  return front;
}

waiter* push_front(waiter* front, waiter* list) noexcept {
  front->next = list;
  return front;
}

}  // namespace

bool add_waiter(record& task, waiter& added) noexcept {
  const std::scoped_lock lock(lock_of(task));
  if ((task.state.fetch_or(bits::has_waiters, std::memory_order_acq_rel) & bits::done) != 0) return false;
  added.next = task.waiters;
  task.waiters = &added;
  return true;
}

void remove_waiter(record& task, waiter& removed) noexcept {
  const std::scoped_lock lock(lock_of(task));
  for (waiter** at = &task.waiters; *at != nullptr; at = &(*at)->next) {
    if (*at == &removed) {
      *at = removed.next;
      return;
    }
  }
}

void fire_waiters(record& task) noexcept {
  waiter* later = nullptr;
  {
    const std::scoped_lock lock(lock_of(task));
    waiter* in_order = nullptr;
    while (task.waiters != nullptr) in_order = push_front(take_front(task.waiters), in_order);
    waiter** last_later = &later;
    for (waiter* w = in_order; w != nullptr;) {
      waiter* const next = w->next;  // read first: its owner may go on as soon as it has fired
      if (w->is_removable) {
        w->fire(task);
      } else {
        w->next = nullptr;
        *last_later = w;
        last_later = &w->next;
      }
      w = next;
    }
  }
  while (later != nullptr) {
    waiter* const next = later->next;
    later->fire(task);
    later = next;
  }
}

std::uint64_t next_callback(record& task) noexcept {
  const std::scoped_lock lock(lock_of(task));
  return task.callbacks++;
}

}  // namespace torc::sched
