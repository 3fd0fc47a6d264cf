// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

#include "backends/kokkos/environment.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <Kokkos_Core.hpp>
#include <algorithm>
#include <string>
#include <torc/error.hpp>
#include <vector>

namespace torc::backends::kokkos {
namespace {

/// No lambda: nvcc refuses that in a test, whose function is private.
struct add_index {
  KOKKOS_FUNCTION void operator()(int i, int& sum) const { sum += i; }
};

// Kokkos can be initialised once in a process; each case has a process of its own.
TEST(environment, initialises_once_and_finalises_what_is_its_own) {
  const environment first = initialise();
  EXPECT_TRUE(Kokkos::is_initialized());
  EXPECT_FALSE(first.is_applications);
  EXPECT_EQ(first.host_space, Kokkos::DefaultHostExecutionSpace::name());
  EXPECT_EQ(first.device_space, Kokkos::DefaultExecutionSpace::name());
  EXPECT_EQ(std::count(first.version.begin(), first.version.end(), '.'), 2) << first.version;
  EXPECT_EQ(initialise().version, first.version);

  int sum = 0;
  Kokkos::parallel_reduce(10, add_index{}, sum);
  EXPECT_EQ(sum, 45);

  finalise();
  EXPECT_FALSE(Kokkos::is_initialized());
  EXPECT_THROW(initialise(), config_error);
  finalise();  // nothing left to do
}

TEST(environment, leaves_the_applications_kokkos_alone) {
  Kokkos::initialize();
  EXPECT_TRUE(initialise().is_applications);
  finalise();
  EXPECT_TRUE(Kokkos::is_initialized());
  Kokkos::finalize();
}

TEST(environment, tells_the_spaces_of_this_process) {
  const environment found = initialise({.rank = 3, .num_ranks = 4, .local_rank = 1, .local_ranks = 2});
  std::vector<std::string> names;
  for (const space_facts& space : found.spaces) {
    names.push_back(space.name);
    EXPECT_GE(space.num_devices, 1);
    EXPECT_THAT(space.description, testing::HasSubstr(space.name));
    EXPECT_THAT(found.census, testing::HasSubstr(space.description));
  }
  EXPECT_THAT(names, testing::Contains(found.host_space));
  EXPECT_THAT(names, testing::Contains(found.device_space));
  EXPECT_THAT(found.census, testing::StartsWith("Kokkos " + found.version + ", "));
  finalise();
}

TEST(environment, warns_of_old_releases_alone) {
  const environment found = initialise();
#if KOKKOS_VERSION < 40400
  EXPECT_THAT(found.advice, testing::HasSubstr("more ranks, not more workers, give parallelism"));
  EXPECT_THAT(found.advice, testing::HasSubstr("main while none runs, and no other task"));
#else
  EXPECT_EQ(found.advice, "");
#endif
  finalise();
}

TEST(environment, ends_with_the_applications_kokkos) {
  Kokkos::initialize();
  EXPECT_FALSE(initialise().spaces.empty());
  Kokkos::finalize();  // while torc still has instances for the travel of Views
  finalise();
  EXPECT_FALSE(Kokkos::is_initialized());
}

}  // namespace
}  // namespace torc::backends::kokkos
