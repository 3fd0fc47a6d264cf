// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

#pragma once

#include <oneapi/tbb/task_group.h>

#include <cstdint>

namespace perf {

inline std::int64_t tbb_fib(int n) {
  if (n < 2) return n;
  std::int64_t x = 0;
  std::int64_t y = 0;
  oneapi::tbb::task_group group;
  group.run([&x, n] { x = tbb_fib(n - 1); });
  group.run([&y, n] { y = tbb_fib(n - 2); });
  group.wait();
  return x + y;
}

}  // namespace perf
