// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

#pragma once

#include <oneapi/tbb/task_group.h>

#include <cstdint>

namespace perf {

/// Calls `queued` when all tasks are submitted and before the wait.
template <class F>
void tbb_spawn(std::int64_t count, F queued) {
  oneapi::tbb::task_group group;
  for (std::int64_t i = 0; i < count; ++i) group.run([] {});
  queued();
  group.wait();
}

}  // namespace perf
