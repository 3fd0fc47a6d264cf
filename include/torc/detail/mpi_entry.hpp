// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

/// The functions through which what is specific to MPI calls the runtime.
namespace torc::detail {

/// Throws torc::error if a task calls it that is no spmd body: the other nodes run nothing beside it that could take
/// part in what it is about to do. A thread that runs no task is free to do so. `where` names the caller.
void require_all_nodes(const char* where);

/// Whether a session is open in which this node still has a part: none of another node whose `launch` has returned.
bool needs_mpi() noexcept;

}  // namespace torc::detail
