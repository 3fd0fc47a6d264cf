// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/sched/worker.hpp"

#include <torc/error.hpp>

#include <algorithm>
#include <thread>
#include <utility>

#include "core/base/check.hpp"
#include "core/base/clock.hpp"
#include "core/base/cpu_relax.hpp"
#include "core/fiber/overflow.hpp"
#include "core/sched/completion.hpp"
#include "core/sched/devices.hpp"
#include "core/sched/guest.hpp"
#include "core/sched/hot_path.hpp"
#include "core/sched/other_nodes.hpp"
#include "core/sched/scheduler.hpp"
#include "core/task/extras.hpp"
#include "core/task/heap.hpp"

namespace torc::sched {

constinit thread_local worker* worker::t_current = nullptr;

namespace {

/// Searches before a worker yields, then sleeps: some 50 us, a few times what waking it costs. Where workers share
/// cores, spinning would take them from the others.
constexpr int spins_with_core = 1000;
constexpr int spins_without_core = 20;
/// Searches, about a microsecond's, before a worker counts itself as searching. In shorter gaps it need not touch what
/// all workers share; a submitter may then wake a sleeper in its place.
constexpr int uncounted_spins = 20;
constexpr int yields = 20;
/// Workers that one search asks for work; only before it sleeps a worker looks at all.
constexpr int max_victims = 32;
static_assert(uncounted_spins <= spins_without_core, "who sleeps must be counted");
constexpr std::chrono::nanoseconds first_sleep = std::chrono::microseconds(100);

}  // namespace

worker::worker(scheduler& node, int local_id, duty what, idlers& sleepers, parking& bed,
               torc::record::trace_track* track)
    : m_node(node),
      m_local_id(local_id),
      m_duty(what),
      m_track(track),
      m_random(0x9e3779b97f4a7c15U * static_cast<std::uint64_t>(local_id + 2)),
      m_idlers(sleepers),
      m_parking(bed),
      m_gang_idlers({&m_gang_parking}) {}

worker::worker(scheduler& node, driver& role, idlers& sleepers, parking& bed, torc::record::trace_track* track)
    : m_node(node),
      m_local_id(-1),
      m_duty(duty::device),
      m_driver(&role),
      m_track(track),
      m_random(0),
      m_idlers(sleepers),
      m_parking(bed),
      m_gang_idlers({&m_gang_parking}) {}

void worker::make_ready(fiber::fiber& f) noexcept {
  m_ready.push(f);
  wake();
}

void worker::push_pinned(detail::record& task) noexcept {
  m_pinned.push(task);
  wake();
}

void worker::push_pinned(detail::record& task, double priority) {
  m_pinned_by_priority.push(task, priority);
  wake();
}

void worker::wake() noexcept {
  m_attention.raise();
  m_idlers.notify(m_parking);
  m_gang_idlers.notify(m_gang_parking);
}

detail::record* worker::steal() noexcept {
  detail::record* const task = m_movable.steal();
  return task != nullptr ? task : m_home_bound.steal();
}

void worker::trim(base::time_point before) noexcept {
  m_home_bound.trim(before);
  m_movable.trim(before);
}

torc::record::totals worker::totals() const noexcept {
  auto totals = m_counters.read();
  const std::uint64_t since = m_idle_since_ns.load(std::memory_order_relaxed);
  const std::uint64_t now = base::now_ns();
  if (since != 0 && since < now) totals.idle_ns += now - since;
  return totals;
}

void worker::run() {
  t_current = this;
  fiber::overflow_guard::prepare_thread();
  if (m_driver != nullptr) prepare_driver();
  use_own_cores();
  m_thread_fiber = std::make_unique<fiber::fiber>();
  m_running = m_thread_fiber.get();
  switch_to(spare_fiber());
  detach();
}

void worker::attach(detail::record& task) {
  t_current = this;
  fiber::overflow_guard::prepare_thread();
  m_is_of_primary = true;
  m_thread_fiber = std::make_unique<fiber::fiber>();
  m_running = m_thread_fiber.get();
  m_task.store(&task, std::memory_order_release);
  task.owner = this;
}

void worker::detach() noexcept {
  m_task.store(nullptr, std::memory_order_release);
  for (fiber::fiber* idle : m_idle_fibers) fiber::fiber::destroy(idle, m_node.stacks());
  m_idle_fibers.clear();
  m_thread_fiber.reset();
  t_current = nullptr;
}

void worker::loop_entry(void* self) { static_cast<worker*>(self)->loop(); }

fiber::fiber& worker::spare_fiber() {
  if (m_idle_fibers.empty()) return *fiber::fiber::create(m_node.stacks(), loop_entry, this);
  fiber::fiber* const idle = m_idle_fibers.back();
  m_idle_fibers.pop_back();
  return *idle;
}

void worker::switch_to(fiber::fiber& target) {
  fiber::fiber& self = *m_running;
  m_running = &target;
  self.switch_to(target);
  // Whoever switched here has said so in m_running.
  if (m_retired != nullptr) fiber::fiber::destroy(std::exchange(m_retired, nullptr), m_node.stacks());
}

/// The fiber is about to be suspended, and with it a guest, perhaps below others of its stack.
void worker::leave_guest() {
  if (m_guest == nullptr) return;
  detail::record& guest = *std::exchange(m_guest, nullptr);
  guest_of(guest).others->guest_begins(guest);
}

void worker::leave_to(fiber::fiber& spare) {
  leave_guest();
  detail::record* const left = task();
  m_task.store(nullptr, std::memory_order_relaxed);
  m_counters.suspended.add();
  detail::record** const destruction = exchange_destruction(nullptr);
  switch_to(spare);
  exchange_destruction(destruction);
  m_task.store(left, std::memory_order_release);
}

void worker::suspend(fiber::fiber& spare) {
  TORC_CHECK(this->task() != nullptr);
  detail::record& task = *this->task();
  const bool is_gang = leads_gang();
  lease* const held = held_lease();
  if (held != nullptr) lend(*held);
  if (is_gang) disband(task);
  leave_to(spare);
  if (is_gang) regather(task);
  if (held != nullptr) reclaim(*held);
}

bool worker::leads_gang() const noexcept {
  const detail::record* const running = task();
  return running != nullptr && (running->flags & detail::record_flags::special) != 0 &&
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
  if (m_retired != nullptr) fiber::fiber::destroy(std::exchange(m_retired, nullptr), m_node.stacks());
  for (;;) {
    if (run_something()) continue;
    if (m_node.is_stopping() && (m_driver == nullptr || !m_driver->is_waiting())) {
      end_polling();  // the network outlives this session
      m_retired = m_running;
      switch_to(*m_thread_fiber);
    }
    idle();
  }
}

bool worker::run_something() {
  if (m_local_id == 0) {
    if (detail::record* const body = m_node.spmds().take(); body != nullptr) {
      found_work();
      execute(*body);
      return true;
    }
  }
  if (fiber::fiber* const ready = m_ready.pop(); ready != nullptr) {
    found_work();
    resume(*ready);
    return true;
  }
  if (m_driver != nullptr) return drive();
  if (!runs_tasks()) return false;
  if (m_node.gangs().is_wanted() && !m_node.is_stopping() && stand_by()) return true;
  if (detail::record* const task = next_task(); task != nullptr) {
    found_work();
    execute(*task);
    return true;
  }
  if (slot_queue* const queue = m_node.devices().queue_with_turn(*this); queue != nullptr && run_device_tasks(*queue))
    return true;
  if (detail::record* const task = m_local_id == 0 ? m_node.fifo().pop() : nullptr; task != nullptr) {
    found_work();
    execute(*task);
    return true;
  }
  if (m_restraint.is_pausing() && !m_restraint.ends(base::now_ns())) return false;
  if (const loot taken = next_of_others(); taken.task != nullptr) {
    found_work();
    execute(taken);
    return true;
  }
  return false;
}

void worker::execute(const loot& taken) {
  if (taken.from == nullptr) {
    execute(*taken.task);
    return;
  }
  const std::uint64_t begin_ns = base::now_ns();
  execute(*taken.task);
  // What brought further tasks along was worth taking, however soon it ended.
  if (!has_stealable()) m_restraint.has_run(*taken.from, begin_ns, base::now_ns());
}

detail::record* worker::take_own() noexcept {
  if (detail::record* const task = m_pinned_by_priority.pop(); task != nullptr) return task;
  if (detail::record* const task = m_pinned.pop(); task != nullptr) return task;
  if (detail::record* const task = m_home_bound.pop(); task != nullptr) return task;
  return m_movable.pop();
}

/// Those with a priority, then what nobody else may run, then nested ones, newest first.
detail::record* worker::next_task() noexcept {
  if (detail::record* const task = m_pinned_by_priority.pop(); task != nullptr) return task;
  if (detail::record* const task = m_node.by_priority().pop(); task != nullptr) return task;
  return take_own();
}

/// The node's, oldest first, then those that wait for a slot which they need not have, then others' nested ones.
worker::loot worker::next_of_others() noexcept {
  if (detail::record* const task = m_node.fifo().pop(); task != nullptr) {
    const bool is_of_worker_0 =
        (task->flags & detail::record_flags::of_primary) != 0 && !m_node.chosen().primary_has_thread;
    return {task, is_of_worker_0 && m_local_id != 0 ? &m_node.worker_at(0).m_counters : nullptr};
  }
  if (detail::record* const task = m_node.devices().take_for_host(); task != nullptr) return {task, nullptr};
  return steal_from_others();
}

worker::loot worker::steal_from_others() noexcept {
  const int count = m_node.num_workers();
  if (count == 1 || m_node.is_stopping()) return {};
  // xorshift64 (Marsaglia 2003): where to begin, so that thieves spread.
  m_random ^= m_random << 13U;
  m_random ^= m_random >> 7U;
  m_random ^= m_random << 17U;
  const int first = static_cast<int>(m_random % static_cast<std::uint64_t>(count));
  for (int i = 0; i < std::min(count, max_victims); ++i) {
    worker& victim = m_node.worker_at((first + i) % count);
    if (&victim == this) continue;
    if (detail::record* const task = victim.steal(); task != nullptr) {
      m_counters.stolen.add();
      return {task, &victim.m_counters};
    }
  }
  return {};
}

/// Of what is for this worker alone, once its attention is raised.
bool worker::has_urgent_work() noexcept {
  m_attention.lower();
  const bool found = m_ready.has_items() || m_pinned.has_items() || m_pinned_by_priority.has_items() ||
                     (m_local_id == 0 && m_node.spmds().is_pending());
  if (found) m_attention.raise();
  return found;
}

void worker::found_work() noexcept {
  m_searches = 0;
  end_polling();
  if (!m_is_searching) return;
  m_is_searching = false;
  if (m_node.others() != nullptr && runs_tasks()) m_node.worker_is_idle(false);
  m_counters.idle_ns.add(base::now_ns() - m_idle_since_ns.load(std::memory_order_relaxed));
  m_idle_since_ns.store(0, std::memory_order_relaxed);
  m_idlers.end_search();
}

bool worker::has_work() const noexcept {
  if (m_ready.has_items() || m_node.is_stopping()) return true;
  if (m_local_id == 0 && m_node.spmds().is_pending()) return true;
  if (m_driver != nullptr) return m_driver->queue().has_turn(*this);
  if (!runs_tasks()) return false;
  return m_pinned.has_items() || m_pinned_by_priority.has_items() || m_node.has_shared_work(*this);
}

/// True if that may have brought work.
bool worker::poll_others() noexcept {
  other_nodes* const others = m_node.others();
  if (others == nullptr || m_duty == duty::primary_only) return false;
  if (!m_is_polling) {
    m_is_polling = true;
    others->begin_polling();
  }
  return others->poll();
}

bool worker::end_polling() noexcept {
  if (!m_is_polling) return false;
  m_is_polling = false;
  return m_node.others()->end_polling();
}

void worker::idle() noexcept {
  if (!m_is_searching && (m_searches >= uncounted_spins || m_restraint.is_pausing())) {
    m_is_searching = true;
    m_sleep = std::min(first_sleep, m_node.chosen().longest_sleep);
    m_idle_since_ns.store(base::now_ns(), std::memory_order_relaxed);
    m_idlers.begin_search();
    if (m_node.others() != nullptr && runs_tasks()) m_node.worker_is_idle(true);
  }
  if (m_driver != nullptr && m_driver->is_waiting() && m_is_searching) {
    if (!end_polling()) rest_driver();
    return;
  }
  if (poll_others()) {
    m_searches = 0;
    return;
  }
  const int spins = m_node.chosen().has_core_per_worker ? spins_with_core : spins_without_core;
  if (m_restraint.is_pausing()) {
    // Over in a moment; to sleep would be vain, because there may be work.
    m_node.chosen().has_core_per_worker ? base::cpu_relax() : std::this_thread::yield();
  } else if (m_searches < spins) {
    base::cpu_relax();
    ++m_searches;
  } else if (m_searches < spins + yields) {
    std::this_thread::yield();
    ++m_searches;
  } else {
    if (end_polling()) return;
    m_home_bound.shrink();
    m_movable.shrink();
    task::heap::mine().collect();  // what others freed could not go back to the system before
    if (m_idlers.sleep(m_parking, m_sleep, [this] { return has_work(); })) {
      m_searches = 0;
      m_sleep = std::min(first_sleep, m_node.chosen().longest_sleep);
    } else {
      m_sleep = std::min(2 * m_sleep, m_node.chosen().longest_sleep);
    }
  }
}

}  // namespace torc::sched
