// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

#pragma once

#include <cstddef>
#include <torc/mpi.hpp>
#include <torc/torc.hpp>
#include <vector>

#include "rivals/mpi/ping_pong.hpp"
#include "support/teams.hpp"

namespace perf {

/// The part of one of two nodes in sending `count` messages of so many bytes from node 0 to node 1, a window of them
/// under way, and one back when all are there. The seconds that it took, on node 0.
inline double mpi_stream(std::size_t bytes, int count) {
  constexpr int window = 64;
  MPI_Comm comm = torc::mpi_comm();
  const bool is_first = torc::node_id() == 0;
  std::vector<std::byte> memory(window * bytes);
  std::vector<MPI_Request> requests(window, MPI_REQUEST_NULL);
  const int size = static_cast<int>(bytes);
  std::byte last{};
  MPI_Request end = MPI_REQUEST_NULL;
  const auto start = clock::now();
  for (int i = 0; i < count; ++i) {
    const int slot = i % window;
    MPI_Request& request = requests[static_cast<std::size_t>(slot)];
    std::byte* const data = memory.data() + static_cast<std::size_t>(slot) * bytes;
    poll_until_complete(request);
    if (is_first) {
      MPI_Isend(data, size, MPI_BYTE, 1, 0, comm, &request);
    } else {
      MPI_Irecv(data, size, MPI_BYTE, 0, 0, comm, &request);
    }
  }
  for (MPI_Request& request : requests) poll_until_complete(request);
  if (is_first) {
    MPI_Irecv(&last, 1, MPI_BYTE, 1, 1, comm, &end);
  } else {
    MPI_Isend(&last, 1, MPI_BYTE, 0, 1, comm, &end);
  }
  poll_until_complete(end);
  return seconds_since(start);
}

}  // namespace perf
