// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstdint>

namespace torc::sched {

/// Where a queued task may go.
enum class mobility : std::uint8_t {
  anywhere,   ///< to any node
  somewhere,  ///< to nodes with the workers or the execution space that it needs
  nowhere     ///< it stays on this node
};

}  // namespace torc::sched
