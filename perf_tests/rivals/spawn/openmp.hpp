// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

#pragma once

#include <cstdint>

namespace perf {

/// To be called in a parallel region. Calls `queued` when all tasks are submitted and before the wait. (GNU OpenMP
/// queues 64 tasks a thread; what exceeds them runs at once, so there is never a million of them.)
template <class F>
void openmp_spawn(std::int64_t count, F queued) {
  for (std::int64_t i = 0; i < count; ++i) {
#pragma omp task default(none)
    asm volatile("" ::: "memory");  // g++ leaves out a task with an empty body
  }
  queued();
#pragma omp taskwait
}

}  // namespace perf
