// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

#pragma once

#include <cstdint>
#include <torc/torc.hpp>

namespace perf {

inline std::int64_t torc_fib(int n) {
  if (n < 2) return n;
  const auto x = torc::submit(torc_fib, n - 1);
  const auto y = torc::submit(torc_fib, n - 2);
  torc::wait();
  return x.result() + y.result();
}

}  // namespace perf
