// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstdlib>
#include <string_view>

#include "core/protocol/transport.hpp"

namespace torc::runtime {

/// Prints the reason and ends the whole job with this status, whatever its other threads do; this process alone if it
/// has no network. Any thread, at any time.
[[noreturn]] void end_job(protocol::transport* network, std::string_view reason, int status = EXIT_FAILURE) noexcept;

}  // namespace torc::runtime
