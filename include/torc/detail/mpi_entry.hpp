// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

/// The function through which `mpi_comm` calls the runtime.
namespace torc::detail {

/// Throws torc::error if a task calls it that is no spmd body: the other nodes run nothing beside it that could take
/// part in what it is about to do. A thread that runs no task is free to do so. `where` names the caller.
void require_all_nodes(const char* where);

}  // namespace torc::detail
