// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <string>
#include <string_view>

namespace torc::base {

/// Gets the whole message of a broken invariant. One that returns ends the process as if there were none.
using check_handler = void (*)(std::string_view message);

/// Sets the process's handler and returns the one before; nullptr (the default) prints the message and aborts.
/// Tests set one that throws.
check_handler set_check_handler(check_handler handler) noexcept;

/// Says what the calling thread is doing, such as "task fib on node 0"; an empty text if there is nothing to say.
using check_context = std::string (*)();

/// Sets who is asked for the end of each message ("… in task fib on node 0"). The runtime does so at its start.
void set_check_context(check_context context) noexcept;

/// Whether the calling thread has said already what the process is about to die of.
inline constinit thread_local bool is_death_told = false;

/// What TORC_CHECK calls.
[[noreturn]] void check_failed(const char* expression, const char* file, int line);

}  // namespace torc::base

/// Ends the job with a message when an invariant of torc itself does not hold; kept in release builds.
/// Not for what a user can do wrong: that is an exception.
#define TORC_CHECK(...)                                                       \
  (__builtin_expect(static_cast<bool>(__VA_ARGS__), 1) ? static_cast<void>(0) \
                                                       : ::torc::base::check_failed(#__VA_ARGS__, __FILE__, __LINE__))
