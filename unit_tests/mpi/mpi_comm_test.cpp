// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <torc/mpi.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <torc/torc.hpp>

#include "unit_tests/mpi/on_nodes.hpp"

namespace {

using testing::AllOf;
using testing::HasSubstr;

/// What it says; empty if it gives the communicator.
std::string refusal() {
  try {
    return torc::mpi_comm() != MPI_COMM_NULL ? std::string() : std::string("no communicator");
  } catch (const torc::error& e) {
    return e.what();
  }
}

std::string refusal_below() { return torc::submit(torc::task_options{.name = "below"}, refusal).result(); }

int num_nodes_there() {
  int size = 0;
  MPI_Comm_size(torc::mpi_comm(), &size);
  MPI_Barrier(torc::mpi_comm());
  return size;
}

TEST(mpi_comm, is_had_in_spmd_bodies) {
  tests::on_all_kinds_of_nodes([] {
    for (const int size : torc::spmd(num_nodes_there)) EXPECT_EQ(size, torc::num_nodes());
  });
}

TEST(mpi_comm, is_had_in_code_that_all_ranks_run) {
  torc::init(torc::options{.stats = 0});
  EXPECT_EQ(num_nodes_there(), torc::num_nodes());
  torc::launch([] {});
  EXPECT_EQ(num_nodes_there(), torc::num_nodes());
  torc::shutdown();
}

TEST(mpi_comm, tells_any_other_task_where_to_go) {
  tests::on_all_kinds_of_nodes([] {
    const auto tells_of = [](const char* task) {
      return AllOf(HasSubstr(std::string("mpi_comm: task '") + task + "' runs on one node"), HasSubstr("torc::spmd"));
    };
    EXPECT_THAT(refusal(), tells_of("main"));
    const torc::task_options on_last{.worker = torc::num_workers() - 1, .pinned = true, .name = "plain"};
    EXPECT_THAT(torc::submit(on_last, refusal).result(), tells_of("plain"));
    for (const std::string& text : torc::spmd(refusal_below)) EXPECT_THAT(text, tells_of("below"));
  });
}

}  // namespace
