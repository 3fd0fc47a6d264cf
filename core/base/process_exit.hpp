// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

namespace torc::base {

/// Ends the process at once: no handlers, no destructors, and whoever watches for it is not asked.
[[noreturn]] void exit_now(int status) noexcept;

/// Is told that the program calls `_exit` or `_Exit`, before the process ends.
using exit_watch = void (*)() noexcept;

/// Sets who is told; null for nobody. What the program calls so is seen because torc defines both functions in the
/// place of libc's. It does not see the system call itself, calls within libc, and those of a library that was bound to
/// libc's alone.
void set_exit_watch(exit_watch watch) noexcept;

/// From now on the process ends for a reason that has been told: nobody is asked any more.
void expect_exit() noexcept;

}  // namespace torc::base
