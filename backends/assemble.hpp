// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <vector>

#include "core/runtime/backend.hpp"

namespace torc::backends {

/// Those that this torc was built with, the one with the network first.
std::vector<runtime::backend> all();

}  // namespace torc::backends
