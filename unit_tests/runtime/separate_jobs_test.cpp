// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/runtime/separate_jobs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>

namespace {

using testing::HasSubstr;
using testing::Optional;
using launch_variables = std::map<std::string, std::string>;

std::optional<std::string> found_with(const launch_variables& all, const std::string& library = "MPICH 4.0.2") {
  return torc::runtime::separate_jobs(
      [&](const char* name) -> const char* {
        const auto at = all.find(name);
        return at != all.end() ? at->second.c_str() : nullptr;
      },
      library);
}

TEST(separate_jobs, are_told_by_the_first_process_of_a_foreign_launcher) {
  EXPECT_THAT(found_with({{"OMPI_COMM_WORLD_SIZE", "4"}, {"OMPI_COMM_WORLD_RANK", "0"}, {"PMIX_RANK", "0"}}),
              Optional(HasSubstr("OMPI_COMM_WORLD_SIZE=4, but for MPI this process is alone")));
  EXPECT_EQ(found_with({{"OMPI_COMM_WORLD_SIZE", "4"}, {"OMPI_COMM_WORLD_RANK", "3"}, {"PMIX_RANK", "3"}}),
            std::nullopt);
  EXPECT_THAT(found_with({{"PMI_SIZE", "2"}, {"PMI_RANK", "0"}}), Optional(HasSubstr("PMI_SIZE=2")));
}

TEST(separate_jobs, of_srun_are_told_by_its_first_task) {
  const launch_variables of_all{{"SLURM_NTASKS", "8"}, {"SLURM_STEP_NUM_TASKS", "8"}};
  launch_variables first = of_all;
  first["SLURM_PROCID"] = "0";
  EXPECT_THAT(found_with(first), Optional(HasSubstr("SLURM_STEP_NUM_TASKS=8")));
  EXPECT_THAT(found_with(first), Optional(HasSubstr("srun --mpi=")));
  launch_variables other = of_all;
  other["SLURM_PROCID"] = "1";
  EXPECT_EQ(found_with(other), std::nullopt);
}

TEST(separate_jobs, are_told_by_the_second_process_where_nothing_tells_how_many) {
  EXPECT_EQ(found_with({{"PMIX_RANK", "0"}}), std::nullopt);
  EXPECT_THAT(found_with({{"PMIX_RANK", "1"}}), Optional(HasSubstr("PMIX_RANK=1")));
}

TEST(separate_jobs, name_the_library_or_say_that_there_is_none) {
  const launch_variables all{{"PMI_SIZE", "2"}};
  EXPECT_THAT(found_with(all), Optional(HasSubstr("MPICH 4.0.2")));
  EXPECT_THAT(found_with(all, ""), Optional(HasSubstr("built without MPI")));
}

TEST(separate_jobs, are_not_suspected_where_a_process_is_meant_to_be_alone) {
  EXPECT_EQ(found_with({}), std::nullopt);
  // A shell or a batch script of an allocation.
  EXPECT_EQ(found_with({{"SLURM_NTASKS", "8"}, {"SLURM_PROCID", "0"}}), std::nullopt);
  EXPECT_EQ(found_with({{"SLURM_NTASKS", "8"}, {"SLURM_STEP_NUM_TASKS", "1"}, {"SLURM_PROCID", "0"}}), std::nullopt);
  EXPECT_EQ(found_with({{"PMI_SIZE", "1"}, {"PMI_RANK", "0"}}), std::nullopt);
  // MPICH's mpiexec -n 1, which Slurm has helped to start on one of several hosts.
  EXPECT_EQ(found_with({{"PMI_SIZE", "1"}, {"PMI_RANK", "0"}, {"SLURM_STEP_NUM_TASKS", "4"}, {"SLURM_PROCID", "0"}}),
            std::nullopt);
  EXPECT_EQ(found_with({{"PMI_SIZE", "many"}}), std::nullopt);
}

}  // namespace
