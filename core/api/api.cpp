// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <fmt/format.h>

#include <stdexcept>
#include <torc/error.hpp>
#include <torc/node.hpp>
#include <torc/session.hpp>
#include <torc/statistics.hpp>
#include <torc/task_options.hpp>

#include "core/runtime/current.hpp"
#include "core/runtime/progress.hpp"
#include "core/sched/worker/calling_task.hpp"
#include "core/sched/worker/worker.hpp"
#include "core/task/extras.hpp"

/// The public functions that are not templates.
namespace torc {
namespace {

void set_stealing(bool is_on, const char* where) {
  const runtime::held_session open(where);
  open->set_stealing(is_on);
}

}  // namespace

int detail::launch_primary(const std::function<int()>& main) { return runtime::own_session("launch").launch(main); }

bool launch() {
  runtime::session& open = runtime::own_session("launch");
  if (open.is_first_node()) {
    open.begin();
    return true;
  }
  open.serve();
  return false;
}

int shutdown() {
  runtime::refuse_in_child("shutdown");
  if (runtime::is_running()) {
    const sched::worker* const here = sched::worker::current();
    if (here == nullptr || here->task() != here->scheduler().primary())
      throw error("shutdown: only the primary task can end the session, not a task below it or another thread");
    sched::check_may_wait();  // it waits for all tasks
  }
  return runtime::close_session();
}

void finalize() {
  runtime::refuse_in_child("finalize");
  if (runtime::current_session() != nullptr) throw error("finalize: a session is open: call torc::shutdown first");
  runtime::finalise();
}

double gettime() noexcept {
  const runtime::held_session open;
  return open ? open->elapsed_seconds() : 0;
}

int node_id() noexcept {
  const runtime::held_session open;
  return open ? number_of(open->nodes().self()) : 0;
}

int num_nodes() noexcept {
  const runtime::held_session open;
  return open ? open->nodes().num_nodes() : 0;
}

int worker_id() noexcept {
  const int local_id = worker_local_id();
  return local_id < 0 ? -1 : sched::worker::current()->scheduler().config().nodes.first_own_worker() + local_id;
}

int num_workers() noexcept {
  const runtime::held_session open;
  return open ? open->nodes().num_workers() : 0;
}

int worker_local_id() noexcept {
  const sched::worker* const here = sched::worker::current();
  if (here == nullptr) return -1;
  return here->is_of_primary() ? 0 : here->local_id();
}

int num_local_workers() noexcept {
  const runtime::held_session open;
  return open ? open->num_workers() : 0;
}

// One node has nobody to steal from; the calls are legal so that a program need not know.
void enable_stealing() { set_stealing(true, "enable_stealing"); }
void disable_stealing() { set_stealing(false, "disable_stealing"); }

bool stop_requested() noexcept {
  const sched::worker* const here = sched::worker::current();
  if (here == nullptr) {
    const runtime::held_scheduler running;
    return running && running->is_abandoned();
  }
  const detail::record* const task = here->task();
  return here->scheduler().is_abandoned() || (task != nullptr && task->extras != nullptr &&
                                              task->extras->is_stop_requested.load(std::memory_order_relaxed));
}

statistics stats() {
  const runtime::held_session open("stats");
  return open->totals();
}

void set_limit(const std::string& name, int capacity, limit_scope scope) {
  if (capacity < 1)
    throw std::invalid_argument(fmt::format("set_limit: '{}' needs a capacity of at least 1, not {}", name, capacity));
  if (name.empty()) throw std::invalid_argument("set_limit: a limit needs a name");
  const runtime::held_scheduler running("set_limit");
  sched::scheduler& scheduler = *running;
  const bool is_per_node = scope == limit_scope::per_node;
  runtime::progress* const others = runtime::current_session()->others();
  const bool is_of_other_scope = scheduler.limits().is_per_node(name).value_or(is_per_node) != is_per_node;
  if (is_of_other_scope || (others != nullptr && !others->declare_limit(name, capacity, is_per_node))) {
    throw std::invalid_argument(fmt::format("set_limit: '{}' is {} already", name,
                                            is_per_node ? "a limit of the whole job" : "a limit of each node"));
  }
  if (others != nullptr) return;
  sched::revoked_tasks revoked;
  for (detail::record* const task : scheduler.limits().declare(0, name, capacity, is_per_node, revoked))
    scheduler.queue_first(*task);
  scheduler.give_up(revoked);
}

}  // namespace torc
