// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstdint>

namespace torc::os {

using signal_handler = void (*)(int);

/// SIG_DFL, SIG_IGN or a function; another one than anybody knows if it is not known, or takes more.
signal_handler handler_of(int signal) noexcept;
/// Sets one that may run on the alternate stack, since a body may have little of its own left, and lets calls of the
/// system go on after it.
void set_handler(int signal, signal_handler handler) noexcept;
/// In a handler: lets the signal have the effect that it has by default, as soon as the handler returns.
void have_default_effect(int signal) noexcept;

/// Async-signal-safe.
std::int64_t monotonic_ns() noexcept;

}  // namespace torc::os
