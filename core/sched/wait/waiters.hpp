// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/record.hpp>

namespace torc::detail {

/// Something that happens when a future is done. In a record's list until then, or until it is removed.
struct waiter {
  virtual void fire(record& done) noexcept = 0;

  waiter* next = nullptr;
  /// Fired under the record's lock, so that after remove_waiter nobody touches it: for those on a stack. The others own
  /// themselves.
  bool is_removable = true;

 protected:
  ~waiter() = default;
};

}  // namespace torc::detail

namespace torc::sched {

/// False, and nothing has happened, if the future is done already.
bool add_waiter(detail::record& task, detail::waiter& added) noexcept;
/// After this it is not being fired and will not be.
void remove_waiter(detail::record& task, detail::waiter& removed) noexcept;
/// Fires all, in the order in which they were added; once, by whoever set `done`.
void fire_waiters(detail::record& task) noexcept;
/// Numbers the callbacks of a future.
std::uint64_t next_callback(detail::record& task) noexcept;

}  // namespace torc::sched
