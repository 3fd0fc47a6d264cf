// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/record.hpp>

#include <optional>

#include "core/runtime/published.hpp"
#include "core/runtime/session.hpp"
#include "core/sched/scheduler.hpp"

/// How the process's threads find what is open: its session and, while a primary task runs, the scheduler of that. All
/// of it is thread-safe.
namespace torc::runtime {

/// The open session, which is not closed while this lives. It is not to live longer than a call of the calling thread.
class held_session : public published<session>::use {
 public:
  /// Null if there is none.
  held_session() noexcept;
  /// Throws torc::error, beginning with `where`, if there is none.
  explicit held_session(const char* where);
};

/// The scheduler of the calling worker, or of the running primary task: likewise.
class held_scheduler : public published<sched::scheduler>::use {
 public:
  held_scheduler() noexcept;
  explicit held_scheduler(const char* where);
};

/// The open session, or null, for the thread that opens and closes it, and for those for which something keeps it open:
/// workers, and those that have a held_scheduler or a submitter.
session* current_session() noexcept;
/// The same; throws torc::error, beginning with `where`, if there is none.
session& own_session(const char* where);
/// The scheduler, likewise.
sched::scheduler& running_scheduler(const char* where);
/// Whether a primary task runs here, or tasks of one that runs elsewhere.
bool is_running() noexcept;

/// In whose name the calling thread calls torc: its task's; on a thread that runs none, that of what stands for those.
/// While it lives, neither ends, nor what is open.
class submitter {
 public:
  /// Throws torc::error, beginning with `where`, if no primary task runs, or if it takes nothing from other threads any
  /// more.
  explicit submitter(const char* where);
  submitter(const submitter&) = delete;
  submitter& operator=(const submitter&) = delete;
  ~submitter();

  detail::record& task() const noexcept { return *m_task; }

 private:
  detail::record* m_task;
  detail::record* m_outside = nullptr;
  std::optional<held_scheduler> m_held;  ///< also while m_outside completes, perhaps as the last of all
};

/// Throws torc::error, beginning with `where`, in a child of fork.
void refuse_in_child(const char* where);
/// In a child of fork: nothing is open there.
void leave_session_in_child() noexcept;

/// Opens the session to all threads, and closes it before it goes.
void publish_session(session& opened) noexcept;
void withdraw_session() noexcept;
/// The same for the scheduler of a primary task.
void publish_scheduler(sched::scheduler& opened) noexcept;
void withdraw_scheduler() noexcept;
/// For who finds none: before withdraw_scheduler.
void note_primary_has_ended() noexcept;
/// Whether the last primary task has ended, and was that of another node.
bool has_ended_on_other_node() noexcept;

}  // namespace torc::runtime
