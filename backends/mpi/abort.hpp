// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <string_view>

namespace torc::backends::mpi {

/// Prints the reason and ends the whole job; only this process if MPI is not usable. Any thread, at any time.
[[noreturn]] void abort_job(std::string_view reason, int status) noexcept;

}  // namespace torc::backends::mpi
