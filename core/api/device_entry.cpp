// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <torc/detail/device_entry.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <atomic>
#include <torc/error.hpp>

#include "core/base/log.hpp"
#include "core/runtime/current.hpp"
#include "core/sched/scheduler.hpp"
#include "core/sched/worker/calling_task.hpp"
#include "core/sched/worker/devices.hpp"
#include "core/sched/worker/worker.hpp"
#include "core/task/extras.hpp"

/// What the templates for device tasks call.
namespace torc::detail {
namespace {

using sched::worker;

/// What the calling task holds; null if it is no device task, or runs without a slot.
sched::lease* calling_lease() noexcept {
  const worker* const here = worker::current();
  if (here == nullptr || here->task() == nullptr || (here->task()->flags & record_flags::device) == 0) return nullptr;
  return here->task()->extras->lease;
}

}  // namespace

void require_space(record& task, const space_request& request) {
  const runtime::held_scheduler running("submit");
  sched::scheduler& scheduler = *running;
  const sched::space_map& spaces = scheduler.config().spaces;
  const int space = spaces.find(request.space);
  if (space == sched::space_map::none) {
    if (request.is_for_host_too) return;  // an ordinary task then
    if (spaces.size() == 0) {
      const std::string& missing = runtime::current_session()->missing_devices();
      throw device_error(
          fmt::format("submit: a task needs the execution space {}, and no node has any: {}; TORC_VERBOSE=1 shows what "
                      "the nodes found",
                      request.space, missing.empty() ? "build torc with Kokkos (TORC_ENABLE_KOKKOS=ON)" : missing));
    }
    throw device_error(fmt::format(
        "submit: a task needs the execution space {}, which no node has (there are: {}); TORC_VERBOSE=1 shows what the "
        "nodes found",
        request.space, fmt::join(spaces.names(), ", ")));
  }
  if ((task.flags & record_flags::home_bound) != 0 && !request.is_for_host_too &&
      !spaces.has(scheduler.config().nodes.self(), space)) {
    throw device_error(fmt::format(
        "submit: a task that is kept on its node needs the execution space {}, which that node does not have",
        request.space));
  }
  runtime::current_session()->advise_on_devices();
  task_extras& extras = task::extras_of(task);
  extras.space = space;
  extras.is_for_host_too = request.is_for_host_too;
  task.flags |= record_flags::device | record_flags::has_options;
  if (scheduler.devices().queue_of(space) != nullptr) task.flags |= record_flags::never_inline;
}

const void* slot_instance(const char* space) noexcept {
  sched::lease* const held = calling_lease();
  if (held == nullptr || held->held->of.space() != space) return nullptr;
  held->is_idle = false;
  return held->held->of.instance(held->held->index);
}

void throw_no_slot(const char* space) {
  throw device_error(fmt::format("a task for the execution space {} came to a node that does not have it", space));
}

void wait_for_slot() {
  worker* const here = worker::current();
  sched::lease* const held = calling_lease();
  if (held == nullptr) return;
  sched::check_may_wait();
  try {
    here->wait_for_device(*held);
  } catch (...) {
    held->is_idle = false;  // more may follow
    throw;
  }
  held->is_idle = false;
}

void finish_slot_work() {
  if (sched::lease* const held = calling_lease(); held != nullptr) worker::current()->wait_for_device(*held);
}

void abandon_slot_work() noexcept {
  try {
    finish_slot_work();
  } catch (const std::exception& e) {
    base::log::line("after a device task that failed: {}", e.what());
  }
}

bool is_slot_asynchronous() noexcept {
  const sched::lease* const held = calling_lease();
  return held != nullptr && held->held->of.dispatch() == sched::dispatch::drivers;
}

void* slot_scratch(std::size_t size_bytes, bool is_host, const char* where) {
  sched::lease* const held = calling_lease();
  if (held == nullptr) throw error(fmt::format("{}: only the body of a device task has memory of a slot", where));
  return held->memory.allocate(held->held->memory, is_host ? sched::slot_memory::host : sched::slot_memory::device,
                               size_bytes);
}

}  // namespace torc::detail
