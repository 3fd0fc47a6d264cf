// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/sched/scheduler.hpp"

#include <fmt/format.h>

#include <cmath>
#include <mutex>
#include <stdexcept>
#include <system_error>
#include <torc/detail/path.hpp>
#include <torc/error.hpp>

#include "core/sched/completion.hpp"
#include "core/sched/waiters.hpp"
#include "core/sched/waiting.hpp"
#include "core/task/extras.hpp"
#include "core/task/slab.hpp"

namespace torc::sched {
namespace {

using detail::record;
namespace bits = detail::state_bits;
namespace flags = detail::record_flags;

constexpr std::chrono::milliseconds tick_interval{500};
/// How long memory may lie idle before it goes back to the system.
constexpr std::chrono::milliseconds idle_memory{500};
/// On top of TORC_STACK_SIZE: how much of its parents' frames a task that runs on their stack may find there.
constexpr std::size_t inline_room_bytes = std::size_t{256} << 10U;

std::vector<std::unique_ptr<parking>> make_beds(int count) {
  std::vector<std::unique_ptr<parking>> beds;
  for (int i = 0; i < count; ++i) beds.push_back(std::make_unique<parking>());
  return beds;
}

std::vector<parking*> pointers(const std::vector<std::unique_ptr<parking>>& beds) {
  std::vector<parking*> result;
  for (const auto& bed : beds) result.push_back(bed.get());
  return result;
}

}  // namespace

scheduler::scheduler(const settings& chosen)
    : m_settings(chosen),
      m_stacks(chosen.stack_bytes + inline_room_bytes),
      m_beds(make_beds(chosen.num_workers)),
      m_idlers(pointers(m_beds)),
      m_primary_idlers({&m_primary_bed}) {
  const auto track = [&](const std::string& name) {
    return chosen.trace != nullptr ? &chosen.trace->add_track(name) : nullptr;
  };
  for (int i = 0; i < chosen.num_workers; ++i) {
    m_workers.push_back(std::make_unique<worker>(*this, i, worker::duty::tasks, m_idlers,
                                                 *m_beds[static_cast<std::size_t>(i)],
                                                 track(fmt::format("worker {}", i))));
  }
  if (chosen.primary_has_thread) {
    m_primary_worker =
        std::make_unique<worker>(*this, -1, worker::duty::primary_only, m_primary_idlers, m_primary_bed, nullptr);
  }
}

scheduler::~scheduler() = default;

void scheduler::start(record& primary) {
  m_primary = &primary;
  m_outside = &make_scope(flags::primary | flags::uncounted, detail::mix_path(primary.path, ~std::uint64_t{0}),
                          m_settings.session);
  m_is_outside_open = true;
  m_timers = std::make_unique<class timers>(tick_interval, [this] { tick(); });
  (m_primary_worker != nullptr ? *m_primary_worker : *m_workers.front()).attach(primary);
  try {
    for (std::size_t i = m_primary_worker != nullptr ? 0 : 1; i < m_workers.size(); ++i) {
      m_threads.emplace_back([w = m_workers[i].get()] { w->run(); });
    }
  } catch (const std::system_error& e) {
    const std::size_t started = m_threads.size();
    stop(primary);
    throw config_error(
        fmt::format("TORC_WORKERS={}: only {} threads could be started ({}): take fewer workers, or raise the limit of "
                    "processes (ulimit -u)",
                    num_workers(), started, e.code().message()));
  }
}

void scheduler::stop(record& primary) {
  worker& here = *worker::current();
  here.join_children(primary);
  {
    const std::scoped_lock lock(m_outside_mutex);
    m_is_outside_open = false;
  }
  m_outside->state.fetch_add(bits::reference, std::memory_order_relaxed);
  sched::close_scope(*m_outside);
  wait_done(*m_outside, std::nullopt);
  release_reference(*m_outside);
  release_reference(*m_outside);
  // Callbacks of what other threads submitted, and what those submitted in turn, are the primary task's children or
  // theirs.
  here.join_children(primary);
  m_is_stopping.store(true, std::memory_order_seq_cst);
  m_idlers.notify_all();
  for (const auto& w : m_workers) w->wake();
  for (std::thread& thread : m_threads) thread.join();
  m_threads.clear();
  here.detach();
  m_timers.reset();
  // What is left in the queues was cancelled: entries without a task.
  const auto drop = [](auto pop) {
    while (record* const task = pop()) release_reference(*task);
  };
  drop([&] { return m_fifo.pop(); });
  drop([&] { return m_by_priority.pop(); });
  drop([&] { return m_gangs.take_leftover(); });
  drop([&] { return m_limits.take_leftover(); });
  for (const auto& w : m_workers) drop([&] { return w->take_leftover(); });
  m_primary = nullptr;
}

void scheduler::abandon() noexcept { m_is_abandoned.store(true, std::memory_order_relaxed); }

void scheduler::count_created() noexcept {
  if (worker* const here = worker::current(); here != nullptr) {
    here->counters().created.add();
  } else {
    m_foreign_created.fetch_add(1, std::memory_order_relaxed);
  }
}

void scheduler::count_child(record& parent) noexcept {
  if (const worker* const here = worker::current(); here != nullptr && parent.owner == here && !parent.is_joining) {
    ++parent.outstanding;
  } else {
    parent.remote.fetch_add(1, std::memory_order_relaxed);
  }
}

void scheduler::check_options(record& parent, const task_options& options) {
  if (options.worker < -1 || options.worker >= num_workers()) {
    throw std::out_of_range(
        fmt::format("submit: worker {} does not exist: there are {}, numbered from 0 (or -1 for any)", options.worker,
                    num_workers()));
  }
  if (options.cores < 1 || options.cores > num_workers()) {
    throw std::out_of_range(fmt::format("submit: a task cannot have {} cores: the node has {} workers (TORC_WORKERS)",
                                        options.cores, num_workers()));
  }
  if (options.retries < 0)
    throw std::invalid_argument(fmt::format("submit: retries must be at least 0, not {}", options.retries));
  if (options.priority && std::isnan(*options.priority))
    throw std::invalid_argument("submit: a priority must be a number, not NaN");
  if (!(options.timeout.count() >= 0)) {
    throw std::invalid_argument(
        fmt::format("submit: timeout must be at least 0 s (0 for none), not {} s", options.timeout.count()));
  }
  if (options.limit.empty()) return;
  if (!m_limits.has(options.limit)) {
    throw std::out_of_range(
        fmt::format("submit: no limit is named '{}': declare it with torc::set_limit first (there are: {})",
                    options.limit, m_limits.names()));
  }
  for (record* ancestor = &parent; ancestor != nullptr; ancestor = ancestor->parent) {
    // Extras that were not made at submission may be made at this moment, by the thread that runs the ancestor.
    const bool is_special = (std::atomic_ref(ancestor->flags).load(std::memory_order_relaxed) & flags::special) != 0;
    if (is_special && ancestor->extras->options.limit == options.limit) {
      throw error(fmt::format(
          "submit: task '{}' counts against the limit '{}' and cannot have tasks below it that do: they could wait for "
          "each other for ever",
          task::name_of(*ancestor), options.limit));
    }
  }
}

void scheduler::adopt(record& task, record& parent, std::uint64_t path) {
  task.parent = &parent;
  task.path = path;
  task.session = m_settings.session;
  // Noted here because a cancelled task may outlive its parent in a queue.
  const std::uint8_t origin = (parent.flags & flags::primary) != 0 ? flags::of_primary : std::uint8_t{0};
  task.flags = static_cast<std::uint8_t>(task.flags | origin | (parent.flags & flags::inherited));
  count_child(parent);
  count_created();
}

void scheduler::spawn_at(record& task, record& parent, std::uint64_t path) {
  adopt(task, parent, path);
  route(task);
}

void scheduler::spawn(record& task, record& parent, const task_options* options) {
  if (options != nullptr) {
    check_options(parent, *options);
    task::extras_of(task).options = *options;
    task.flags |= flags::special;
    if (options->timeout.count() > 0 || options->cores > 1 || !options->limit.empty() || options->pinned)
      task.flags |= flags::never_inline;
  }
  spawn_at(task, parent, next_child_path(parent));
}

std::uint64_t scheduler::next_child_path(record& parent) noexcept {
  const std::uint32_t number = (parent.flags & flags::scope) != 0
                                   ? std::atomic_ref(parent.spawned).fetch_add(1, std::memory_order_relaxed)
                                   : parent.spawned++;
  return detail::mix_path(parent.path, number);
}

void scheduler::run_on_worker_0(record& task) {
  struct end_of_spmd final : detail::waiter {
    explicit end_of_spmd(scheduler& s) : node(s) { is_removable = false; }
    void fire(record&) noexcept override {
      scheduler& queue = node;
      delete this;
      queue.m_spmds.finished();
      queue.m_workers.front()->wake();
    }
    scheduler& node;
  };
  add_waiter(task, *new end_of_spmd(*this));
  m_spmds.push(task);
  m_workers.front()->wake();
}

void scheduler::route(record& task) {
  if ((task.flags & flags::special) != 0) {
    const task_options& options = task.extras->options;
    if (options.pinned && options.worker >= 0) {
      worker& target = worker_at(options.worker);
      if (options.priority) {
        target.push_pinned(task, *options.priority);
      } else {
        target.push_pinned(task);
      }
      return;
    }
    if (options.priority) {
      m_by_priority.push(task, *options.priority);
      m_idlers.notify();
      return;
    }
    if (options.worker >= 0) {
      m_fifo.push(task);
      m_idlers.notify();
      return;
    }
  }
  worker* const here = worker::current();
  if (here == nullptr || !here->runs_tasks() || (task.flags & flags::of_primary) != 0) {
    m_fifo.push(task);
  } else {
    here->push_nested(task);
  }
  m_idlers.notify();
}

bool scheduler::cancel(record& task) {
  // See worker::claim for the other side.
  const std::uint32_t before = task.state.fetch_or(bits::cancel_requested, std::memory_order_seq_cst);
  if ((before & bits::done) != 0) return task.result_kind == detail::outcome::cancelled;
  base::heavy_fence();
  if (task.started.load(std::memory_order_relaxed) != 0) return false;
  if ((task.state.fetch_or(bits::claimed, std::memory_order_acq_rel) & bits::claimed) != 0) {
    return task.started.load(std::memory_order_relaxed) == 0;  // else it was another call of cancel
  }
  task.result_kind = detail::outcome::cancelled;
  task.state.fetch_add(bits::reference, std::memory_order_relaxed);  // the queue still holds the record
  complete(task);
  return true;
}

record& scheduler::outside() {
  const std::scoped_lock lock(m_outside_mutex);
  if (!m_is_outside_open) throw error("submit: the session is ending; submit before the primary task returns");
  return *m_outside;
}

bool scheduler::has_shared_work(const worker& self) const noexcept {
  if (m_fifo.has_items() || m_by_priority.has_items() || m_gangs.has_place_for(self)) return true;
  for (const auto& w : m_workers) {
    if (w.get() != &self && w->has_stealable()) return true;
  }
  return self.has_stealable();
}

torc::record::totals scheduler::totals() const noexcept {
  torc::record::totals sum;
  for (const auto& w : m_workers) sum += w->totals();
  if (m_primary_worker != nullptr) {
    sum.created += m_primary_worker->totals().created;
    sum.suspended += m_primary_worker->totals().suspended;
  }
  sum.created += foreign_created();
  return sum;
}

void scheduler::tick() {
  const auto before = base::now() - idle_memory;
  task::depot().trim(before);
  m_stacks.trim(before);
  for (const auto& w : m_workers) w->trim(before);
  if (m_settings.on_tick) m_settings.on_tick();
}

}  // namespace torc::sched
