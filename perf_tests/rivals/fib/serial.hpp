// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

#pragma once

#include <cstdint>

namespace perf {

inline std::int64_t serial_fib(int n) { return n < 2 ? n : serial_fib(n - 1) + serial_fib(n - 2); }

/// How many calls, and in the parallel versions tasks, fib(n) takes with fib(n) itself.
inline std::int64_t fib_calls(int n) { return 2 * serial_fib(n + 1) - 1; }

}  // namespace perf
