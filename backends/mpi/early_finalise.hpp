// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

namespace torc::backends::mpi {

/// From now on a call of MPI_Finalize while a session is open ends the job with one line. Nobody else could: the call
/// would wait for messages that torc still expects, or torc would go on with what the call has freed. For as long as
/// MPI lives, or until unwatch_finalise. `is_ours`: whether torc finalises MPI. Idempotent. Throws transport_error if
/// MPI fails.
void watch_finalise(bool is_ours);
/// Before MPI_Finalize. Idempotent.
void unwatch_finalise();

}  // namespace torc::backends::mpi
