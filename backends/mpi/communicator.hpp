// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <mpi.h>

namespace torc::backends::mpi {

/// The duplicate of MPI_COMM_WORLD that initialise has made for the application's own calls; MPI_COMM_NULL before it
/// and after finalise.
MPI_Comm application_communicator() noexcept;

}  // namespace torc::backends::mpi
