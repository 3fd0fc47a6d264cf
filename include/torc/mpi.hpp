// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <mpi.h>

namespace torc {

/// A communicator of all nodes of the session, in node order, for the application's own MPI calls; the runtime never
/// uses it. It is had where all nodes run the same code: in SPMD code, which is what runs outside the primary task, and
/// in the body of spmd. Any other task, the primary one too, is on one node, and what it waits for in MPI may never
/// come: there it throws torc::error, as it does outside a session. torc owns the communicator: it is the same in all
/// sessions of a process and goes with finalize, so it is not to be freed. Thread-safe.
MPI_Comm mpi_comm();

}  // namespace torc
