// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/record.hpp>

#include <span>

namespace torc::sched {

/// Whether the calling thread runs a begun task other than the primary one.
bool is_in_begun_task() noexcept;

/// The calling task is about to wait for these, or a task that it makes goes on from them: see peers::awaited.
/// Nothing unless it is a begun one.
void tell_awaited(std::span<detail::record* const> tasks);

}  // namespace torc::sched
