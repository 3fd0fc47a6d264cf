// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <gtest/gtest.h>

#include <torc/session.hpp>
#include <torc/torc.hpp>

#include "backends/assemble.hpp"
#include "backends/mpi/environment.hpp"
#include "core/runtime/session.hpp"
#include "unit_tests/fake_device.hpp"

// MPI can be initialised once in a process: before all tests.
int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  torc::backends::mpi::initialise();
  // Backends are initialised with the first session. What sessions get is what a job is that has devices on some nodes.
  auto backends = torc::backends::all();
  const auto parity = [](int odd) {
    return [odd](const torc::runtime::process_place& place) { return place.num_ranks == 1 || place.rank % 2 == odd; };
  };
  backends.push_back(tests::fake_backend<0>(torc::sched::dispatch::drivers, parity(1)));
  backends.push_back(tests::fake_backend<1>(torc::sched::dispatch::each_worker, parity(0)));
  torc::runtime::open_session({.stats = 0}, backends);
  torc::runtime::close_session();
  const int status = RUN_ALL_TESTS();
  torc::finalize();  // the network of the sessions first
  torc::backends::mpi::finalise();
  return status;
}
