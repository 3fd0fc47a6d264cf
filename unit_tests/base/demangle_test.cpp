// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/base/demangle.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace {

struct something {};

TEST(demangle, turns_symbols_into_names) { EXPECT_EQ(torc::base::demangle("_Z4workd"), "work(double)"); }

TEST(demangle, leaves_other_text_alone) {
  EXPECT_EQ(torc::base::demangle("main"), "main");
  EXPECT_EQ(torc::base::demangle(""), "");
  EXPECT_EQ(torc::base::demangle("not a symbol"), "not a symbol");
}

TEST(demangle, names_types) {
  EXPECT_EQ(torc::base::type_name<something>(), "(anonymous namespace)::something");
  EXPECT_EQ(torc::base::type_name<unsigned long*>(), "unsigned long*");
}

}  // namespace
