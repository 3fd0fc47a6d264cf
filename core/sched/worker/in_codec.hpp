// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

namespace torc::sched {

/// Throws serialization_error on a thread that is turning values into bytes or back (see detail::codec_scope).
/// `what` begins the message.
void check_not_in_codec(const char* what);

}  // namespace torc::sched
