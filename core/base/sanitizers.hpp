// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

/// The sanitizers that this translation unit is built with: TORC_ASAN and TORC_TSAN, 1 or 0, for what only the
/// preprocessor can leave out, and the same as constants for all else. GCC and clang name them differently.

#if defined(__SANITIZE_ADDRESS__)
#define TORC_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define TORC_ASAN 1
#endif
#endif
#ifndef TORC_ASAN
#define TORC_ASAN 0
#endif

#if defined(__SANITIZE_THREAD__)
#define TORC_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define TORC_TSAN 1
#endif
#endif
#ifndef TORC_TSAN
#define TORC_TSAN 0
#endif

namespace torc::base {

inline constexpr bool is_asan = TORC_ASAN == 1;
inline constexpr bool is_tsan = TORC_TSAN == 1;

}  // namespace torc::base
