// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <mpi.h>

namespace torc {

/// A communicator of all nodes of the session, in node order, for the application's own MPI calls; the runtime never
/// uses it. Collectives on it are legal in SPMD code and inside spmd. torc owns it: it is the same in all sessions of a
/// process and goes with finalize, so it is not to be freed. Thread-safe. Throws torc::error outside a session.
MPI_Comm mpi_comm();

}  // namespace torc
