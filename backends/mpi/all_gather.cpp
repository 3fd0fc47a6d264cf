// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "backends/mpi/all_gather.hpp"

#include <algorithm>
#include <cstdint>

namespace torc::backends::mpi {

std::vector<std::vector<std::byte>> all_gather(const communicator& nodes, std::span<const std::byte> mine) {
  const auto num_nodes = static_cast<std::size_t>(nodes.size());
  const std::uint64_t size = mine.size();
  std::vector<std::uint64_t> left(num_nodes);
  MPI_Request request = MPI_REQUEST_NULL;
  check(MPI_Iallgather(&size, 1, MPI_UINT64_T, left.data(), 1, MPI_UINT64_T, nodes.get(), &request), "MPI_Iallgather");
  complete(request, "MPI_Iallgather");

  std::vector<std::vector<std::byte>> all(num_nodes);
  for (std::size_t i = 0; i < num_nodes; ++i) all[i].reserve(left[i]);

  // In rounds, of which each gathers no more than a call of MPI can count.
  const std::uint64_t most = std::max<std::uint64_t>(most_bytes_per_call / num_nodes, 1);
  std::vector<int> counts(num_nodes);
  std::vector<int> offsets(num_nodes);
  std::vector<std::byte> gathered;
  while (std::ranges::any_of(left, [](std::uint64_t bytes) { return bytes != 0; })) {
    int total = 0;
    for (std::size_t i = 0; i < num_nodes; ++i) {
      counts[i] = static_cast<int>(std::min(left[i], most));
      offsets[i] = total;
      total += counts[i];
    }
    gathered.resize(static_cast<std::size_t>(total));
    const int count = counts[static_cast<std::size_t>(nodes.rank())];
    check(MPI_Iallgatherv(mine.data(), count, MPI_BYTE, gathered.data(), counts.data(), offsets.data(), MPI_BYTE,
                          nodes.get(), &request),
          "MPI_Iallgatherv");
    complete(request, "MPI_Iallgatherv");
    mine = mine.subspan(static_cast<std::size_t>(count));
    for (std::size_t i = 0; i < num_nodes; ++i) {
      const auto begin = gathered.begin() + offsets[i];
      all[i].insert(all[i].end(), begin, begin + counts[i]);
      left[i] -= static_cast<std::uint64_t>(counts[i]);
    }
  }
  return all;
}

}  // namespace torc::backends::mpi
