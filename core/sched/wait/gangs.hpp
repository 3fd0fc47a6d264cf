// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/record.hpp>

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <vector>

#include "core/fiber/fiber.hpp"
#include "core/sched/queue/claims.hpp"
#include "core/sched/queue/queue_state.hpp"
#include "core/sched/wait/mailbox.hpp"

namespace torc::sched {

/// The workers that one task with `cores` > 1 occupies while its body runs: one runs the body, the others stand by
/// idle, so that their cores are free for the body's own threads.
struct gang {
  detail::record* task = nullptr;
  mailbox* leader = nullptr;          ///< that must run the body; null: whoever joins last
  fiber::fiber* suspended = nullptr;  ///< of a body that goes on
  int cores = 1;
  std::vector<mailbox*> joined;  ///< guarded by the gangs' mutex
  std::atomic<bool> has_begun{false};
  std::atomic<bool> is_over{false};
};

/// Assembles gangs, one after the other. A worker joins when it comes to its loop and stands by until the body ends or
/// waits: a body that waits gives its helpers back, and they are assembled again before it goes on. So no gang holds
/// workers while it waits for others, and each assembly ends. Thread-safe.
class gangs {
 public:
  /// To be run by whichever workers come first, and the body by `leader`, if it is pinned to one.
  void request(detail::record& task, int cores, mailbox* leader = nullptr);
  /// The body goes on with the running fiber of `leader`, which will be suspended until then.
  void request_again(detail::record& task, int cores, mailbox& leader, fiber::fiber& suspended);
  /// Whether a worker that comes to its loop should try to join.
  bool is_wanted() const noexcept { return m_is_wanted.load(std::memory_order_acquire); }
  /// Whether join would take it.
  bool has_place_for(const mailbox& self) const;

  /// Joins the gang that is being assembled. Null if it does not need this worker.
  std::shared_ptr<gang> join(mailbox& self);
  /// True once all have joined, for the one that is to begin.
  bool try_begin(mailbox& self, gang& g);
  bool can_begin(const mailbox& self, const gang& g);
  /// The local ids of a gang's workers, once it has begun.
  std::vector<int> members_of(const gang& g) const;
  /// Leaves a gang that has not begun; false if it has.
  bool leave(mailbox& self, gang& g);
  /// The body ended or waits: its helpers go back to work.
  void disband(gang& g);
  /// As task_queue::take_revoked, of those that have not begun; who has joined them goes back to work.
  std::size_t take_revoked(revoked_tasks& into);
  /// For reports: those that are being assembled; false if another thread held the lock.
  bool look(std::vector<gang_state>& all, const task_noter& note) const;
  /// A task that has not begun, whoever has joined it; null when there is none.
  detail::record* take_unbegun();
  /// A task that never got its gang; null when there is none. For the end of a session.
  detail::record* take_leftover();

 private:
  static void release(gang& g);
  static bool has_place(const gang& g, const mailbox& self);
  static bool is_complete(const gang& g);
  static bool is_turn_of(const mailbox& self, const gang& g);

  mutable std::mutex m_mutex;
  std::deque<std::shared_ptr<gang>> m_waiting;
  std::atomic<bool> m_is_wanted{false};
};

}  // namespace torc::sched
