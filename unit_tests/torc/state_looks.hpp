// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <algorithm>
#include <string>
#include <thread>
#include <torc/torc.hpp>

#include "core/runtime/current.hpp"
#include "core/sched/state.hpp"
#include "unit_tests/torc/in_session.hpp"

/// For tests of what the running session's threads do.
namespace tests {

using torc::sched::awaited_task;
using torc::sched::pulse;
using torc::sched::state;
using torc::sched::suspended_state;
using torc::sched::wait_kind;
using torc::sched::worker_state;

inline state look() { return torc::sched::look_at(torc::runtime::running_scheduler("test"), {}); }

inline pulse pulse_here() { return torc::sched::pulse_of(torc::runtime::running_scheduler("test")); }

/// Looks until it is so.
template <class Condition>
state look_until(Condition is_so) {
  for (;;) {
    state found = look();
    if (is_so(found)) return found;
    std::this_thread::yield();
  }
}

inline const worker_state* find_worker(const state& found, const std::string& name) {
  const auto at =
      std::find_if(found.workers.begin(), found.workers.end(), [&](const auto& one) { return one.name == name; });
  return at != found.workers.end() ? &*at : nullptr;
}

inline const suspended_state* find_suspended(const state& found, const std::string& task) {
  const auto at = std::find_if(found.suspended.begin(), found.suspended.end(),
                               [&](const auto& one) { return torc::task::name_of(one.task) == task; });
  return at != found.suspended.end() ? &*at : nullptr;
}

inline bool runs(const state& found, const std::string& worker, const std::string& task) {
  const worker_state* const one = find_worker(found, worker);
  return one != nullptr && one->doing == worker_state::activity::runs && torc::task::name_of(one->task) == task;
}

inline torc::task_options on_worker(int worker, const char* name) {
  return {.worker = worker, .pinned = true, .name = name};
}

}  // namespace tests
