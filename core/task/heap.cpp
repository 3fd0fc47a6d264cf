// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/task/heap.hpp"

#include <mutex>
#include <new>
#include <vector>

namespace torc::task {

constinit thread_local heap* heap::t_mine = nullptr;

namespace {

/// Heaps without a thread.
struct orphans {
  std::mutex mutex;
  std::vector<heap*> heaps;
};

orphans& orphanage() {
  static auto* const only = new orphans;
  return *only;
}

}  // namespace

/// Gives the heap away when its thread ends.
struct guardian {
  ~guardian() {
    if (!is_watching) return;
    const std::scoped_lock lock(orphanage().mutex);
    orphanage().heaps.push_back(heap::t_mine);
    heap::t_mine = nullptr;
  }
  bool is_watching = false;
};

void heap::adopt() {
  static thread_local guardian watch;
  watch.is_watching = true;
  const std::scoped_lock lock(orphanage().mutex);
  if (orphanage().heaps.empty()) {
    t_mine = new heap;
    return;
  }
  t_mine = orphanage().heaps.back();
  orphanage().heaps.pop_back();
}

slab& heap::new_slab(std::uint8_t size_class) {
  auto* const memory = static_cast<std::byte*>(depot().take());
  base::unpoison(memory, slab::size_bytes);
  auto* const s = ::new (memory) slab;
  const std::size_t block_bytes = detail::block_bytes_of(size_class);
  s->owner = this;
  s->size_class = size_class;
  // Blocks begin at a multiple of the granularity behind the header, whole ones only.
  s->fresh = memory + sizeof(slab);
  s->end = s->fresh + (slab::size_bytes - sizeof(slab)) / block_bytes * block_bytes;
  return *s;
}

void* heap::allocate_slowly(std::uint8_t size_class) {
  collect();
  slab* s = m_current[size_class];
  if (s == nullptr || (s->free == nullptr && s->fresh == s->end)) {
    s = m_listed[size_class];
    if (s != nullptr) {
      unlist(*s);
    } else {
      s = &new_slab(size_class);
    }
    m_current[size_class] = s;  // the one before is full: it is listed again when one of its blocks comes back
  }
  return take_current(size_class);
}

void heap::free_remote(slab& s, free_block* freed) noexcept {
  heap* const owner = s.owner;
  const std::uint16_t place = s.granule_of(freed);
  block_list before = s.remote.load(std::memory_order_relaxed);
  do {
    freed->next = before.count != 0 ? s.at(before.first) : nullptr;
    // Releases the block. Acquires, should it be the first, that the owner has done with next_notified.
  } while (!s.remote.compare_exchange_weak(before, {place, before.count != 0 ? before.last : place, before.count + 1},
                                           std::memory_order_acq_rel, std::memory_order_relaxed));
  if (before.count != 0) return;
  // The first since the owner last looked. The slab cannot go away before the owner has collected this block, which it
  // does only after it has taken the slab from this list; hence it is in the list at most once.
  slab* notified = owner->m_notified.load(std::memory_order_relaxed);
  do {
    s.next_notified = notified;
  } while (
      !owner->m_notified.compare_exchange_weak(notified, &s, std::memory_order_release, std::memory_order_relaxed));
}

void heap::collect_remote() noexcept {
  slab* s = m_notified.exchange(nullptr, std::memory_order_acquire);
  while (s != nullptr) {
    slab* const next = s->next_notified;  // read before `remote` is emptied: from then on it may be notified anew
    const block_list freed = s->remote.exchange({}, std::memory_order_acq_rel);
    if (s->free != nullptr) s->at(freed.last)->next = s->free;
    s->free = s->at(freed.first);
    s->used -= freed.count;
    if (m_current[s->size_class] != s) freed_in_other(*s);
    s = next;
  }
}

/// A slab that is not current got blocks back: offer it, or give it up once it is empty.
void heap::freed_in_other(slab& s) noexcept {
  if (s.used == 0) {
    if (s.is_listed) unlist(s);
    depot().give(&s);
  } else if (!s.is_listed) {
    list(s);
  }
}

void heap::list(slab& s) noexcept {
  slab*& first = m_listed[s.size_class];
  s.is_listed = true;
  s.previous = nullptr;
  s.next = first;
  if (first != nullptr) first->previous = &s;
  first = &s;
}

void heap::unlist(slab& s) noexcept {
  s.is_listed = false;
  if (s.next != nullptr) s.next->previous = s.previous;
  (s.previous != nullptr ? s.previous->next : m_listed[s.size_class]) = s.next;
}

}  // namespace torc::task
