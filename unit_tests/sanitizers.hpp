// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

/// Which sanitizer the tests are built with: what takes it minutes is made smaller.
namespace tests {

#if defined(__SANITIZE_THREAD__)
inline constexpr bool is_tsan = true;
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
inline constexpr bool is_tsan = true;
#else
inline constexpr bool is_tsan = false;
#endif
#else
inline constexpr bool is_tsan = false;
#endif

#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool is_asan = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
inline constexpr bool is_asan = true;
#else
inline constexpr bool is_asan = false;
#endif
#else
inline constexpr bool is_asan = false;
#endif

}  // namespace tests
