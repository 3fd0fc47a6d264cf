// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

#pragma once

#include <cstdint>

namespace perf {

/// Nothing, by a call that the compiler may not remove.
[[gnu::noinline]] inline void empty_call() { asm volatile("" ::: "memory"); }

inline void serial_spawn(std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) empty_call();
}

}  // namespace perf
