// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstddef>

#include "backends/mpi/calls.hpp"
#include "core/protocol/frame.hpp"

namespace torc::backends::mpi {

/// How messages are cut. The same on all nodes. Programs have the defaults.
struct message_sizes {
  std::size_t frame_bytes = protocol::frame_bytes;  ///< a multiple of 8, at least 64
  std::size_t piece_bytes = most_bytes_per_call;    ///< of a large message's payload
};

}  // namespace torc::backends::mpi
