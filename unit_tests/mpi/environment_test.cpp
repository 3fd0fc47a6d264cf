// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "backends/mpi/environment.hpp"

#include <gtest/gtest.h>
#include <mpi.h>

#include <cstdlib>
#include <string>
#include <torc/error.hpp>
#include <torc/mpi.hpp>

#include "backends/mpi/communicator.hpp"

namespace torc::backends::mpi {
namespace {

TEST(environment, agrees_with_mpi_and_the_launcher) {
  const environment first = initialise();
  int is_initialised = 0;
  ASSERT_EQ(MPI_Initialized(&is_initialised), MPI_SUCCESS);
  EXPECT_TRUE(is_initialised);

  const char* const started_ranks = std::getenv("MPI_TEST_RANKS");
  ASSERT_NE(started_ranks, nullptr) << "set it to the number of ranks that mpiexec starts";
  EXPECT_EQ(std::to_string(first.num_ranks), started_ranks);

  int sum = 0;
  ASSERT_EQ(MPI_Allreduce(&first.rank, &sum, 1, MPI_INT, MPI_SUM, MPI_COMM_WORLD), MPI_SUCCESS);
  EXPECT_EQ(sum, first.num_ranks * (first.num_ranks - 1) / 2) << "every rank has its own number";
  EXPECT_GE(first.level, thread_level::serialized);
  EXPECT_EQ(name(thread_level::multiple), "MPI_THREAD_MULTIPLE");
  EXPECT_FALSE(first.library.empty());
  EXPECT_EQ(first.library.find('\n'), std::string::npos);

  MPI_Comm application = application_communicator();
  int likeness = MPI_UNEQUAL;
  ASSERT_EQ(MPI_Comm_compare(application, MPI_COMM_WORLD, &likeness), MPI_SUCCESS);
  EXPECT_EQ(likeness, MPI_CONGRUENT) << "the same ranks, and messages of its own";
  EXPECT_THROW(mpi_comm(), error) << "outside a session";

  const environment second = initialise();
  EXPECT_EQ(second.rank, first.rank);
  EXPECT_EQ(second.num_ranks, first.num_ranks);
  EXPECT_EQ(application_communicator(), application) << "made once";
}

}  // namespace
}  // namespace torc::backends::mpi
