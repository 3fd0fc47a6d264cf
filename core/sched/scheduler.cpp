// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/sched/scheduler.hpp"

#include <fmt/format.h>

#include <cmath>
#include <mutex>
#include <torc/detail/path.hpp>
#include <torc/error.hpp>

#include "core/base/forked_child.hpp"
#include "core/sched/peers/peers.hpp"
#include "core/sched/route/abandoning.hpp"
#include "core/sched/thread_start.hpp"
#include "core/sched/wait/waiters.hpp"
#include "core/sched/worker/baton.hpp"
#include "core/sched/worker/completion.hpp"
#include "core/sched/worker/devices.hpp"
#include "core/sched/worker/scopes.hpp"
#include "core/sched/worker/worker.hpp"
#include "core/task/extras.hpp"
#include "core/task/failures.hpp"
#include "core/task/slab.hpp"

namespace torc::sched {
namespace {

using detail::record;
namespace bits = detail::state_bits;
namespace flags = detail::record_flags;

/// How long memory may lie idle before it goes back to the system.
constexpr std::chrono::milliseconds idle_memory{500};
/// On top of TORC_STACK_SIZE: how much of its parents' frames a task that runs on their stack may find there.
constexpr std::size_t inline_room_bytes = std::size_t{256} << 10U;

std::vector<std::unique_ptr<parker>> make_parkers(int count) {
  std::vector<std::unique_ptr<parker>> parkers;
  for (int i = 0; i < count; ++i) parkers.push_back(std::make_unique<parker>());
  return parkers;
}

std::vector<parker*> pointers(const std::vector<std::unique_ptr<parker>>& parkers) {
  std::vector<parker*> result;
  for (const auto& each : parkers) result.push_back(each.get());
  return result;
}

/// How many bodies can run at once.
int num_runners_of(const settings& chosen) {
  int count = chosen.num_workers;
  for (const device* const each : chosen.devices) {
    // The bodies of other devices run on the workers.
    if (each->dispatch() == dispatch::drivers) count += each->num_slots();
  }
  return count;
}

}  // namespace

scheduler::scheduler(const settings& chosen)
    : m_settings(chosen),
      m_stacks(chosen.stack_bytes + inline_room_bytes),
      m_parkers(make_parkers(chosen.num_workers)),
      m_work_event(pointers(m_parkers)),
      m_primary_event({&m_primary_parker}),
      m_limits(chosen.peers, num_runners_of(chosen)),
      m_scopes(std::make_unique<class scopes>(*this)),
      m_abandoner(std::make_unique<abandoner>(*this)) {
  const auto track = [&](const std::string& name) {
    return chosen.trace != nullptr ? &chosen.trace->add_track(name) : nullptr;
  };
  for (int i = 0; i < chosen.num_workers; ++i) {
    m_workers.push_back(std::make_unique<worker>(*this, i, worker::duty::tasks, m_work_event,
                                                 *m_parkers[static_cast<std::size_t>(i)],
                                                 track(fmt::format("worker {}", i))));
  }
  if (chosen.primary_has_thread) {
    m_primary_worker = std::make_unique<worker>(*this, -1, worker::duty::primary_only, m_primary_event,
                                                m_primary_parker, track("the primary task's thread"));
  }
  m_devices = std::make_unique<class devices>(*this, chosen.devices, chosen.drivers_per_device, chosen.trace);
  const auto observe = [this](worker& w, std::string name) {
    m_running.add(w, w.task_for_others(), w.counters(), std::move(name));
  };
  for (const auto& w : m_workers)
    observe(*w, fmt::format("worker {}", chosen.nodes.first_own_worker() + w->local_id()));
  if (m_primary_worker != nullptr) observe(*m_primary_worker, "the primary task's thread");
  for (const auto& driver : m_devices->drivers()) observe(*driver, "a device's driver");
  // From the beginning: other nodes may end the session before this one's workers have started. Paths of what a node's
  // own threads submit differ from those of other nodes.
  const std::uint64_t path = chosen.nodes.self() == base::first_node
                                 ? detail::root_path
                                 : detail::mix_path(detail::root_path, index_of(chosen.nodes.self()));
  m_outside = &make_scope(flags::primary | flags::detached, detail::mix_path(path, ~std::uint64_t{0}), chosen.session);
  m_is_outside_open = true;
}

scheduler::~scheduler() = default;

void throw_is_ending(const char* where) {
  throw error(
      fmt::format("{}: the session is ending, and takes nothing more from threads that run no task: call this before "
                  "the primary task returns",
                  where));
}

void scheduler::start(record& primary) {
  m_primary = &primary;
  (m_primary_worker != nullptr ? *m_primary_worker : *m_workers.front()).attach(primary);
  try {
    start_threads(m_primary_worker != nullptr ? 0 : 1);
  } catch (...) {
    finish();
    close_outside([] {});
    end_threads();
    throw;
  }
}

void scheduler::serve() {
  std::exception_ptr failure;
  try {
    start_threads(1);
  } catch (...) {
    failure = std::current_exception();
    finish();
    close_outside([] {});
  }
  m_workers.front()->run();
  end_threads();
  if (failure) std::rethrow_exception(failure);
}

void scheduler::start_threads(std::size_t first_worker) {
  const auto start = [this](const std::string& purpose, auto how) { start_thread(purpose, num_workers(), how); };
  start("timers", [this] { m_timers.start(tick_interval, [this] { tick(); }); });
  for (std::size_t i = first_worker; i < m_workers.size(); ++i) {
    worker* const one = m_workers[i].get();
    start(fmt::format("worker {}", m_settings.nodes.first_own_worker() + one->local_id()),
          [&] { m_threads.emplace_back([one] { one->run(); }); });
  }
  for (const auto& driver : m_devices->drivers())
    start("a device's driver", [&] { m_threads.emplace_back([one = driver.get()] { one->run(); }); });
}

void scheduler::close_outside(std::function<void()> is_over) {
  struct end_of_outside final : detail::waiter {
    explicit end_of_outside(std::function<void()> f) : function(std::move(f)) { is_removable = false; }
    void fire(record&) noexcept override {
      const auto call = std::move(function);
      delete this;
      call();
    }
    std::function<void()> function;
  };
  {
    const std::scoped_lock lock(m_outside_mutex);
    m_is_outside_open = false;
  }
  record& outside = *m_outside;
  m_scopes->close_below(outside);
  outside.state.fetch_add(bits::reference, std::memory_order_relaxed);
  auto* const end = new end_of_outside(std::move(is_over));
  if (!add_waiter(outside, *end)) end->fire(outside);
  sched::close_scope(outside);
  release_reference(outside);
}

void scheduler::stop(record& primary) {
  worker& here = *worker::current();
  m_scopes->close_below(primary);
  here.join_children(primary);
  baton outside_is_over({wait_kind::others});
  close_outside([&] { outside_is_over.notify(); });
  outside_is_over.wait();
  // Callbacks of what other threads submitted, and what those submitted in turn, are the primary task's children or
  // theirs.
  here.join_children(primary);
  if (m_settings.peers != nullptr) m_settings.peers->shut_down();
  finish();
  end_threads();
  m_primary = nullptr;
}

void scheduler::finish() noexcept {
  m_is_stopping.store(true, std::memory_order_seq_cst);
  m_work_event.notify_all();
  for (const auto& w : m_workers) w->wake();
  m_devices->wake_all();
}

void scheduler::end_threads() {
  m_abandoner->stop();
  for (std::thread& thread : m_threads) thread.join();
  m_threads.clear();
  if (worker* const here = worker::current(); here != nullptr) here->detach();
  m_timers.stop();
  release_reference(*m_outside);
  // What is left in the queues was cancelled: entries without a task.
  const auto drop = [this](auto pop) {
    while (record* const task = pop()) {
      m_running.let_read();
      release_reference(*task);
    }
  };
  drop([&] { return m_shared.pop(); });
  drop([&] { return m_callbacks.pop(); });
  drop([&] { return m_gangs.take_leftover(); });
  drop([&] { return m_limits.take_waiting(); });
  drop([&] { return m_limits.take_asking(); });
  drop([&] { return m_devices->take_leftover(); });
  for (const auto& w : m_workers) drop([&] { return w->take_leftover(); });
}

void scheduler::fail(record& task, std::exception_ptr failure, std::string place) {
  if (base::is_forked_child())
    base::end_forked_child(
        fmt::format("a child of fork has thrown in task '{}': {}", task::name_of(task), task::describe(failure)));
  const bool is_of_stop = task::is_stopped_error(failure);
  task::extras_of(task).failure = m_failures.add(std::move(failure), task::name_of(task), std::move(place));
  task.result_kind = detail::outcome::failed;
  if (is_of_stop) task.extras->failure->is_looked_at.store(true, std::memory_order_relaxed);
  if (!is_of_stop) note_failed(task);
}

void scheduler::note_failed(record& task) {
  const bool is_news = !task::extras_of(task).has_failed.exchange(true, std::memory_order_relaxed);
  if (is_news && (task.flags & flags::guest) == 0) m_rare_counts.failed.fetch_add(1, std::memory_order_relaxed);
}

/// Counted under the lock that close_outside takes first: so it has not completed, or nothing is added to it any more.
record& scheduler::open_outside(const char* where) {
  const std::scoped_lock lock(m_outside_mutex);
  if (!m_is_outside_open) throw_is_ending(where);
  m_outside->remote.fetch_add(1, std::memory_order_relaxed);
  return *m_outside;
}

bool scheduler::has_shared_work(const worker& self) const noexcept {
  if (m_shared.has_items() || m_callbacks.has_items() || m_gangs.has_place_for(self.mailbox())) return true;
  if (m_devices->has_work_for(self)) return true;
  for (const auto& w : m_workers) {
    if (w.get() != &self && w->has_stealable()) return true;
  }
  return self.has_stealable();
}

torc::metrics::totals scheduler::totals() const noexcept {
  torc::metrics::totals sum;
  for (const auto& w : m_workers) sum += w->totals();
  if (m_primary_worker != nullptr) {
    torc::metrics::totals of_primary = m_primary_worker->totals();
    of_primary.idle_ns = 0;  // it is nobody that tasks could have occupied
    sum += of_primary;
  }
  sum += m_devices->totals();
  sum.created += foreign_created();
  return sum;
}

void scheduler::tick() {
  const auto before = base::now() - idle_memory;
  task::depot().trim(before);
  m_stacks.trim(before);
  for (const auto& w : m_workers) w->trim(before);
  m_running.note_ages();
  if (m_settings.on_tick) m_settings.on_tick();
}

}  // namespace torc::sched
