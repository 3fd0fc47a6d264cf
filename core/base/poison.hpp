// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstddef>

#include "core/base/sanitizers.hpp"

#if TORC_ASAN
#include <sanitizer/asan_interface.h>
#endif

/// Tells AddressSanitizer what must not be touched in memory that torc gives out itself; nothing without it.
namespace torc::base {

inline void poison([[maybe_unused]] void* memory, [[maybe_unused]] std::size_t size_bytes) noexcept {
#if TORC_ASAN
  __asan_poison_memory_region(memory, size_bytes);
#endif
}

inline void unpoison([[maybe_unused]] void* memory, [[maybe_unused]] std::size_t size_bytes) noexcept {
#if TORC_ASAN
  __asan_unpoison_memory_region(memory, size_bytes);
#endif
}

}  // namespace torc::base
