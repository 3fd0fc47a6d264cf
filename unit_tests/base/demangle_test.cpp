// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/base/demangle.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <memory_resource>
#include <string>
#include <utility>
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

TEST(demangle, writes_strings_and_vectors_as_programmers_do) {
  using torc::base::type_name;
  EXPECT_EQ(type_name<std::string>(), "std::string");
  EXPECT_EQ(type_name<std::vector<std::string>>(), "std::vector<std::string>");
  EXPECT_EQ((type_name<std::pair<std::vector<std::vector<int>>, int>>()),
            "std::pair<std::vector<std::vector<int>>, int>");
  EXPECT_EQ((type_name<void(std::vector<std::pair<int, double>>, const std::string&)>()),
            "void (std::vector<std::pair<int, double>>, std::string const&)");
  EXPECT_EQ((type_name<std::pair<int, std::allocator<int>>>()), "std::pair<int, std::allocator<int>>");
  EXPECT_EQ((type_name<std::vector<int, std::pmr::polymorphic_allocator<int>>>()),
            "std::vector<int, std::pmr::polymorphic_allocator<int>>");
}

}  // namespace
