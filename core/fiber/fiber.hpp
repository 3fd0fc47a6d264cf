// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "core/fiber/stack_pool.hpp"

namespace torc::fiber {

/// A stack and the place at which it will go on. Tied to the thread that first ran it. The object of a pooled fiber
/// lies at the top of its own stack, so a suspended fiber costs no memory beyond the pages that it touched.
class fiber {
 public:
  using entry = void (*)(void* argument);

  /// A fiber that will call `run(argument)`, which must never return.
  static fiber* create(stack_pool& pool, entry run, void* argument);
  /// Gives the stack of a suspended fiber back; what is on it is not unwound.
  static void destroy(fiber* idle, stack_pool& pool) noexcept;

  /// Stands for the stack that the calling thread already runs on.
  fiber();
  fiber(const fiber&) = delete;
  fiber& operator=(const fiber&) = delete;
  ~fiber();

  /// Suspends `this`, which must be the running one, and goes on with `target`. Returns when another fiber switches
  /// back. Saves the exceptions being handled, so catch blocks may suspend. Must not be called under a lock.
  void switch_to(fiber& target);

  /// Bytes between the caller's frame and the end of this stack, which must be the running one.
  std::size_t room_bytes() const noexcept {
    return static_cast<std::size_t>(static_cast<const std::byte*>(__builtin_frame_address(0)) - m_stack.low);
  }

  /// Whether its stack is one of a pool's: else it is a thread's own.
  bool is_pooled() const noexcept { return m_is_pooled; }
  std::size_t stack_bytes() const noexcept { return static_cast<std::size_t>(m_stack.high - m_stack.low); }

  /// Link of the ready list that holds the fiber.
  std::atomic<fiber*> next{this};

 private:
  friend class overflow_guard;
  fiber(stack s, entry run, void* argument);
  void check_canary() const noexcept;
  void arrived(fiber* from, void* context) noexcept;
  static void start(void* from, void* context);

  void* m_context = nullptr;
  stack m_stack;
  entry m_run = nullptr;
  void* m_argument = nullptr;
  void* m_fake_stack = nullptr;  ///< AddressSanitizer's
  void* m_tsan = nullptr;        ///< ThreadSanitizer's
  bool m_is_pooled = false;
};

}  // namespace torc::fiber
