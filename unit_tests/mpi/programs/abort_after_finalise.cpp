// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <cstdio>

#include "backends/mpi/abort.hpp"
#include "backends/mpi/environment.hpp"
#include "backends/mpi/transport.hpp"

int main() {
  torc::backends::mpi::initialise();
  { const torc::backends::mpi::transport network(1); }
  torc::backends::mpi::finalise();
  std::printf("printed before\n");
  torc::backends::mpi::abort_job("too late for MPI", 1);
}
