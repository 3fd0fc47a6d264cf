// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

#pragma once

#include <cstdint>
#include <functional>
#include <torc/torc.hpp>

namespace perf {

inline void empty_task() {}

/// To be called in a task. Calls `queued` when all tasks are submitted and before the wait.
template <class F>
void torc_spawn(std::int64_t count, F queued) {
  for (std::int64_t i = 0; i < count; ++i) torc::submit(empty_task);
  queued();
  torc::wait();
}

/// The same from a task that the calling one submits, waiting for it.
template <class F>
void torc_spawn_nested(std::int64_t count, F queued) {
  torc::submit(torc::local([count, &queued] { torc_spawn(count, std::ref(queued)); })).result();
}

}  // namespace perf
