// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/record.hpp>

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/base/clock.hpp"
#include "core/base/library_call.hpp"
#include "core/base/random.hpp"
#include "core/fiber/fiber.hpp"
#include "core/metrics/counters.hpp"
#include "core/metrics/trace.hpp"
#include "core/sched/idle/event_count.hpp"
#include "core/sched/idle/steal_throttle.hpp"
#include "core/sched/queue/deque.hpp"
#include "core/sched/queue/task_queue.hpp"
#include "core/sched/queue/turn.hpp"
#include "core/sched/wait/mailbox.hpp"
#include "core/sched/wait/suspended.hpp"

namespace torc::sched {

class driver;
class scheduler;
class slot_queue;
struct gang;
struct lease;

/// A thread that runs tasks on pooled fibers. Each fiber runs the worker loop; a task that ends without having been
/// suspended leaves its fiber to the next one, so only a suspension costs a switch. A suspended task goes on when
/// somebody puts its fiber on the ready list.
class worker {
 public:
  enum class duty { tasks, primary_only, device };

  worker(sched::scheduler& of, int local_id, duty what, event_count& sleepers, parker& own,
         torc::metrics::trace_track* track);
  /// A driver: it runs device tasks alone.
  worker(sched::scheduler& of, driver& part, event_count& sleepers, parker& own, torc::metrics::trace_track* track);
  worker(const worker&) = delete;
  worker& operator=(const worker&) = delete;

  /// Of the calling thread; null on a thread that is none.
  static worker* current() noexcept { return t_current; }
  /// In a child of fork: the calling thread is no worker's any more, and the process ends with the body that runs.
  static void leave_in_child() noexcept;

  sched::scheduler& scheduler() const noexcept { return m_scheduler; }
  int local_id() const noexcept { return m_local_id; }
  bool runs_tasks() const noexcept { return m_duty == duty::tasks; }
  /// Whether its thread is the one that runs the primary task.
  bool is_of_primary() const noexcept { return m_is_of_primary; }

  // By any thread.

  /// The fiber, which this worker owns, goes on before anything that the worker has not begun.
  void make_ready(fiber::fiber& f) noexcept { m_mailbox.make_ready(f); }
  void push_pinned(detail::record& task);
  /// As task_queue::take_revoked, of the pinned ones.
  std::size_t take_revoked_pinned(revoked_tasks& into) { return m_pinned.take_revoked(into); }
  void push_first_pinned(detail::record& task);
  void wake() noexcept { m_mailbox.wake(); }
  const sched::mailbox& mailbox() const noexcept { return m_mailbox; }
  detail::record* steal() noexcept;
  detail::record* steal_movable() noexcept { return m_movable.steal(); }
  std::int64_t num_movable() const noexcept { return m_movable.size(); }
  /// For a thread that is none of the workers: what only this one would run, too.
  detail::record* take_from_outside() noexcept;
  bool has_stealable() const noexcept { return m_home_bound.has_items() || m_movable.has_items(); }
  /// Gives back memory of its queues that has been idle since `before`.
  void trim(base::time_point before) noexcept;
  torc::metrics::totals totals() const noexcept;
  torc::metrics::counters& counters() noexcept { return m_counters; }
  const torc::metrics::counters& counters() const noexcept { return m_counters; }
  /// What it runs at some moment; it may be freed unless running_bodies is looking.
  const std::atomic<detail::record*>& task_for_others() const noexcept { return m_task; }

  // By any thread that asks what is going on; what they find may be freed unless running_bodies is being read.

  const suspended_bodies& suspended() const noexcept { return m_suspended; }
  const task_queue& pinned() const noexcept { return m_pinned; }
  std::int64_t num_nested() const noexcept { return m_movable.size() + m_home_bound.size(); }
  /// As deque::for_oldest, of both of its own.
  template <class Function>
  void for_oldest_nested(std::size_t most, Function function) {
    m_home_bound.for_oldest(most, function);
    m_movable.for_oldest(most, function);
  }
  bool is_asleep() const noexcept { return m_mailbox.is_asleep(); }
  bool stands_by() const noexcept { return m_mailbox.stands_by(); }
  /// The call of a library in which its thread stands, if such calls are noted; else null.
  const char* library_call() const noexcept {
    const base::library_call::place* const place = m_library_call.load(std::memory_order_acquire);
    return place != nullptr ? place->load(std::memory_order_relaxed) : nullptr;
  }
  /// 0 while there is work.
  std::uint64_t idle_since_ns() const noexcept { return m_idle_since_ns.load(std::memory_order_relaxed); }

  /// The body that took longest, from its beginning to its end with all its waits.
  struct timed_body {
    std::uint64_t ns = 0;  ///< 0: none was timed
    std::string name;
  };
  /// Once the thread is over.
  const timed_body& longest() const noexcept { return m_longest; }

  // By the worker's own thread.

  /// Body of a thread of its own; returns after stop().
  void run();
  /// Makes the calling thread this worker's, with `task` as what it runs on its own stack.
  void attach(detail::record& task);
  void detach() noexcept;

  detail::record* task() const noexcept { return m_task.load(std::memory_order_relaxed); }
  /// For in_name_of; returns the one before.
  detail::record* exchange_task(detail::record* task) noexcept;
  /// Queues a task of rank below in its own deques. False if others of another priority are there: then it belongs into
  /// the node's queue.
  bool push_nested(detail::record& task, bool may_leave);

  /// Whether the ordinary children of the task, without options, are queued by spawn_nested.
  bool keeps_children_of(const detail::record& parent) const noexcept;
  /// What scheduler::spawn does for them. Nothing has happened if it throws.
  void spawn_nested(detail::record& task, detail::record& parent);

  /// Takes revoked tasks out of its own deques, as far as they are the newest there.
  void take_revoked_nested(revoked_tasks& into);
  /// Takes what is left in its own queues, once no thread runs any more.
  detail::record* take_leftover() noexcept;

  /// Returns when all children of the running task have completed.
  void join_children(detail::record& task);
  /// Runs its own children that `is_wanted` on the caller's stack, newest first, until `is_over` or something else
  /// should come first.
  template <class IsOver, class IsWanted>
  void run_children(IsOver is_over, IsWanted is_wanted);

  /// "on node 1, worker 3"
  std::string place() const;

  /// A fiber to go on with while the running one is suspended. Throws torc::error if there is no room for its stack.
  fiber::fiber& spare_fiber();
  void put_back(fiber::fiber& spare) { m_idle_fibers.push_back(&spare); }
  fiber::fiber& running_fiber() const noexcept { return *m_running; }
  /// Goes on with `spare` until the running fiber is made ready. The cause must live so long.
  void suspend(fiber::fiber& spare, const wait_cause& cause);

  /// Lets the worker run at most one ready fiber or queued task up to its next wait or end.
  void poll();

  /// Suspends a device task, without lending its slot out, until all that it has enqueued there is done. At once where
  /// calls return only then. Throws device_error.
  void wait_for_device(lease& held);

  /// Between them none of what it submits is queued by spawn_nested; they nest.
  void enter_codec() noexcept { ++m_codecs; }
  void leave_codec() noexcept { --m_codecs; }

 private:
  static void loop_entry(void* self);
  [[noreturn]] void loop();
  bool run_something();
  bool run_callback();
  bool serve_pollers();
  detail::record* next_below() noexcept;
  detail::record* pop_nested() noexcept;
  /// Another worker's task, what tells how that one advances, and what keeps this worker from taking too many of them.
  struct stolen_task {
    detail::record* task = nullptr;
    const torc::metrics::counters* from = nullptr;
    steal_throttle* towards = nullptr;
  };
  stolen_task next_rest() noexcept;
  bool has_below() const noexcept;
  bool waits_for_others() noexcept;
  stolen_task steal_from_others() noexcept;
  void execute(const stolen_task& taken);
  void execute(detail::record& task);
  void execute_with_options(detail::record& task);
  void execute_assembled(detail::record& task);
  detail::record* begin_body(detail::record& task) noexcept;
  void end_body(detail::record* outer) noexcept;
  void run_body(detail::record& task);
  void finish_ordinary(detail::record& task) noexcept;
  void fail_body(detail::record& task);
  /// As torc::remote_failure::place says, of a body that has thrown.
  std::string place_of(detail::record& task, int attempt) const;
  void run_with_retries(detail::record& task);
  void run_until_timeout(detail::record& task);
  void note_time(const detail::record& task, std::uint64_t begin_ns);
  void leave_bottom();
  bool stand_by();
  /// Whether the running task occupies other workers too.
  bool leads_gang() const noexcept;
  void lead(const gang& g);
  void disband(detail::record& task);
  /// The primary task keeps all that the process may use, for the threads that it starts.
  void use_own_cores();
  void regather(detail::record& task);
  lease* held_lease() const noexcept;
  void lend(lease& held) noexcept;
  void reclaim(lease& held);
  bool run_device_tasks(slot_queue& queue);
  lease* begin_device_body(detail::record& task, lease& own) noexcept;
  void prepare_driver();
  bool drive();
  void rest_driver() noexcept;
  void leave_to(fiber::fiber& spare, const wait_cause& cause);
  void resume(fiber::fiber& ready);
  void switch_to(fiber::fiber& target);
  void found_work() noexcept;
  void end_idleness() noexcept;
  std::chrono::nanoseconds shortest_sleep() const noexcept;
  bool yield_briefly() noexcept;
  void idle() noexcept;
  bool has_work() const noexcept;
  bool poll_peers() noexcept;
  bool end_polling() noexcept;
  /// Whether the running task should leave the worker to something more urgent, or its stack.
  bool must_give_way() noexcept;
  /// Whether something waits that comes before whatever others may take too.
  bool is_called_away() noexcept;
  bool has_urgent_work() noexcept;
  bool is_throttled() const noexcept {
    return m_nested_throttle.is_pausing() || m_primary_throttle.is_pausing() || m_opens_at_ns != 0;
  }
  bool has_work_before(const slot_queue& queue) noexcept;

  static constexpr std::size_t max_idle_fibers = 16;
  static constinit thread_local worker* t_current;

  // Owner's. What each nested task meets comes first, in one cache line.
  sched::scheduler& m_scheduler;
  event_count& m_work_event;
  std::atomic<detail::record*> m_task{nullptr};  ///< whose body runs now; others read it, see running_bodies
  fiber::fiber* m_running = nullptr;
  double m_nested_priority = no_priority;  ///< of all in the two deques
  int m_codecs = 0;                        ///< see enter_codec
  bool m_takes_ordinary;                   ///< ordinary children may be queued there: it runs tasks, and they fit
  bool m_is_timed;                         ///< bodies are, for the track or to find the longest
  const std::uint16_t m_bound_flag;        ///< what tells those that may not leave; 0 where there is one node
  deque<detail::record> m_home_bound;      ///< nested tasks that may not leave the node
  deque<detail::record> m_movable;         ///< nested tasks that may, and all of them where there is one node
  const int m_local_id;
  const duty m_duty;
  bool m_is_of_primary = false;
  driver* const m_driver = nullptr;    ///< null for all others
  lease* m_taken = nullptr;            ///< for the task that it is about to run
  detail::record* m_guest = nullptr;   ///< at the bottom of the running fiber, not suspended yet, if it is one
  detail::record* m_holder = nullptr;  ///< likewise, if it has units of a limit
  suspended_bodies m_suspended;
  std::vector<fiber::fiber*> m_idle_fibers;  ///< in the worker loop, between two tasks
  std::deque<fiber::fiber*> m_pollers;       ///< that let others run, and go on without being made ready
  bool m_is_turn_of_poller = false;
  fiber::fiber* m_retired = nullptr;  ///< left for good; destroyed by whoever runs next
  std::unique_ptr<fiber::fiber> m_thread_fiber;
  torc::metrics::trace_track* m_track = nullptr;
  timed_body m_longest;
  base::random m_random;
  bool m_is_searching = false;
  bool m_is_polling = false;          ///< looks after the other nodes' messages meanwhile
  steal_throttle m_nested_throttle;   ///< towards tasks in the deques of others
  steal_throttle m_primary_throttle;  ///< towards those that the primary task submits, where a worker runs it
  int m_num_open = 0;                 ///< suspended bodies, without the primary task's
  std::uint64_t m_opens_at_ns = 0;    ///< when it begins something new though it has much open; 0: no matter
  int m_searches = 0;
  std::chrono::nanoseconds m_sleep{};
  std::uint64_t m_yields_at_ns = 0;  ///< when it may give a turn away again
  std::uint64_t m_reserve_ns = 0;    ///< how long it does not after a long one
  torc::metrics::counters m_counters;
  /// 0 while there is work. Until its thread runs, which takes time where there are more threads than cores, it has
  /// none.
  std::atomic<std::uint64_t> m_idle_since_ns{base::now_ns()};
  std::atomic<const base::library_call::place*> m_library_call{nullptr};  ///< its thread's, while that runs

  // Other threads'.
  sched::mailbox m_mailbox;
  task_queue m_pinned;
};

}  // namespace torc::sched
