// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/sched/worker/worker.hpp"

#include <torc/error.hpp>

#include <algorithm>
#include <thread>
#include <utility>

#include "core/base/check.hpp"
#include "core/base/clock.hpp"
#include "core/base/cpu_relax.hpp"
#include "core/fiber/faults.hpp"
#include "core/sched/idle/shared_pause.hpp"
#include "core/sched/peers/guest.hpp"
#include "core/sched/peers/peers.hpp"
#include "core/sched/scheduler.hpp"
#include "core/sched/worker/completion.hpp"
#include "core/sched/worker/devices.hpp"
#include "core/sched/worker/hot_path.hpp"
#include "core/task/extras.hpp"
#include "core/task/heap.hpp"

namespace torc::sched {

constinit thread_local worker* worker::t_current = nullptr;

namespace {

/// Searches before a worker sleeps: some 50 us, a few times what waking it costs. Where more threads are awake than
/// there are cores, searching takes them from those that have something to do.
constexpr int searches_with_core = 1000;
constexpr int searches_without_core = 20;
/// Searches, about a microsecond's, before a worker counts itself as searching. In shorter gaps it need not touch what
/// all workers share; a submitter may then wake a sleeper in its place.
constexpr int uncounted_searches = 20;
static_assert(uncounted_searches <= searches_without_core, "who sleeps must be counted");
/// A search in so many gives the core away for a turn. The kernel often puts the thread that will bring the work onto
/// the same core, and another core beside it stands still: that thread would wait until this one sleeps.
constexpr int searches_per_yield = 20;
/// Who gets the core back later than that has taken it from somebody who needs it, and sleeps: a sleeper is woken at
/// once, while each further turn may take as long. For some time, twice as long whenever it happens again, it gives no
/// turns away and soon sleeps.
constexpr std::chrono::nanoseconds longest_turn = std::chrono::microseconds(20);
constexpr std::uint64_t shortest_reserve_ns = 10'000'000;
constexpr std::uint64_t longest_reserve_ns = 1'000'000'000;
/// More of them before it sleeps, since nobody wakes it for messages of other nodes.
constexpr int yields_for_messages = 20;
/// While messages may come, which wake nobody; then twice as long each time.
constexpr std::chrono::nanoseconds first_sleep = std::chrono::microseconds(100);
constexpr std::chrono::nanoseconds sleep_of_primary = std::chrono::hours(1);

std::uint16_t bound_flag(const scheduler& of) noexcept {
  return of.peers() != nullptr ? detail::record_flags::home_bound : std::uint16_t{0};
}

}  // namespace

worker::worker(sched::scheduler& of, int local_id, duty what, event_count& sleepers, parker& own,
               torc::metrics::trace_track* track)
    : m_scheduler(of),
      m_work_event(sleepers),
      m_takes_ordinary(what == duty::tasks),
      m_is_timed(track != nullptr || of.config().times_bodies),
      m_bound_flag(bound_flag(of)),
      m_local_id(local_id),
      m_duty(what),
      m_track(track),
      m_random(0x9e3779b97f4a7c15U * static_cast<std::uint64_t>(local_id + 2)),
      m_mailbox(local_id, sleepers, own) {}

worker::worker(sched::scheduler& of, driver& part, event_count& sleepers, parker& own,
               torc::metrics::trace_track* track)
    : m_scheduler(of),
      m_work_event(sleepers),
      m_takes_ordinary(false),
      m_is_timed(track != nullptr || of.config().times_bodies),
      m_bound_flag(bound_flag(of)),
      m_local_id(-1),
      m_duty(duty::device),
      m_driver(&part),
      m_track(track),
      m_random(0),
      m_mailbox(-1, sleepers, own) {}

void worker::push_pinned(detail::record& task) {
  m_pinned.push(task);
  wake();
}

void worker::push_first_pinned(detail::record& task) {
  m_pinned.push_first(task);
  wake();
}

void worker::trim(base::time_point before) noexcept {
  m_home_bound.trim(before);
  m_movable.trim(before);
}

torc::metrics::totals worker::totals() const noexcept {
  auto totals = m_counters.read();
  const std::uint64_t since = m_idle_since_ns.load(std::memory_order_relaxed);
  const std::uint64_t now = base::now_ns();
  if (since != 0 && since < now) totals.idle_ns += now - since;
  return totals;
}

void worker::run() {
  end_idleness();
  t_current = this;
  m_library_call.store(&base::library_call::of_this_thread(), std::memory_order_release);
  fiber::faults::prepare_thread();
  if (m_driver != nullptr) prepare_driver();
  use_own_cores();
  m_thread_fiber = std::make_unique<fiber::fiber>();
  m_running = m_thread_fiber.get();
  switch_to(spare_fiber());
  detach();
}

void worker::attach(detail::record& task) {
  end_idleness();
  t_current = this;
  m_library_call.store(&base::library_call::of_this_thread(), std::memory_order_release);
  fiber::faults::prepare_thread();
  m_is_of_primary = true;
  m_thread_fiber = std::make_unique<fiber::fiber>();
  m_running = m_thread_fiber.get();
  m_task.store(&task, std::memory_order_release);
  task.owner = this;
}

void worker::leave_in_child() noexcept {
  if (worker* const here = std::exchange(t_current, nullptr); here != nullptr)
    here->m_scheduler.running().end_with_body();
}

void worker::detach() noexcept {
  m_task.store(nullptr, std::memory_order_release);
  m_library_call.store(nullptr, std::memory_order_release);
  m_scheduler.running().let_read();  // what is the thread's goes with it
  for (fiber::fiber* idle : m_idle_fibers) fiber::fiber::destroy(idle, m_scheduler.stacks());
  m_idle_fibers.clear();
  m_thread_fiber.reset();
  t_current = nullptr;
}

void worker::loop_entry(void* self) { static_cast<worker*>(self)->loop(); }

fiber::fiber& worker::spare_fiber() {
  if (m_idle_fibers.empty()) return *fiber::fiber::create(m_scheduler.stacks(), loop_entry, this);
  fiber::fiber* const idle = m_idle_fibers.back();
  m_idle_fibers.pop_back();
  return *idle;
}

void worker::switch_to(fiber::fiber& target) {
  fiber::fiber& self = *m_running;
  m_running = &target;
  self.switch_to(target);
  // Whoever switched here has said so in m_running.
  if (m_retired != nullptr) fiber::fiber::destroy(std::exchange(m_retired, nullptr), m_scheduler.stacks());
}

/// The fiber is about to be suspended, and with it a guest or a task that has units, perhaps below others of its stack.
void worker::leave_bottom() {
  if (m_holder != nullptr) m_scheduler.rest_with_units(*std::exchange(m_holder, nullptr));
  if (m_guest == nullptr) return;
  detail::record& guest = *std::exchange(m_guest, nullptr);
  guest_of(guest).peers->guest_begins(guest);
}

void worker::leave_to(fiber::fiber& spare, const wait_cause& cause) {
  leave_bottom();
  detail::record* const left = task();
  const int open = left != nullptr && (left->flags & detail::record_flags::primary) == 0 ? 1 : 0;
  suspended_body here{left, m_running, &cause, m_counters.suspended.value()};
  m_suspended.add(here);
  m_task.store(nullptr, std::memory_order_release);
  m_counters.suspended.add();
  m_num_open += open;
  detail::record** const destruction = exchange_destruction(nullptr);
  switch_to(spare);
  exchange_destruction(destruction);
  m_num_open -= open;
  m_task.store(left, std::memory_order_release);
  m_suspended.remove(here);
  m_scheduler.running().let_read();
}

void worker::suspend(fiber::fiber& spare, const wait_cause& cause) {
  TORC_CHECK(this->task() != nullptr);
  detail::record& task = *this->task();
  const bool is_gang = leads_gang();
  lease* const held = held_lease();
  if (held != nullptr) lend(*held);
  if (is_gang) disband(task);
  leave_to(spare, cause);
  if (is_gang) regather(task);
  if (held != nullptr) reclaim(*held);
}

void worker::poll() {
  fiber::fiber& spare = spare_fiber();
  m_pollers.push_back(m_running);
  m_is_turn_of_poller = false;
  const wait_cause cause{wait_kind::turn};
  suspend(spare, cause);
}

/// True if a task polls on this worker: then one other thing has run, or the task goes on. Both take turns, so that
/// tasks that poll for each other and for what is queued all get on.
bool worker::serve_pollers() {
  if (m_pollers.empty()) return false;
  if (!std::exchange(m_is_turn_of_poller, true) && run_something()) return true;
  fiber::fiber* const next = m_pollers.front();
  m_pollers.pop_front();
  m_is_turn_of_poller = false;
  resume(*next);
  return true;
}

bool worker::leads_gang() const noexcept {
  const detail::record* const running = task();
  return running != nullptr && (running->flags & detail::record_flags::has_options) != 0 &&
         running->extras->gang != nullptr;
}

detail::record* worker::exchange_task(detail::record* task) noexcept {
  detail::record* const before = this->task();
  end_body(task);
  return before;
}

void worker::resume(fiber::fiber& ready) {
  // This fiber stands in the loop and holds nothing: it waits for the next suspension, or goes if there are enough of
  // its kind.
  if (m_idle_fibers.size() < max_idle_fibers) {
    m_idle_fibers.push_back(m_running);
  } else {
    m_retired = m_running;
  }
  switch_to(ready);
}

void worker::loop() {
  if (m_retired != nullptr) fiber::fiber::destroy(std::exchange(m_retired, nullptr), m_scheduler.stacks());
  for (;;) {
    if (serve_pollers() || run_something()) continue;
    if (m_scheduler.is_stopping() && (m_driver == nullptr || !m_driver->is_waiting())) {
      end_polling();  // the network outlives this session
      m_retired = m_running;
      switch_to(*m_thread_fiber);
    }
    idle();
  }
}

void worker::end_idleness() noexcept {
  m_counters.idle_ns.add(base::now_ns() - m_idle_since_ns.load(std::memory_order_relaxed));
  m_idle_since_ns.store(0, std::memory_order_relaxed);
}

void worker::found_work() noexcept {
  m_searches = 0;
  m_opens_at_ns = 0;
  end_polling();
  if (!m_is_searching) return;
  m_is_searching = false;
  if (m_scheduler.peers() != nullptr && runs_tasks()) m_scheduler.worker_is_idle(false);
  end_idleness();
  m_work_event.end_search([this] { return runs_tasks() ? m_scheduler.has_shared_work(*this) : has_work(); });
}

/// True if that may have brought work.
bool worker::poll_peers() noexcept {
  peers* const peers = m_scheduler.peers();
  if (peers == nullptr) return false;
  if (!m_is_polling) {
    m_is_polling = true;
    peers->begin_polling();
  }
  return peers->poll();
}

bool worker::end_polling() noexcept {
  if (!m_is_polling) return false;
  m_is_polling = false;
  return m_scheduler.peers()->end_polling();
}

/// Of a worker without work. The primary task's thread looks for none: it sleeps until it is woken.
std::chrono::nanoseconds worker::shortest_sleep() const noexcept {
  if (m_duty == duty::primary_only) return sleep_of_primary;
  const std::chrono::nanoseconds longest = m_scheduler.config().longest_sleep;
  return m_scheduler.peers() != nullptr ? std::min(first_sleep, longest) : longest;
}

/// Gives the core away for a turn; false if it has not come back soon, or did not of late.
bool worker::yield_briefly() noexcept {
  const std::uint64_t before_ns = base::now_ns();
  if (before_ns < m_yields_at_ns) return false;
  std::this_thread::yield();
  const std::uint64_t after_ns = base::now_ns();
  if (std::chrono::nanoseconds(after_ns - before_ns) <= longest_turn) {
    m_reserve_ns = 0;
    return true;
  }
  m_reserve_ns = std::clamp(2 * m_reserve_ns, shortest_reserve_ns, longest_reserve_ns);
  m_yields_at_ns = after_ns + m_reserve_ns;
  return false;
}

void worker::idle() noexcept {
  if (!m_is_searching && (m_searches >= uncounted_searches || is_throttled())) {
    m_is_searching = true;
    m_sleep = shortest_sleep();
    m_idle_since_ns.store(base::now_ns(), std::memory_order_relaxed);
    m_work_event.begin_search();
    if (m_scheduler.peers() != nullptr && runs_tasks()) m_scheduler.worker_is_idle(true);
  }
  if (m_driver != nullptr && m_driver->is_waiting() && m_is_searching) {
    if (!end_polling()) rest_driver();
    return;
  }
  if (poll_peers()) {
    m_searches = 0;
    return;
  }
  const bool has_core = m_scheduler.has_core_for_awake();
  const int searches = has_core ? searches_with_core : searches_without_core;
  const bool polls_long = runs_tasks() || (m_duty == duty::primary_only && m_reserve_ns == 0);
  const int yields = polls_long && m_scheduler.peers() != nullptr ? yields_for_messages : 0;
  if (is_throttled()) {
    // Over in a moment; to sleep would be vain, because there may be work.
    m_opens_at_ns == 0 && has_core ? base::cpu_relax() : std::this_thread::yield();
  } else if (m_searches < searches) {
    ++m_searches;
    if (!has_core || !m_is_searching || m_searches % searches_per_yield != 0) {
      base::cpu_relax();
    } else if (!yield_briefly()) {
      m_searches = searches;
    }
  } else if (m_searches < searches + yields) {
    std::this_thread::yield();
    ++m_searches;
  } else {
    if (end_polling()) return;
    m_home_bound.shrink();
    m_movable.shrink();
    task::heap::mine().collect();  // what others freed could not go back to the system before
    const std::chrono::nanoseconds pause =
        runs_tasks() ? shared_pause(m_sleep, m_work_event.num_sleeping(), m_scheduler.config().num_cores) : m_sleep;
    if (m_mailbox.sleep(pause, [this] { return has_work(); })) {
      m_searches = 0;
      m_sleep = shortest_sleep();
    } else {
      m_sleep = std::max(shortest_sleep(), std::min(2 * m_sleep, m_scheduler.config().longest_sleep));
    }
  }
}

}  // namespace torc::sched
