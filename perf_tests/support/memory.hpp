// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

#pragma once

#include <cstddef>

namespace perf {

/// The memory that this process has resident now, without what it maps from files.
std::size_t resident_bytes();

/// The most that `resident_bytes` and the mapped files together have ever been in this process.
std::size_t peak_bytes();

}  // namespace perf
