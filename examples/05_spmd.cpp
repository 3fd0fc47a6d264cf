// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

// From tasks to plain MPI and back: node 0 fills an array, MPI_Bcast inside spmd brings it to all nodes.

#include <fmt/ranges.h>

#include <array>
#include <cstdio>
#include <torc/mpi.hpp>
#include <torc/torc.hpp>

#include "command_line.hpp"

namespace {

std::array<double, 3> A{};

void broadcast(int root) { MPI_Bcast(A.data(), static_cast<int>(A.size()), MPI_DOUBLE, root, torc::mpi_comm()); }

void work() {
  fmt::print("node:{} -> A={}\n", torc::node_id(), A);
  std::fflush(stdout);
}

int run(int argc, char** argv) {
  examples::command_line line("Broadcasts an array to all nodes by an MPI call of its own.", "05_spmd");
  if (const auto status = line.parse(argc, argv)) return *status;

  for (std::size_t i = 0; i < A.size(); ++i) A[i] = 100.0 * static_cast<double>(i);
  torc::spmd(broadcast, torc::node_id());
  torc::spmd(work);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return torc::start(argc, argv, [&] { return run(argc, argv); });
}
