// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstddef>

namespace torc::base {

/// What is written by different threads is kept this far apart. A constant of our own, because
/// std::hardware_destructive_interference_size changes with compiler flags and would change the layout of types.
inline constexpr std::size_t cache_line_bytes = 64;

}  // namespace torc::base
