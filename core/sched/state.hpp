// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/record.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/base/node_id.hpp"
#include "core/sched/queue/queue_state.hpp"
#include "core/sched/wait/suspended.hpp"
#include "core/task/extras.hpp"

namespace torc::sched {

class scheduler;

/// What a task has while others may wait for it.
struct held_units {
  std::string limit;  ///< empty for none
  std::int64_t count = 0;
};

struct worker_state {
  enum class activity : std::uint8_t { runs, searches, sleeps, stands_by, between };
  std::string name;
  activity doing = activity::between;
  bool is_primary = false;   ///< what it runs is the primary task itself
  task::naming task;         ///< that it runs
  std::string library_call;  ///< in which it stands, if known
  int cores = 1;             ///< that it has
  held_units held;
  std::chrono::nanoseconds since{};
  std::int64_t num_nested = 0;  ///< in its own deques
  std::vector<task::naming> oldest_nested;
  queue_state pinned;
};

/// One of those that somebody waits for.
struct awaited_task {
  /// What explains most comes first.
  enum class place : std::uint8_t {
    runs,
    suspended,
    elsewhere,
    open,     ///< its body has begun here, and is over or stands below others on its worker's stack
    queued,   ///< or on its way into a queue
    unqueued  ///< not begun and in no queue: what it goes on from is not done, or it is about to leave
  };
  task::naming task;
  place where = place::queued;
  std::string thread;                  ///< that runs it, or on which it is suspended
  base::node_id node = base::no_node;  ///< that holds it, if it is elsewhere and that is known
  std::string limit;                   ///< of which it has no units yet
  std::vector<awaited_task> children;  ///< some of those of an open one
};

/// A task that waits, or a thread that runs none.
struct suspended_state {
  task::naming task;  ///< of nothing for a thread
  bool is_primary = false;
  std::string thread;
  std::chrono::nanoseconds since{};
  bool is_ready = false;  ///< nothing but its worker is missing
  held_units held;
  wait_kind waits_for = wait_kind::message;
  std::size_t num_missing = 0;        ///< children or futures
  std::vector<awaited_task> missing;  ///< some of them
};

/// What a node's threads do, and what waits for what, at one moment.
struct state {
  std::vector<worker_state> workers;
  queue_state below;  ///< the node's queue of what is below begun tasks
  queue_state rest;
  queue_state spmd_bodies;
  bool is_spmd_running = false;
  std::vector<slots_state> slots;
  std::vector<limit_state> limits;
  bool are_limits_known = true;
  std::vector<gang_state> gangs;  ///< that are being assembled
  bool are_gangs_known = true;
  std::size_t num_suspended = 0;
  std::vector<suspended_state> suspended;  ///< some of them, the primary task always
  std::vector<suspended_state> threads;    ///< that run no task and wait; some of them
  bool are_threads_known = true;

  /// Whether anything is there beside the primary task.
  bool has_open_tasks() const noexcept;
};

/// How far a node's threads have come.
struct pulse {
  std::uint64_t num_begun = 0;  ///< bodies
  /// Changes when a body begins or ends, and not while those that have begun only wait and go on.
  std::uint64_t bodies_hash = 0;
  friend bool operator==(const pulse&, const pulse&) = default;
};

/// A task of this node that another one holds.
struct away_task {
  const detail::record* task;
  base::node_id holder;
};

/// Any thread, at any moment while the scheduler runs: it takes no lock that is held while a body runs, and of the
/// others none for longer than a moment. `away` must not change meanwhile.
state look_at(scheduler& of, std::span<const away_task> away);
/// Likewise, and short whatever there is to be told.
pulse pulse_of(scheduler& of);

}  // namespace torc::sched
