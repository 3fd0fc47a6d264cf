// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

#pragma once

#include <cstdint>
#include <torc/mpi.hpp>
#include <torc/torc.hpp>
#include <vector>

#include "support/teams.hpp"

namespace perf {

/// Tests until it is complete, without blocking in MPI.
inline void poll_until_complete(MPI_Request& request) {
  for (int is_complete = 0; is_complete == 0;) MPI_Test(&request, &is_complete, MPI_STATUS_IGNORE);
}

/// The part of one of two nodes in `count` round trips of 8 bytes between them, both polling: what any runtime above
/// this MPI has to pay. Their microseconds on node 0.
inline std::vector<double> mpi_ping_pong(int count) {
  MPI_Comm comm = torc::mpi_comm();
  const bool is_first = torc::node_id() == 0;
  const int peer = is_first ? 1 : 0;
  std::vector<double> microseconds;
  std::int64_t sent = 0;
  for (int i = 0; i < count; ++i) {
    const auto start = clock::now();
    std::int64_t received = 0;
    MPI_Request arrival = MPI_REQUEST_NULL;
    MPI_Request departure = MPI_REQUEST_NULL;
    MPI_Irecv(&received, 1, MPI_INT64_T, peer, 0, comm, &arrival);
    if (is_first) MPI_Isend(&sent, 1, MPI_INT64_T, peer, 0, comm, &departure);
    poll_until_complete(arrival);
    if (!is_first) MPI_Isend(&sent, 1, MPI_INT64_T, peer, 0, comm, &departure);
    poll_until_complete(departure);
    if (is_first) microseconds.push_back(1e6 * seconds_since(start));
  }
  return microseconds;
}

}  // namespace perf
