// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/record.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

#include "core/fiber/fiber.hpp"

namespace torc::sched {

enum class wait_kind : std::uint8_t {
  message,    ///< something that another thread or node says
  children,   ///< all its children
  futures,    ///< those that are listed
  map,        ///< the elements of its map
  device,     ///< what it has enqueued there
  slot,       ///< that its slot is its own again
  cores,      ///< that its gang is assembled again
  spmd,       ///< its turn to run one
  cancel,     ///< whether a task could be cancelled
  broadcast,  ///< that a value arrives, or is sent
  others,     ///< what threads have submitted that run no task, or the other nodes, at the end of the session
  turn,       ///< that something else has run: it polls
};

/// What a body waits for, and those among it that are known by name. The list belongs to the waiting body and stays as
/// it is while that is suspended.
struct wait_cause {
  wait_kind kind = wait_kind::message;
  /// Pointers to the records, so many bytes apart.
  const std::byte* first = nullptr;
  std::size_t count = 0;
  std::size_t stride_bytes = sizeof(detail::record*);

  static wait_cause for_futures(std::span<detail::record* const> tasks) noexcept {
    return {wait_kind::futures, reinterpret_cast<const std::byte*>(tasks.data()), tasks.size()};
  }
  /// `task` itself is read as the list.
  static wait_cause for_cancelling(detail::record* const& task) noexcept {
    return {wait_kind::cancel, reinterpret_cast<const std::byte*>(&task), 1};
  }
  const detail::record& awaited(std::size_t i) const noexcept {
    return **reinterpret_cast<detail::record* const*>(first + i * stride_bytes);
  }
};

/// A body that has left its worker; on its own stack.
struct suspended_body {
  const detail::record* task;
  const fiber::fiber* waiting;  ///< in a ready list once the body can go on
  const wait_cause* cause;
  std::uint64_t number;  ///< among the suspensions of its worker

  // The list's.
  std::atomic<suspended_body*> next{nullptr};
  suspended_body* previous = nullptr;
};

/// The suspended bodies of a worker, newest first. The worker alone adds and removes, by plain stores; others may read
/// as long as whoever has removed one waits for them before the body goes on: see running_bodies.
class suspended_bodies {
 public:
  void add(suspended_body& added) noexcept {
    suspended_body* const newest = m_newest.load(std::memory_order_relaxed);
    added.next.store(newest, std::memory_order_relaxed);
    if (newest != nullptr) newest->previous = &added;
    m_newest.store(&added, std::memory_order_release);
  }
  void remove(suspended_body& removed) noexcept {
    suspended_body* const next = removed.next.load(std::memory_order_relaxed);
    (removed.previous != nullptr ? removed.previous->next : m_newest).store(next, std::memory_order_release);
    if (next != nullptr) next->previous = removed.previous;
  }
  template <class Function>
  void for_each(Function function) const {
    for (const suspended_body* body = m_newest.load(std::memory_order_acquire); body != nullptr;
         body = body->next.load(std::memory_order_acquire))
      function(*body);
  }

 private:
  std::atomic<suspended_body*> m_newest{nullptr};
};

}  // namespace torc::sched
