// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

namespace torc::runtime {

/// A process in which a thread that runs no task lets a torc::error go uncaught ends with one line and a status of its
/// own, not by std::abort, from its beginning to its end: the error says what was wrong with a call, and is no crash.
/// From now on it is `end` that does this, else this process ends alone. The application's own terminate handler goes
/// first. Thread-safe.
void end_on_uncaught_errors(void (*end)(const char* what) noexcept) noexcept;

}  // namespace torc::runtime
