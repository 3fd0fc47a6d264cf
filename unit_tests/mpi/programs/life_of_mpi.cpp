// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <mpi.h>

#include <cstdio>
#include <cstdlib>
#include <torc/error.hpp>

#include "backends/mpi/environment.hpp"

// What torc has initialised it finalises, once, and then says that there is no way back.

namespace {

void expect(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "failed: %s\n", what);
  std::exit(1);
}

bool is_finalised() {
  int flag = 0;
  expect(MPI_Finalized(&flag) == MPI_SUCCESS, "MPI_Finalized");
  return flag != 0;
}

}  // namespace

int main() {
  namespace mpi = torc::backends::mpi;
  mpi::finalise();
  expect(!is_finalised(), "nothing to finalise yet");
  const int rank = mpi::initialise().rank;
  mpi::finalise();
  expect(is_finalised(), "finalises what it has initialised");
  bool is_refused = false;
  try {
    mpi::initialise();
  } catch (const torc::config_error&) {
    is_refused = true;
  }
  expect(is_refused, "cannot be initialised again");
  mpi::finalise();
  if (rank == 0) std::puts("as it should be");
}
