// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/record.hpp>

#include "core/task/kept_bytes.hpp"

namespace torc::sched {

/// Results of other nodes are kept as the bytes that came until somebody asks for them: what reads them is the user's.

/// Before the future is done: the value is in these bytes, which are the record's now.
void keep_result(detail::record& task, task::kept_bytes& result) noexcept;

/// Makes the value, unless it is there; waits while another thread or task makes it. Afterwards it is there, or
/// record::result_kind says that it cannot be read and the failure of the task why. Throws torc::error if it would have
/// to wait where waiting is forbidden.
void read_result(detail::record& task);

/// Of a record that is destroyed and that nobody has asked.
void drop_result(detail::record& task) noexcept;

}  // namespace torc::sched
