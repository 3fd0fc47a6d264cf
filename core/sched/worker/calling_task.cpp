// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/sched/worker/calling_task.hpp"

#include <torc/error.hpp>

#include <utility>

#include "core/sched/worker/in_codec.hpp"
#include "core/sched/worker/worker.hpp"

namespace torc::sched {
namespace {

/// Of a thread that is no worker.
constinit thread_local detail::record* t_task = nullptr;
// Of the thread, not of a fiber: while it stands nothing is suspended.
constinit thread_local const char* t_ban = nullptr;

detail::record* exchange_task(detail::record* task) noexcept {
  worker* const here = worker::current();
  return here != nullptr ? here->exchange_task(task) : std::exchange(t_task, task);
}

}  // namespace

detail::record* calling_task() noexcept {
  const worker* const here = worker::current();
  return here != nullptr ? here->task() : t_task;
}

void leave_task_in_child() noexcept {
  worker::leave_in_child();
  t_task = nullptr;
}

in_name_of::in_name_of(detail::record* task) noexcept : m_before(exchange_task(task)) {}
in_name_of::~in_name_of() { exchange_task(m_before); }

waiting_ban::waiting_ban(const char* reason) noexcept : m_before(std::exchange(t_ban, reason)) {}
waiting_ban::~waiting_ban() { t_ban = m_before; }

void check_may_wait() {
  check_not_in_codec("wait");
  if (t_ban != nullptr) throw error(t_ban);
  const worker* const here = worker::current();
  if (here != nullptr && here->task() == nullptr) {
    throw error(
        "what the runtime itself calls may not wait for tasks: the destructor of a task's function, argument or result "
        "was about to");
  }
}

}  // namespace torc::sched
