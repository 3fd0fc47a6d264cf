// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

namespace torc::backends::mpi {

inline constexpr int frame_tag = 1;
/// A large message's payload, in pieces of message_sizes::piece_bytes: after the frame with its header and before
/// anything else of that kind from its sender.
inline constexpr int payload_tag = 2;

}  // namespace torc::backends::mpi
