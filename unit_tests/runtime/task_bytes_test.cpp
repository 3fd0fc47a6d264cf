// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/runtime/task_bytes.hpp"

#include <gtest/gtest.h>

#include <torc/error.hpp>

namespace {

using torc::runtime::check_head;
using torc::runtime::task_head;

/// Node 1 of three, which have 2, 3 and 4 workers.
const torc::sched::node_map nodes{torc::base::node_id{1}, {2, 3, 4}};

task_head with(const torc::task_options& options) {
  task_head head;
  head.options = options;
  return head;
}

TEST(task_bytes, of_a_task_that_can_be_run_here_are_believed) {
  EXPECT_NO_THROW(check_head({}, nodes, 0));
  EXPECT_NO_THROW(check_head(with({.worker = 8, .cores = 3}), nodes, 0)) << "stolen from where it was placed";
  EXPECT_NO_THROW(check_head(with({.worker = 2, .pinned = true}), nodes, 0));
  EXPECT_NO_THROW(check_head(with({.worker = 4, .pinned = true}), nodes, 0));
  task_head device;
  device.space = 1;
  EXPECT_NO_THROW(check_head(device, nodes, 2));
}

TEST(task_bytes, of_a_task_that_cannot_be_run_here_are_refused) {
  EXPECT_THROW(check_head(with({.worker = 9}), nodes, 0), torc::serialization_error);
  EXPECT_THROW(check_head(with({.worker = 1, .pinned = true}), nodes, 0), torc::serialization_error);
  EXPECT_THROW(check_head(with({.worker = 5, .pinned = true}), nodes, 0), torc::serialization_error);
  EXPECT_THROW(check_head(with({.cores = 4}), nodes, 0), torc::serialization_error);
  task_head device;
  device.space = 2;
  EXPECT_THROW(check_head(device, nodes, 2), torc::serialization_error);
}

}  // namespace
