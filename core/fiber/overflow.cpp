// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/fiber/overflow.hpp"

#include "core/fiber/fiber.hpp"

namespace torc::fiber {

constinit thread_local fiber* overflow_guard::t_running = nullptr;

namespace {

/// How far from the stack pointer a failed access may be for a frame that has left all that lies below its stack: a
/// page and what calls push, or what probes skip.
constexpr std::ptrdiff_t reach_bytes = 64 * 1024;

}  // namespace

bool overflow_guard::has_overflown(const void* address, const void* top) noexcept {
  return t_running != nullptr && is_overflow(t_running->m_stack, address, top);
}

bool overflow_guard::is_overflow(const stack& running, const void* address, const void* top) noexcept {
  const auto* const at = static_cast<const std::byte*>(address);
  const auto* const pointer = static_cast<const std::byte*>(top);
  const std::byte* const gap = running.low - running.gap_bytes;
  if (at >= gap && at < running.low) return true;
  if (pointer == nullptr || pointer >= running.low) return false;
  // Farther below, it may be on a stack that the task has made for itself.
  return pointer >= gap || (at < running.low && at >= pointer - reach_bytes);
}

}  // namespace torc::fiber
