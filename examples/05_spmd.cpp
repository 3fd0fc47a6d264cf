// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

// From tasks to plain MPI and back: node 0 fills an array, MPI_Bcast inside spmd brings it to all nodes.

#include <array>
#include <cstdio>
#include <string>
#include <torc/mpi.hpp>
#include <torc/torc.hpp>

namespace {

std::array<double, 3> A{};

void broadcast(int root) { MPI_Bcast(A.data(), static_cast<int>(A.size()), MPI_DOUBLE, root, torc::mpi_comm()); }

void work() {
  std::printf("node:%d -> A=[%g, %g, %g]\n", torc::node_id(), A[0], A[1], A[2]);
  std::fflush(stdout);
}

void run() {
  for (std::size_t i = 0; i < A.size(); ++i) A[i] = 100.0 * static_cast<double>(i);
  torc::spmd(broadcast, torc::node_id());
  torc::spmd(work);
}

int usage(const std::string& argument) {
  const bool is_help = argument == "--help";
  std::fputs("usage: 05_spmd, without arguments: brings an array to all nodes by an MPI call of its own\n",
             is_help ? stdout : stderr);
  return is_help ? 0 : 2;
}

}  // namespace

int main(int argc, char** argv) {
  return torc::start(argc, argv, [&] {
    if (argc > 1) return usage(argv[1]);
    run();
    return 0;
  });
}
