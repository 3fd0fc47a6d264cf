// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/record.hpp>
#include <torc/task_options.hpp>

#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/base/clock.hpp"
#include "core/base/spinlock.hpp"
#include "core/sched/wait/waiters.hpp"
#include "core/sched/worker/baton.hpp"

namespace torc::sched {

using wait_deadline = std::optional<base::time_point>;

/// Until the future is done: false if the deadline came first. Throws torc::error if the calling task would wait for
/// itself or an ancestor, which cannot complete before it.
bool wait_done(detail::record& task, const wait_deadline& deadline);

/// Throws what that would throw.
void check_can_wait_for(detail::record& task);

/// Until all of them, one, or a failed one is done, or the deadline.
void wait_list(std::span<detail::record* const> tasks, const wait_deadline& deadline, return_when when);

/// Gives the indices of futures as they are done, of one that is listed twice the first one. For one consumer.
class completion_queue {
 public:
  /// Holds the futures until it is destroyed.
  explicit completion_queue(std::span<detail::record* const> tasks);
  completion_queue(const completion_queue&) = delete;
  completion_queue& operator=(const completion_queue&) = delete;
  ~completion_queue();

  std::size_t left() const noexcept { return m_left; }
  /// The next one; nullopt if the deadline came first. There must be one left.
  std::optional<std::size_t> next(const wait_deadline& deadline);

 private:
  struct entry final : detail::waiter {
    void fire(detail::record&) noexcept override { queue->arrived(index); }
    completion_queue* queue = nullptr;
    detail::record* task = nullptr;
    std::size_t index = 0;
  };
  void arrived(std::size_t index) noexcept;

  std::vector<entry> m_entries;
  std::size_t m_left = 0;
  base::spinlock m_lock;
  std::vector<std::size_t> m_done;  ///< in order of completion; guarded
  std::size_t m_taken = 0;          ///< of m_done; guarded
  baton* m_consumer = nullptr;      ///< guarded
};

}  // namespace torc::sched
