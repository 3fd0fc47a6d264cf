// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

#include <cstdio>
#include <torc/mpi.hpp>
#include <torc/torc.hpp>

int sum_of_ranks() {
  int rank = 0;
  int sum = 0;
  MPI_Comm_rank(torc::mpi_comm(), &rank);
  MPI_Allreduce(&rank, &sum, 1, MPI_INT, MPI_SUM, torc::mpi_comm());
  return sum;
}

int size() {
  int found = 0;
  MPI_Comm_size(torc::mpi_comm(), &found);
  return found;
}

int main(int argc, char** argv) {
  return torc::start(argc, argv, [] {
    std::printf("%d of %d nodes, sum of the ranks %d\n", torc::spmd(size)[0], torc::num_nodes(),
                torc::spmd(sum_of_ranks)[0]);
  });
}
