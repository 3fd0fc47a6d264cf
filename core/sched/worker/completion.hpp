// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/record.hpp>

namespace torc::sched {

/// The body has returned and its outcome is set: completes the task, now or with its last child.
void finish_body(detail::record& task) noexcept;

/// Completes the task, whose body and children are over, and every ancestor whose last missing part it was.
void complete(detail::record& task) noexcept;

/// Makes the outcome visible and gives up the runtime's reference.
void publish(detail::record& task) noexcept;

/// Gives up one reference.
void release_reference(detail::record& task) noexcept;

/// A thread destroys one record at a time; others that go with it wait in its chain. For a fiber that is suspended in
/// the middle of that: null to leave it, then what it returned to go on.
detail::record** exchange_destruction(detail::record** other) noexcept;

/// Sets `done` and tells whoever waits for the future.
void fulfil(detail::record& task) noexcept;

/// A record that counts tasks which are to be waited for together. It holds itself open; close completes it with its
/// last task.
detail::record& make_scope(std::uint16_t flags, std::uint64_t path, std::uint64_t session);
void close_scope(detail::record& scope) noexcept;
/// Of a closed scope's state: its parent waits for it.
inline constexpr std::uint64_t counted_scope = detail::state_bits::settled;

/// The record of a primary task.
detail::record& make_primary(std::uint64_t session);

}  // namespace torc::sched
