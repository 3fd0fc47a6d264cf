// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <torc/error.hpp>

#include <exception>
#include <optional>
#include <utility>

#include "core/base/clock.hpp"
#include "core/base/log.hpp"
#include "core/sched/device/lease.hpp"
#include "core/sched/peers/guest.hpp"
#include "core/sched/peers/peers.hpp"
#include "core/sched/scheduler.hpp"
#include "core/sched/wait/timers.hpp"
#include "core/sched/worker/calling_task.hpp"
#include "core/sched/worker/completion.hpp"
#include "core/sched/worker/hot_path.hpp"
#include "core/sched/worker/worker.hpp"
#include "core/task/extras.hpp"

/// How a worker runs one task, from the queue to the end of its body.
namespace torc::sched {
namespace {

using detail::outcome;
using detail::record;
namespace bits = detail::state_bits;
namespace flags = detail::record_flags;

/// Ends the future of a task whose body runs for too long.
struct time_limit final : timer {
  time_limit(scheduler& s, record& r) : its_scheduler(s), task(r) {}
  void expired() noexcept override {
    // First, since the body that finds its future settled takes it back.
    std::atomic<std::uint64_t>& overdue = its_scheduler.rare_counts().overdue;
    overdue.fetch_add(1, std::memory_order_relaxed);
    if ((task.state.fetch_or(bits::settled, std::memory_order_acq_rel) & bits::settled) != 0) {
      overdue.fetch_sub(1, std::memory_order_relaxed);
      return;
    }
    its_scheduler.fail(
        task,
        std::make_exception_ptr(timeout_error(fmt::format("task '{}' ran longer than its timeout of {:g} s",
                                                          task::name_of(task), task.extras->options.timeout.count()))),
        fmt::format("on node {}", number_of(its_scheduler.config().nodes.self())));
    task.extras->is_stop_requested.store(true, std::memory_order_relaxed);
    if ((task.flags & flags::guest) != 0) {
      guest_of(task).peers->guest_expired(task);
    } else {
      fulfil(task);
    }
  }
  scheduler& its_scheduler;
  record& task;
};

/// Tells of a body that goes on long after its timeout.
struct overdue_body final : timer {
  overdue_body(const scheduler& s, const record& r, int id) : its_scheduler(s), task(r), local_id(id) {}
  void expired() noexcept override {
    const node_map& nodes = its_scheduler.config().nodes;
    base::log::line(
        "node {}: task '{}' goes on on worker {}, though its timeout of {} s passed {} s ago and "
        "torc::stop_requested() "
        "says so: whatever else waits for this worker does not go on",
        number_of(nodes.self()), task::name_of(task), nodes.first_own_worker() + local_id,
        task.extras->options.timeout.count(), its_scheduler.config().grace.count());
  }
  const scheduler& its_scheduler;
  const record& task;
  const int local_id;
};

}  // namespace

std::string worker::place() const {
  const node_map& nodes = m_scheduler.config().nodes;
  std::string place = fmt::format("on node {}", number_of(nodes.self()));
  if (runs_tasks()) place += fmt::format(", worker {}", nodes.first_own_worker() + m_local_id);
  return place;
}

std::string worker::place_of(record& task, int attempt) const {
  std::string place = std::exchange(task::extras_of(task).element, {});
  if (attempt > 1) place += fmt::format("in attempt {}, ", attempt);
  return place + this->place();
}

void worker::fail_body(record& task) { m_scheduler.fail(task, std::current_exception(), place_of(task, 1)); }

void worker::execute_with_options(record& task) {
  const bool is_with_options = (task.flags & flags::has_options) != 0;
  const task_options* const options = is_with_options ? &task.extras->options : nullptr;
  if ((task.flags & flags::limited) != 0 && !m_scheduler.is_abandoned() && !m_scheduler.acquire_units(task)) return;
  if (options != nullptr && options->cores > 1 && !m_scheduler.is_abandoned() &&
      (task.state.load(std::memory_order_relaxed) & bits::revoked) == 0) {
    const bool is_for_this_worker = options->pinned && options->worker >= 0;
    m_scheduler.gangs().request(task, options->cores, is_for_this_worker ? &m_mailbox : nullptr);
    m_scheduler.work_event().notify_all();
    return;
  }
  execute_assembled(task);
}

void worker::execute_assembled(record& task) {
  const bool is_with_options = (task.flags & flags::has_options) != 0;
  const bool is_claimed = claim_for_body(task);
  if (is_claimed && m_scheduler.gives_up(task)) {
    task.result_kind = outcome::stopped;
  } else if (is_claimed) {
    const std::uint64_t begin_ns = m_is_timed ? base::now_ns() : 0;
    if ((task.flags & flags::guest) != 0) {
      m_guest = &task;
      const bool frees_others =
          guest_of(task).bytes.size() >= guest_record::large_bytes || (task.flags & flags::limited) != 0;
      if (frees_others) guest_of(task).peers->guest_begins(task);  // what it held is for others at once
    }
    if ((task.flags & flags::limited) != 0) m_holder = &task;
    lease own;
    lease* const held = (task.flags & flags::device) != 0 ? begin_device_body(task, own) : nullptr;
    const bool meets_peers = (task.flags & flags::spmd_body) != 0 && m_scheduler.peers() != nullptr;
    const bool is_exclusive = meets_peers && m_scheduler.peers()->is_exclusive();
    std::optional<waiting_ban> ban;
    if (is_exclusive) {
      m_scheduler.peers()->begin_spmd_body();
      ban.emplace(
          "an spmd body may not wait where MPI was initialised with less than MPI_THREAD_MULTIPLE: nobody could bring "
          "it what it waits for");
    }
    if (is_with_options) {
      run_until_timeout(task);
    } else {
      run_body(task);
    }
    if (is_exclusive) {
      ban.reset();
      m_scheduler.peers()->end_spmd_body();
    }
    if (meets_peers && task.result_kind == outcome::failed) m_scheduler.peers()->spmd_body_failed(task);
    if (held == &own) own.memory.give_back(own.held->memory);
    if (m_guest == &task) m_guest = nullptr;
    if (m_holder == &task) m_holder = nullptr;
    if (m_is_timed) note_time(task, begin_ns);
  }
  if ((task.flags & flags::limited) != 0) m_scheduler.release_units(task);
  if (is_with_options && task.extras->gang != nullptr) {
    disband(task);
    task.extras->gang.reset();
  }
  m_scheduler.running().let_read();
  if (is_claimed) {
    finish_body(task);
  } else {
    release_reference(task);
  }
}

void worker::run_until_timeout(record& task) {
  if (task.extras->options.timeout.count() <= 0) {
    run_with_retries(task);
    return;
  }
  time_limit limit(m_scheduler, task);
  overdue_body overdue(m_scheduler, task, m_local_id);
  const auto deadline = base::deadline_after(base::now(), task.extras->options.timeout);
  m_scheduler.timers().add(limit, deadline);
  if (runs_tasks()) m_scheduler.timers().add(overdue, base::deadline_after(deadline, m_scheduler.config().grace));
  run_with_retries(task);
  m_scheduler.timers().remove(overdue);
  m_scheduler.timers().remove(limit);
  if (const auto now = base::now(); now > deadline) {
    const auto late = std::chrono::duration_cast<std::chrono::nanoseconds>(now - deadline);
    m_scheduler.overruns().add(static_cast<std::uint64_t>(late.count()), task::name_of(task));
  }
}

void worker::run_with_retries(record& task) {
  record* const outer = begin_body(task);
  std::exception_ptr failure;
  int attempt = 1;
  for (int left = task.extras->options.retries;; --left, ++attempt) {
    failure = nullptr;
    try {
      task.type->run(task);
    } catch (...) {
      failure = std::current_exception();
      if ((task.flags & flags::device) != 0 && task.extras->lease != nullptr)
        failure = task.extras->lease->held->of.explain(std::move(failure));
    }
    if (!failure || left <= 0 || m_scheduler.is_abandoned() ||
        task.extras->is_stop_requested.load(std::memory_order_relaxed))
      break;
    task.extras->rng.reset();  // a retry draws what the first try drew
    task.spawned = 0;
  }
  m_counters.executed.add();
  end_body(outer);
  // With a timeout, the first of body and timer decides how the future ends.
  if (task.extras->options.timeout.count() > 0 &&
      (task.state.fetch_or(bits::settled, std::memory_order_acq_rel) & bits::settled) != 0) {
    m_scheduler.rare_counts().overdue.fetch_sub(1, std::memory_order_relaxed);
    return;
  }
  if (failure) {
    m_scheduler.fail(task, std::move(failure), place_of(task, attempt));
  } else {
    task.result_kind = outcome::value;
  }
}

void worker::note_time(const record& task, std::uint64_t begin_ns) {
  const std::uint64_t end_ns = base::now_ns();
  if (m_track != nullptr) m_track->append(task::name_of(task), begin_ns, end_ns);
  if (end_ns - begin_ns > m_longest.ns) m_longest = {end_ns - begin_ns, task::name_of(task)};
}

void worker::use_own_cores() {
  if (m_scheduler.config().use_cores == nullptr) return;
  const bool has_all = m_is_of_primary || m_driver != nullptr;
  m_scheduler.config().use_cores({&m_local_id, has_all ? std::size_t{0} : 1});
}

void worker::lead(const gang& g) {
  if (m_scheduler.config().use_cores != nullptr) m_scheduler.config().use_cores(m_scheduler.gangs().members_of(g));
}

/// Of the gang that the task leads.
void worker::disband(record& task) {
  use_own_cores();
  m_scheduler.gangs().disband(*task.extras->gang);
}

bool worker::stand_by() {
  gangs& all = m_scheduler.gangs();
  std::shared_ptr<gang> joined = all.join(m_mailbox);
  if (joined == nullptr) return false;
  found_work();
  const auto has_ready = [&] {
    return !joined->has_begun.load(std::memory_order_acquire) && m_mailbox.ready().has_items();
  };
  while (!joined->is_over.load(std::memory_order_acquire)) {
    if (all.try_begin(m_mailbox, *joined)) {
      record& task = *joined->task;
      fiber::fiber* const suspended = joined->suspended;
      lead(*joined);
      task.extras->gang = std::move(joined);  // this fiber may never come back from resume
      if (suspended == nullptr) {
        execute_assembled(task);
      } else {
        resume(*suspended);
      }
      return true;
    }
    // What this worker has begun goes first, as long as nobody counts on it.
    // At the end of the session only cancelled tasks are left to assemble for.
    if ((has_ready() || m_scheduler.is_stopping()) && all.leave(m_mailbox, *joined)) {
      m_scheduler.work_event().notify_all();  // its place is free
      return true;
    }
    m_mailbox.stand_by(m_scheduler.config().longest_sleep, [&] {
      return joined->is_over.load(std::memory_order_acquire) || has_ready() || m_scheduler.is_stopping() ||
             all.can_begin(m_mailbox, *joined);
    });
  }
  return true;
}

/// The body has been resumed with this worker alone: waits for the others.
void worker::regather(record& task) {
  fiber::fiber* spare = nullptr;
  try {
    spare = &spare_fiber();
    m_scheduler.gangs().request_again(task, task.extras->options.cores, m_mailbox, *m_running);
  } catch (const std::exception& e) {
    if (spare != nullptr) put_back(*spare);
    base::log::line("task '{}' goes on with one of its {} cores: {}", task::name_of(task), task.extras->options.cores,
                    e.what());
    return;
  }
  m_scheduler.work_event().notify_all();
  const wait_cause cause{wait_kind::cores};
  leave_to(*spare, cause);
}

}  // namespace torc::sched
