// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <gtest/gtest.h>

#include <torc/session.hpp>

#include "backends/mpi/environment.hpp"

// MPI can be initialised once in a process: before all tests.
int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  torc::backends::mpi::initialise();
  const int status = RUN_ALL_TESTS();
  torc::finalize();  // the network of the sessions first
  torc::backends::mpi::finalise();
  return status;
}
