// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstddef>

#include "core/base/sanitizers.hpp"

#if TORC_ASAN
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif
#if TORC_TSAN
#include <sanitizer/tsan_interface.h>
#endif

/// What the sanitizers must be told about stacks; nothing without them.
namespace torc::fiber::sanitizer {

inline constexpr bool is_in_use = base::is_asan || base::is_tsan;

inline void leave([[maybe_unused]] void** fake_stack, [[maybe_unused]] const void* low,
                  [[maybe_unused]] std::size_t size_bytes, [[maybe_unused]] void* target) noexcept {
#if TORC_ASAN
  __sanitizer_start_switch_fiber(fake_stack, low, size_bytes);
#endif
#if TORC_TSAN
  __tsan_switch_to_fiber(target, 0);
#endif
}

inline void enter([[maybe_unused]] void* fake_stack) noexcept {
#if TORC_ASAN
  __sanitizer_finish_switch_fiber(fake_stack, nullptr, nullptr);
#endif
}

inline void* create() noexcept {
#if TORC_TSAN
  return __tsan_create_fiber(0);
#else
  return nullptr;
#endif
}

inline void* current() noexcept {
#if TORC_TSAN
  return __tsan_get_current_fiber();
#else
  return nullptr;
#endif
}

inline void destroy([[maybe_unused]] void* tsan_fiber) noexcept {
#if TORC_TSAN
  __tsan_destroy_fiber(tsan_fiber);
#endif
}

/// Frames that never returned leave their marks; the next user of the memory must not stumble over them.
inline void forget([[maybe_unused]] void* low, [[maybe_unused]] std::size_t size_bytes) noexcept {
#if TORC_ASAN
  __asan_unpoison_memory_region(low, size_bytes);
#endif
}

}  // namespace torc::fiber::sanitizer
