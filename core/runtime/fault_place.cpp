// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/runtime/fault_place.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "core/base/check.hpp"
#include "core/fiber/faults.hpp"
#include "core/sched/scheduler.hpp"
#include "core/sched/worker.hpp"
#include "core/task/extras.hpp"

namespace torc::runtime {
namespace {

/// Name of the task that this thread runs, for messages.
std::string running_task_name() {
  const sched::worker* const here = sched::worker::current();
  return here != nullptr && here->task() != nullptr ? task::name_of(*here->task()) : std::string("none");
}

void copy_text(const std::string& text, char* buffer, std::size_t size_bytes) {
  std::copy_n(text.c_str(), std::min(text.size() + 1, size_bytes - 1), buffer);
}

/// Of the task that a fault has hit; empty if there is none.
void write_task_name(char* buffer, std::size_t size_bytes) {
  const sched::worker* const here = sched::worker::current();
  if (here != nullptr && here->task() != nullptr) copy_text(task::name_of(*here->task()), buffer, size_bytes);
}

void write_place(char* buffer, std::size_t size_bytes) {
  const sched::worker& here = *sched::worker::current();
  const sched::node_map& nodes = here.node().chosen().nodes;
  const std::string thread = here.local_id() >= 0 ? fmt::format("worker {}", nodes.first_own_worker() + here.local_id())
                             : here.is_of_primary() ? "the primary task's thread"
                                                    : "a device's driver";
  copy_text(fmt::format("node {}, {}", number_of(nodes.self()), thread), buffer, size_bytes);
}

}  // namespace

void name_tasks_in_faults(std::size_t stack_bytes) {
  base::set_check_context(running_task_name);
  fiber::faults::install({.task = write_task_name, .place = write_place}, stack_bytes);
}

}  // namespace torc::runtime
