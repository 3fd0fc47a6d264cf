// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

#include "backends/kokkos/environment.hpp"

#include <gtest/gtest.h>

#include <Kokkos_Core.hpp>
#include <algorithm>
#include <torc/error.hpp>

namespace torc::backends::kokkos {
namespace {

// Kokkos can be initialised once in a process; each case has a process of its own.
TEST(environment, initialises_once_and_finalises_what_is_its_own) {
  const environment first = initialise();
  EXPECT_TRUE(Kokkos::is_initialized());
  EXPECT_EQ(first.host_space, Kokkos::DefaultHostExecutionSpace::name());
  EXPECT_EQ(first.device_space, Kokkos::DefaultExecutionSpace::name());
  EXPECT_EQ(std::count(first.version.begin(), first.version.end(), '.'), 2) << first.version;
  EXPECT_EQ(initialise().version, first.version);

  int sum = 0;
  Kokkos::parallel_reduce(
      10, KOKKOS_LAMBDA(int i, int& partial) { partial += i; }, sum);
  EXPECT_EQ(sum, 45);

  finalise();
  EXPECT_FALSE(Kokkos::is_initialized());
  EXPECT_THROW(initialise(), config_error);
  finalise();  // nothing left to do
}

TEST(environment, leaves_the_applications_kokkos_alone) {
  Kokkos::initialize();
  initialise();
  finalise();
  EXPECT_TRUE(Kokkos::is_initialized());
  Kokkos::finalize();
}

}  // namespace
}  // namespace torc::backends::kokkos
