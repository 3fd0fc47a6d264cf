// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/report/tracing.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <torc/error.hpp>

namespace {

using testing::AllOf;
using testing::HasSubstr;
using torc::report::open_trace;

TEST(tracing, is_off_unless_a_file_is_named) { EXPECT_EQ(open_trace({}, {}), nullptr); }

TEST(tracing, opens_the_file_at_once) {
  const auto trace = open_trace({.trace = "/dev/null"}, {});
  ASSERT_NE(trace, nullptr);
  EXPECT_TRUE(trace->is_open());
}

TEST(tracing, refuses_a_file_that_cannot_be_written) {
  try {
    open_trace({.trace = "/nonexistent folder/trace.json"}, {});
    FAIL() << "the file was taken for writable";
  } catch (const torc::config_error& e) {
    EXPECT_THAT(e.what(), AllOf(HasSubstr("TORC_TRACE=/nonexistent folder/trace.json is refused"),
                                HasSubstr("No such file or directory")));
  }
}

}  // namespace
