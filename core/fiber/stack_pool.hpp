// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <array>
#include <cstddef>
#include <mutex>
#include <vector>

#include "core/base/clock.hpp"
#include "core/fiber/stack_gap.hpp"

namespace torc::fiber {

/// The memory of one fiber's stack; grows down from `high`.
struct stack {
  std::byte* low = nullptr;
  std::byte* high = nullptr;
  /// What traps below `low`; if nothing does, a canary at `low` tells of an overflow at the next switch.
  std::size_t gap_bytes = 0;
};

/// Stacks of one size. Their address space comes in slabs without reserve; memory is committed as used, and goes back
/// to the system when a stack has been idle for a while. Thread-safe.
class stack_pool {
 public:
  explicit stack_pool(std::size_t stack_bytes, const stack_gaps& gaps = stack_gaps::of_process());
  stack_pool(const stack_pool&) = delete;
  stack_pool& operator=(const stack_pool&) = delete;
  ~stack_pool();

  /// The safest one that there is: above a wide gap, else above a narrow one, else above one that does not trap.
  /// Throws torc::error, which says what takes the place, when there is no memory for another.
  stack take();
  void give(stack s) noexcept;
  /// True if stacks are left that have been idle only since later.
  bool trim(base::time_point before);
  std::size_t stack_bytes() const noexcept { return m_stack_bytes; }

 private:
  static constexpr std::size_t stacks_per_slab = 32;
  struct idle_stack {
    stack memory;
    base::time_point since;
  };
  struct slab {
    void* memory;
    std::size_t size_bytes;
  };
  /// Stacks whose gaps are alike.
  struct shelf {
    std::vector<idle_stack> idle;  ///< the most recent last
    std::vector<stack> clean;      ///< without committed memory
    std::size_t num_stacks = 0;    ///< with those in use
    bool is_full = false;          ///< the system gave no more
  };
  enum gap_kind : std::size_t { wide, narrow, open };

  bool reserve(gap_kind kind);
  bool reserve_slab(gap_kind kind, std::size_t num_stacks);
  shelf& shelf_of(const stack& s) noexcept;

  const std::size_t m_stack_bytes;
  const stack_gaps m_gaps;
  std::mutex m_mutex;
  std::array<shelf, 3> m_shelves;  ///< by gap_kind
  std::vector<slab> m_slabs;
};

}  // namespace torc::fiber
