// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

namespace torc::runtime {

/// From now on `end`, and not std::abort, ends a process in which a thread that runs no task lets a torc::error go
/// uncaught: it says what was wrong with a call, and is no crash. The application's own terminate handler goes first.
void end_on_uncaught_errors(void (*end)(const char* what)) noexcept;

}  // namespace torc::runtime
