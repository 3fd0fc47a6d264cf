// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <atomic>

#include "core/base/check.hpp"

namespace torc::sched {

/// An item is in one queue at most: its `next`, an atomic pointer, is the item itself as long as it is in none, and
/// whatever the queue likes while it is in one. Who has not taken an item out of its queue must not queue it again,
/// whatever else it knows of it.
template <class Item>
bool is_queued(const Item& item) noexcept {
  return item.next.load(std::memory_order_relaxed) != &item;
}

/// Before a queue takes the item.
template <class Item>
void link_in(Item& item) {
  TORC_CHECK(!is_queued(item));
  item.next.store(nullptr, std::memory_order_relaxed);
}

/// Before a queue hands the item out.
template <class Item>
void link_out(Item& item) noexcept {
  item.next.store(&item, std::memory_order_relaxed);
}

}  // namespace torc::sched
