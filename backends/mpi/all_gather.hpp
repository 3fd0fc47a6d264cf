// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "backends/mpi/calls.hpp"

namespace torc::backends::mpi {

/// Everybody's bytes, in the order of the ranks; any sizes. **Collective, blocking** without holding a core.
std::vector<std::vector<std::byte>> all_gather(const communicator& nodes, std::span<const std::byte> mine);

}  // namespace torc::backends::mpi
