// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/record.hpp>
#include <torc/options.hpp>
#include <torc/task_options.hpp>

#include <atomic>
#include <cstdint>
#include <exception>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <thread>
#include <vector>

#include "core/fiber/stack_pool.hpp"
#include "core/metrics/trace.hpp"
#include "core/sched/device/device.hpp"
#include "core/sched/idle/event_count.hpp"
#include "core/sched/peers/node_map.hpp"
#include "core/sched/peers/space_map.hpp"
#include "core/sched/queue/callback_queue.hpp"
#include "core/sched/queue/spmd_queue.hpp"
#include "core/sched/queue/task_queue.hpp"
#include "core/sched/queue/turn.hpp"
#include "core/sched/wait/continuations.hpp"
#include "core/sched/wait/gangs.hpp"
#include "core/sched/wait/limits.hpp"
#include "core/sched/wait/timers.hpp"
#include "core/sched/watch/overruns.hpp"
#include "core/sched/watch/rare_counts.hpp"
#include "core/sched/watch/running.hpp"
#include "core/task/failures.hpp"

namespace torc::sched {

class abandoner;
class devices;
class peers;
class scopes;
class worker;

/// What the scheduler must know of the session's configuration.
struct settings {
  int num_workers = 1;
  bool primary_has_thread = false;
  std::size_t stack_bytes = std::size_t{1} << 20U;
  std::chrono::nanoseconds longest_sleep = std::chrono::milliseconds(10);
  /// For its workers and its primary task's thread, while the other nodes of the host use theirs. Perhaps none.
  int num_cores = std::numeric_limits<int>::max();
  std::chrono::duration<double> grace{60};  ///< after which a body beyond its timeout is told of
  std::uint64_t session = 0;
  std::uint64_t seed = 0;
  node_map nodes;
  space_map spaces;
  std::vector<device*> devices;  ///< of this node; must outlive the scheduler
  int drivers_per_device = 1;
  class peers* peers = nullptr;           ///< must outlive the scheduler; null if there are none
  torc::metrics::trace* trace = nullptr;  ///< must outlive the scheduler
  bool times_bodies = false;              ///< see worker::longest; costs each task two looks at the clock
  /// Called on the thread of a worker or driver that is to run on the cores of these workers from now on; if none are
  /// named, on all that the process may use.
  void (*use_cores)(std::span<const int> local_ids) = nullptr;
  std::function<void()> on_tick = nullptr;  ///< called now and then on the service thread
  std::function<void(const std::string& reason)> on_lost_device = nullptr;  ///< is to end the job
};

/// What is given up of that which has not begun; each includes those before it.
enum class abandonment : std::uint8_t {
  nothing,
  tasks,      ///< all but callbacks, which belong to what has ended, and spmd bodies, which others may wait for in MPI
  callbacks,  ///< too: what they refer to may be gone with the primary task
};

/// The workers of a node and the queues that they share.
class scheduler {
 public:
  explicit scheduler(const settings& chosen);
  scheduler(const scheduler&) = delete;
  scheduler& operator=(const scheduler&) = delete;
  ~scheduler();

  const settings& config() const noexcept { return m_settings; }

  /// Makes the calling thread run `primary` and starts the workers. Throws config_error if there are no threads for
  /// them; then it is over.
  void start(detail::record& primary);
  /// Of a node without the primary task: makes the calling thread worker 0 and returns after finish(). Throws
  /// as start.
  void serve();
  /// No more tasks are taken from threads that run none; `is_over` is called when those taken are complete, perhaps
  /// at once. By any thread, once.
  void close_outside(std::function<void()> is_over);
  /// Ends the workers, once nothing is left for them to do. By any thread.
  void finish() noexcept;
  /// Waits for all children of the primary task, which is over, and for what other threads have submitted; then ends
  /// the workers.
  void stop(detail::record& primary);
  /// From now on bodies are not begun any more, as far as they are given up: their tasks end as stopped, soon, even if
  /// all workers are busy. By any thread; nothing is taken back.
  void abandon(abandonment reach) noexcept;
  /// Between two looks at what the node does.
  static constexpr std::chrono::milliseconds tick_interval{100};
  bool is_abandoned() const noexcept { return m_abandonment.load(std::memory_order_relaxed) != abandonment::nothing; }
  /// Whether the task is not to begin.
  bool gives_up(const detail::record& task) const noexcept;
  /// By any thread, while it is abandoned: a task out of a queue, whoever may run it; null if none is found.
  detail::record* take_unbegun() noexcept;
  /// Ends one that is given up and in no queue any more.
  void end_unbegun(detail::record& task);

  // By any thread.

  /// Counts the task as a child of `parent`, names its path and queues it. Throws for bad options, and then nothing has
  /// happened.
  void spawn(detail::record& task, detail::record& parent, const task_options* options);
  /// Before spawn_at or spawn_on: what spawn does with options. Throws for bad ones.
  void give_options(detail::record& task, detail::record& parent, const task_options& options);
  /// `of`: rank_below(parent), or `below` for what a begun task waits for though its parent is of the primary one.
  void spawn_at(detail::record& task, detail::record& parent, std::uint64_t path, rank of);
  /// The same on a certain node, unless the task is bound to its home.
  void spawn_on(base::node_id node, detail::record& task, detail::record& parent, std::uint64_t path, rank of);
  /// Counts it only: it will be queued by `route`.
  void adopt(detail::record& task, detail::record& parent, std::uint64_t path, rank of);
  /// One more child for the parent to wait for.
  void count_child(detail::record& parent) noexcept;
  /// The path of the parent's next child; by a thread that runs it, or any for a scope.
  static std::uint64_t next_child_path(detail::record& parent) noexcept;
  void route(detail::record& task);
  /// Queues it on this node; as one that comes from elsewhere if `is_arriving`.
  void enqueue(detail::record& task, bool is_arriving);
  /// Queues a task that was claimed for its departure and has come back.
  void take_back(detail::record& task);
  /// Queues a task that has waited for something else than a worker before all that has not begun.
  void queue_first(detail::record& task);
  /// True if the task has the units of its limit; see limits.
  bool acquire_units(detail::record& task);
  /// Those of the task's limit that it has, when its body is over or it is revoked.
  void release_units(detail::record& task);
  void release_units(detail::record& task, revoked_tasks& revoked);
  /// Its body, which has them, is about to be suspended.
  void rest_with_units(detail::record& task) { m_limits.rest(task); }
  /// What revoked tasks hold is destroyed, unless somebody has a future.
  void give_up(revoked_tasks& revoked);
  /// After a task was revoked: takes such tasks out of their queues, for they may hold much and their turn may be far.
  void sweep(revoked_tasks& taken);
  /// Queues an adopted spmd body for worker 0.
  void run_on_worker_0(detail::record& task);
  void spmd_is_over() noexcept;
  /// Ends it if its body has not begun: true if it is cancelled and done now. Suspends the calling task if it is away.
  /// The caller holds a reference.
  bool cancel(detail::record& task);
  /// Keeps a failure as the outcome of a task. May be called by another thread than the body's only if that will not
  /// fail.
  void fail(detail::record& task, std::exception_ptr failure, std::string place = {});
  /// Counts the task as failed, once, where it was submitted: that is of `fail`, but for what a stop has ended, and of
  /// bodies that return failures of parts as values. A guest's home is told with its result. As `fail`.
  void note_failed(detail::record& task);
  /// Parent of what threads submit that run no task, kept open until the caller gives it to close_scope. Throws
  /// torc::error, beginning with `where`, when the session is ending.
  detail::record& open_outside(const char* where);

  detail::record* primary() const noexcept { return m_primary; }
  /// Whether a thread that is awake takes the core of none that has something to do: not more of them are awake than
  /// there are cores.
  bool has_core_for_awake() const noexcept {
    const int primary = m_primary_worker != nullptr && !m_primary_parker.is_sleeping() ? 1 : 0;
    return num_workers() - m_work_event.num_sleeping() + primary <= m_settings.num_cores;
  }
  worker& worker_at(int local_id) noexcept { return *m_workers[static_cast<std::size_t>(local_id)]; }
  int num_workers() const noexcept { return m_settings.num_workers; }
  torc::metrics::totals totals() const noexcept;
  class overruns& overruns() noexcept {
    return m_overruns;
  }
  struct rare_counts& rare_counts() noexcept {
    return m_rare_counts;
  }
  std::uint64_t foreign_created() const noexcept { return m_foreign_created.load(std::memory_order_relaxed); }

  /// What all workers of the node look into, beside the deques of each other.
  task_queue& shared() noexcept { return m_shared; }
  callback_queue& callbacks() noexcept { return m_callbacks; }
  fiber::stack_pool& stacks() noexcept { return m_stacks; }
  class timers& timers() noexcept {
    return m_timers;
  }
  class limits& limits() noexcept {
    return m_limits;
  }
  class gangs& gangs() noexcept {
    return m_gangs;
  }
  spmd_queue& spmds() noexcept { return m_spmds; }
  class scopes& scopes() noexcept {
    return *m_scopes;
  }
  class continuations& continuations() noexcept {
    return m_continuations;
  }
  task::failure_list& failures() noexcept { return m_failures; }
  event_count& work_event() noexcept { return m_work_event; }
  class devices& devices() const noexcept {
    return *m_devices;
  }
  /// What its threads run; not to be asked any more once stop or serve has returned.
  running_bodies& running() noexcept { return m_running; }
  bool is_stopping() const noexcept { return m_is_stopping.load(std::memory_order_acquire); }
  bool has_shared_work(const worker& self) const noexcept;

  // For the other nodes.

  /// Whether nested tasks that name no worker stay on this node.
  bool keeps_nested() const noexcept { return m_keeps_nested.load(std::memory_order_relaxed); }
  void set_keeps_nested(bool keeps) noexcept { m_keeps_nested.store(keeps, std::memory_order_relaxed); }
  class peers* peers() const noexcept {
    return m_settings.peers;
  }
  /// About how many queued tasks may leave the node.
  std::int64_t num_movable() const noexcept;
  /// About how many of them other workers could run, here or elsewhere, beyond those that idle ones will take. None
  /// where they may wait for units of a limit.
  std::int64_t surplus() const;
  /// The outermost one that may leave for a node of so many workers and with these spaces; null if there is none.
  detail::record* take_movable(int workers_there, std::uint64_t spaces_there);
  /// How many tasks wait for slots of a space here, beyond those that will be taken at once.
  std::int64_t num_waiting_for_slots(int space) const noexcept;
  /// The first of them that may leave.
  detail::record* take_waiting_for_slot(int space);
  /// Whether the next one to leave has a priority.
  bool leaves_by_priority() const noexcept { return m_shared.leaves_by_priority(); }
  /// Whether a worker is idle and there is nothing for it here.
  bool is_starving() const noexcept;
  /// Spaces, one bit each, for which there is nothing here though slots are free.
  std::uint64_t starving_spaces() const noexcept;
  /// About how many workers are out of work. A node alone need not count them all the time.
  int num_idle() const noexcept {
    return peers() != nullptr ? m_num_idle.load(std::memory_order_relaxed) : m_work_event.num_idle();
  }
  void worker_is_idle(bool is_idle) noexcept {
    m_num_idle.fetch_add(is_idle ? 1 : -1, std::memory_order_relaxed);
    if (!is_idle) m_times_busy.fetch_add(1, std::memory_order_relaxed);
  }
  /// Grows whenever an idle worker has found something.
  std::uint64_t times_busy() const noexcept { return m_times_busy.load(std::memory_order_relaxed); }

 private:
  void count_created() noexcept;
  void check_options(detail::record& parent, const task_options& options);
  void check_space(const detail::record& task) const;
  void start_threads(std::size_t first_worker);
  void end_threads();
  void tick();

  const settings m_settings;
  fiber::stack_pool m_stacks;
  std::vector<std::unique_ptr<parker>> m_parkers;
  event_count m_work_event;
  parker m_primary_parker;
  event_count m_primary_event;  ///< of the primary task's own thread, which looks for no work
  task_queue m_shared;
  callback_queue m_callbacks;
  class limits m_limits;
  class gangs m_gangs;
  spmd_queue m_spmds;
  std::unique_ptr<class scopes> m_scopes;
  class continuations m_continuations;
  task::failure_list m_failures;
  std::vector<std::unique_ptr<worker>> m_workers;
  std::unique_ptr<worker> m_primary_worker;
  std::unique_ptr<class devices> m_devices;
  std::vector<std::thread> m_threads;
  class timers m_timers;
  detail::record* m_primary = nullptr;
  detail::record* m_outside = nullptr;
  std::mutex m_outside_mutex;
  bool m_is_outside_open = false;
  std::atomic<std::uint64_t> m_foreign_created{0};
  struct rare_counts m_rare_counts;
  class overruns m_overruns;
  std::atomic<std::size_t> m_num_revoked{0};  ///< since the last sweep
  std::atomic<std::size_t> m_sweeps_at{0};    ///< so many of them
  std::atomic<bool> m_is_stopping{false};
  std::atomic<abandonment> m_abandonment{abandonment::nothing};
  running_bodies m_running;
  std::atomic<bool> m_keeps_nested{true};
  std::atomic<int> m_num_idle{0};
  std::atomic<std::uint64_t> m_times_busy{0};
  std::unique_ptr<abandoner> m_abandoner;
};

/// To a thread that runs no task, when the session takes nothing more from such threads.
[[noreturn]] void throw_is_ending(const char* where);

}  // namespace torc::sched
