// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/record.hpp>

#include <cstdint>
#include <vector>

#include "core/base/node_id.hpp"

namespace torc::sched {

/// What is known of a task that was to be cancelled while it was away.
enum class cancel_answer {
  too_late,  ///< its body has begun
  ended,     ///< its outcome has come, perhaps that it is cancelled, and is done in a moment
  not_away,  ///< it came back meanwhile
};

/// What a begun task waits for that is below none, as far as it may be about to leave. The record may be gone by the
/// time it is told of: only the role's holder knows.
struct leaving_task {
  detail::record* task;
  bool is_scope;      ///< it is its tasks that are awaited; the caller keeps it
  bool has_departed;  ///< it has been asked for its bytes
};

/// What a scheduler asks of the other nodes of its job; a node alone has none. Thread-safe.
class peers {
 public:
  /// True if it takes the task, which names no worker of this node, to send it to another one.
  virtual bool send_away(detail::record& task) = 0;
  /// The same to a certain one, if that is another one.
  virtual bool send_to(detail::record& task, base::node_id to) = 0;
  /// A begun task other than the primary one is about to wait for these. What is to leave of them waits for no other
  /// outer ones that have begun where it goes: those may wait for the calling task.
  virtual void awaited(std::vector<leaving_task> tasks) = 0;
  /// A guest and its children are over: its home is told. Takes over the runtime's reference.
  virtual void guest_is_over(detail::record& guest) noexcept = 0;
  /// The body of a guest begins, which is to be told of large ones, or is about to be suspended. May be repeated.
  virtual void guest_begins(detail::record& guest) noexcept = 0;
  /// The future of a guest whose body goes on has ended: its timeout has passed.
  virtual void guest_expired(detail::record& guest) noexcept = 0;
  /// Ends a task that is away if its body has not begun. Suspends the calling task, which holds a reference.
  virtual cancel_answer cancel(detail::record& task) = 0;

  /// For a task that is about to begin, and then: units of a limit that the whole job has. See limits.
  virtual void ask_for_units(std::uint32_t limit, std::uint32_t units, double priority,
                             std::uint64_t ticket) noexcept = 0;
  virtual void give_units_back(std::uint32_t limit, std::uint32_t units) noexcept = 0;

  /// Around an spmd body, which calls MPI: where MPI takes one thread at a time, the body has the role meanwhile, and
  /// may neither submit nor wait (is_exclusive). It begins when those of all nodes can.
  virtual void begin_spmd_body() noexcept = 0;
  virtual void end_spmd_body() noexcept = 0;
  virtual bool is_exclusive() const noexcept = 0;
  /// A body of an spmd, whose record has the failure, will not meet the others of it.
  virtual void spmd_body_failed(detail::record& task) = 0;

  /// Sends and receives; true if anything happened. By whoever has nothing better to do.
  virtual bool poll() noexcept = 0;
  /// A worker polls from now on, or no more; the last one polls once again, and true tells that this changed something.
  virtual void begin_polling() noexcept = 0;
  virtual bool end_polling() noexcept = 0;
  /// There may be more work than the workers of this node take. Never blocks.
  virtual void has_surplus() noexcept = 0;

  /// Returns when all nodes have come here and nothing is under way between them. By the primary task, once it and all
  /// below it is complete.
  virtual void shut_down() = 0;

 protected:
  ~peers() = default;
};

}  // namespace torc::sched
