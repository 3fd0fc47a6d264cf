// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/report/fault_place.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "core/base/check.hpp"
#include "core/fiber/faults.hpp"
#include "core/sched/scheduler.hpp"
#include "core/sched/worker/worker.hpp"
#include "core/task/extras.hpp"

namespace torc::report {
namespace {

void copy_text(const std::string& text, char* buffer, std::size_t size_bytes) {
  std::copy_n(text.c_str(), std::min(text.size() + 1, size_bytes - 1), buffer);
}

/// Of the task that a fault has hit; empty if there is none.
void write_task_name(char* buffer, std::size_t size_bytes) {
  const sched::worker* const here = sched::worker::current();
  if (here != nullptr && here->task() != nullptr) copy_text(task::name_of(*here->task()), buffer, size_bytes);
}

/// Of a thread that runs tasks, such as "node 2, worker 5".
std::string place_of(const sched::worker& here) {
  const sched::node_map& nodes = here.scheduler().config().nodes;
  const std::string thread = here.local_id() >= 0 ? fmt::format("worker {}", nodes.first_own_worker() + here.local_id())
                             : here.is_of_primary() ? "the primary task's thread"
                                                    : "a device's driver";
  return fmt::format("node {}, {}", number_of(nodes.self()), thread);
}

void write_place(char* buffer, std::size_t size_bytes) {
  copy_text(place_of(*sched::worker::current()), buffer, size_bytes);
}

/// What a broken invariant was found in; empty outside of tasks.
std::string running_task() {
  const sched::worker* const here = sched::worker::current();
  if (here == nullptr || here->task() == nullptr) return {};
  return fmt::format("task '{}' on {}", task::name_of(*here->task()), place_of(*here));
}

}  // namespace

void name_tasks_in_faults(std::size_t stack_bytes) {
  base::set_check_context(running_task);
  fiber::faults::install({.task = write_task_name, .place = write_place}, stack_bytes);
}

}  // namespace torc::report
