// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <string_view>

namespace torc::base {

/// From now on `leave` is called in each child of fork, before fork returns there, on the only thread that the child
/// has. It says whether there was something to leave. Once in a process.
void watch_forks(bool (*leave)() noexcept);

/// Whether this process is the child of one that ran torc when it called fork. Thread-safe.
bool is_forked_child() noexcept;

/// Prints a line and ends the child, with status 1, without what its parent has left to be done at exit.
[[noreturn]] void end_forked_child(std::string_view why) noexcept;

}  // namespace torc::base
