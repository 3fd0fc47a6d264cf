// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

#pragma once

#include <cstdint>

namespace perf {

/// To be called in a parallel region.
inline std::int64_t openmp_fib(int n) {
  if (n < 2) return n;
  std::int64_t x = 0;
  std::int64_t y = 0;
#pragma omp task default(none) shared(x) firstprivate(n)
  x = openmp_fib(n - 1);
#pragma omp task default(none) shared(y) firstprivate(n)
  y = openmp_fib(n - 2);
#pragma omp taskwait
  return x + y;
}

}  // namespace perf
