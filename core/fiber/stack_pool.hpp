// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstddef>
#include <mutex>
#include <vector>

#include "core/base/clock.hpp"

namespace torc::fiber {

/// The memory of one fiber's stack; grows down from `high`.
struct stack {
  std::byte* low = nullptr;
  std::byte* high = nullptr;
  bool is_guarded =
      false;  ///< the page below `low` traps; else a canary at `low` tells of an overflow at the next switch
};

/// Stacks of one size. Their address space comes in slabs without reserve; memory is committed as used, and goes back
/// to the system when a stack has been idle for a while. Thread-safe.
class stack_pool {
 public:
  explicit stack_pool(std::size_t stack_bytes);
  stack_pool(const stack_pool&) = delete;
  stack_pool& operator=(const stack_pool&) = delete;
  ~stack_pool();

  /// Throws torc::error that names TORC_STACK_SIZE when address space runs out.
  stack take();
  void give(stack s);
  bool trim(base::time_point before);
  std::size_t stack_bytes() const noexcept { return m_stack_bytes; }

 private:
  static constexpr std::size_t stacks_per_slab = 32;
  struct idle_stack {
    stack memory;
    base::time_point since;
  };
  void reserve_slab();

  const std::size_t m_stack_bytes;
  const std::size_t m_max_guards;
  std::mutex m_mutex;
  std::vector<idle_stack> m_idle;  ///< the most recent last
  std::vector<stack> m_clean;      ///< without committed memory
  std::vector<std::byte*> m_slabs;
  std::size_t m_guards = 0;
};

}  // namespace torc::fiber
