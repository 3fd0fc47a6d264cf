// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/report/failure_lines.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace {

using torc::report::report_failures;

std::string lines_for(torc::task::failure_list& failures, bool expects_some) {
  testing::internal::CaptureStderr();
  EXPECT_EQ(report_failures(failures, "node 1: "), expects_some);
  return testing::internal::GetCapturedStderr();
}

TEST(failure_lines, are_one_line_each_whatever_the_task_is_called) {
  torc::task::failure_list failures;
  EXPECT_EQ(lines_for(failures, false), "");
  const auto failure = std::make_exception_ptr(std::runtime_error("broken"));
  failures.add(failure, "two\nlines", "worker 3");
  EXPECT_EQ(
      lines_for(failures, true),
      "TORC: node 1: task 'two lines' failed and nobody looked at its future: std::runtime_error: broken (worker 3)\n");
  failures.add(failure, std::string(500, 'x'), "worker 3");
  EXPECT_LT(lines_for(failures, true).size(), 250U);
}

}  // namespace
