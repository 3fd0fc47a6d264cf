// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/record.hpp>

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/base/unit_line.hpp"
#include "core/sched/queue/claims.hpp"
#include "core/sched/queue/task_queue.hpp"

namespace torc::sched {

class peers;

/// Named counting limits, such as licences: the tasks that name one hold at most so many units of it while their bodies
/// run. A task takes its units when a worker is about to begin it; one that finds too few of them waits here, not on a
/// worker, and once it has them it goes before everything else that the node has not begun. Thread-safe.
///
/// A limit is counted here if there is one node, or if each node has units of its own. Else node 0 counts it, and this
/// node asks for each task by itself. It asks for no more tasks at a time than it can run, those counted that run: so
/// no units lie idle here that another node could use. The others wait until a body ends or is suspended, for which it
/// may need them, and may leave meanwhile.
///
/// Revoked tasks that are found here are added to `revoked`: the caller gives them up where code of the user's may run.
class limits {
 public:
  /// `others`: null if there are none. `num_runners`: how many bodies this node can run at once.
  limits(peers* peers, int num_runners) noexcept : m_peers(peers), m_num_runners(num_runners) {}
  limits(const limits&) = delete;
  limits& operator=(const limits&) = delete;

  /// Declares one, by its number among those of all nodes, or changes its capacity. Returns tasks that have their units
  /// now.
  std::vector<detail::record*> declare(std::uint32_t number, const std::string& name, std::int64_t capacity,
                                       bool is_per_node, revoked_tasks& revoked);
  /// Nothing if there is no such limit.
  std::optional<std::int64_t> capacity_of(const std::string& name) const;
  std::optional<bool> is_per_node(const std::string& name) const;
  /// Its number among those of all nodes; there must be such a limit.
  std::uint32_t number_of(const std::string& name) const;
  /// Whether tasks with the limit of this number wait here for units, or for those to end that have some.
  bool lacks_units(std::uint32_t number) const;
  /// Whether all units of a limit may be in use, as far as this node can tell: what waits may wait for those.
  bool may_be_used_up() const;
  /// Names of all, for messages.
  std::string names() const;

  /// For a task that somebody is about to begin. Returns tasks that have their units now. The task is one of them if it
  /// has its own, or was cancelled and needs none. Else it was kept, and comes back from one of the others. `where`: it
  /// may go while it waits.
  std::vector<detail::record*> acquire(detail::record& task, mobility where, revoked_tasks& revoked);
  /// The body is about to be suspended with its units: it takes no worker now, and may wait for others that want units.
  void rest(detail::record& task);
  /// The body is over, or the task was cancelled while it was queued with its units. Returns tasks that have theirs
  /// now.
  std::vector<detail::record*> release(detail::record& task, revoked_tasks& revoked);
  /// Node 0 has granted what was asked for with this ticket. Null if the task was cancelled or taken meanwhile: then it
  /// has no units.
  detail::record* granted(std::uint64_t ticket, std::int64_t units, revoked_tasks& revoked);
  bool has_asked(std::uint64_t ticket) const;

  /// About how many tasks wait here that may leave.
  std::int64_t num_movable() const noexcept { return m_num_movable.load(std::memory_order_relaxed); }
  /// The first of them that `fits` another node, if not all do. None of a limit whose units are used up: they would
  /// wait elsewhere as they do here, and idle nodes would pass them on for ever.
  template <class Fits>
  detail::record* take_movable(Fits fits) {
    if (num_movable() == 0) return nullptr;
    const std::scoped_lock lock(m_mutex);
    for (auto& [name, l] : m_limits) {
      if (l.num_asked > 0) continue;
      for (const rank of : {rank::rest, rank::below}) {
        detail::record* const task = l.waiting.take_leaving(of, fits);
        if (task == nullptr) continue;
        count_movable();
        return task;
      }
    }
    return nullptr;
  }
  /// As task_queue::take_revoked, of those that wait and have not asked node 0.
  std::size_t take_revoked(revoked_tasks& into);
  /// For reports; false if another thread held the lock.
  bool look(std::vector<limit_state>& all, const task_noter& note) const;
  /// A task that waits here and has not asked node 0; null when there is none. For the end of a session, or of all
  /// tasks.
  detail::record* take_waiting();
  /// One that has asked: what is granted to it goes back.
  detail::record* take_asking();

 private:
  struct limit {
    std::uint32_t number = 0;
    bool is_remote = false;  ///< counted by node 0 of several
    bool is_per_node = false;
    std::int64_t capacity = 0;
    base::unit_line<detail::record*> line;  ///< if counted here
    task_queue waiting;                     ///< else: those that have not asked yet
    int num_asked = 0;                      ///< that wait for an answer
    int num_active = 0;                     ///< those, and those that have their units and have not rested
    int num_resting = 0;                    ///< that have their units and were suspended
  };
  struct question {
    std::uint32_t limit;
    std::int32_t units;
    double priority;
    std::uint64_t ticket;
  };
  struct asking {
    detail::record* task;  ///< null once it was taken
    limit* of;
  };
  /// What follows from a call once the lock is free.
  struct changes {
    revoked_tasks& revoked;
    std::vector<detail::record*> freed = {};  ///< have their units now
    std::vector<question> questions = {};     ///< to node 0
    struct {
      std::uint32_t limit = 0;
      std::int64_t units = 0;
    } back = {};  ///< to node 0
  };
  void hand_on(limit& l, changes& made);
  void ask_for_waiting(limit& l, changes& made);
  void count_movable() noexcept;
  /// Returns those that have their units now.
  std::vector<detail::record*> settle(changes& made);

  peers* const m_peers;
  const int m_num_runners;
  mutable std::mutex m_mutex;
  std::map<std::string, limit> m_limits;
  std::unordered_map<std::uint64_t, asking> m_asking;
  std::uint64_t m_next_ticket = 0;
  std::atomic<std::int64_t> m_num_movable{0};
};

}  // namespace torc::sched
