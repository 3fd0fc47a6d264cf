// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/task/symbols.hpp"

#include <dlfcn.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <thread>

namespace {

using torc::task::symbol_at;

void is_not_exported() {}

const void* address_of_exported() { return ::dlsym(RTLD_DEFAULT, "gnu_get_libc_version"); }

TEST(symbols, tell_module_and_name) {
  const auto found = symbol_at(address_of_exported());
  ASSERT_TRUE(found);
  EXPECT_NE(found->module.find(".so"), std::string::npos) << found->module;
  Dl_info info{};
  ASSERT_NE(::dladdr(address_of_exported(), &info), 0);
  EXPECT_NE(found->name.find("gnu_get_libc_version"), std::string::npos) << found->name;
  EXPECT_EQ(found->offset,
            reinterpret_cast<std::uintptr_t>(address_of_exported()) - reinterpret_cast<std::uintptr_t>(info.dli_fbase));
}

TEST(symbols, of_what_is_not_exported_tell_place_and_name) {
  const auto found = symbol_at(reinterpret_cast<const void*>(&is_not_exported));
  ASSERT_TRUE(found);
  EXPECT_NE(found->name.find("is_not_exported"), std::string::npos) << found->name;
  EXPECT_GT(found->offset, 0U);
}

TEST(symbols, in_the_middle_of_a_function_have_no_name) {
  const auto found = symbol_at(static_cast<const char*>(address_of_exported()) + 1);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->name, "");
}

TEST(symbols, are_nowhere_outside_of_what_is_loaded) {
  EXPECT_FALSE(symbol_at(nullptr));
  EXPECT_FALSE(symbol_at(std::array<char, 1>{}.data()));
}

/// Hangs, and runs into its time limit, if whoever asks waits for the library.
TEST(symbols, are_told_while_a_library_is_being_loaded) {
  std::array<int, 2> begins{};
  std::array<int, 2> may_end{};
  ASSERT_EQ(::pipe(begins.data()), 0);
  ASSERT_EQ(::pipe(may_end.data()), 0);
  ::setenv("LOADING_BEGINS", std::to_string(begins[1]).c_str(), 1);
  ::setenv("LOADING_MAY_END", std::to_string(may_end[0]).c_str(), 1);
  const void* const exported = address_of_exported();
  void* library = nullptr;
  std::thread loads(
      [&] { library = ::dlopen((std::string(TORC_TEST_LOADED_DIR) + "/blocking.so").c_str(), RTLD_NOW); });
  char byte = 0;
  ASSERT_EQ(::read(begins[0], &byte, 1), 1);
  const auto found = symbol_at(exported);
  ASSERT_EQ(::write(may_end[1], &byte, 1), 1);
  loads.join();
  ASSERT_TRUE(found);
  EXPECT_NE(found->name.find("gnu_get_libc_version"), std::string::npos) << found->name;
  ASSERT_NE(library, nullptr) << ::dlerror();
  ::dlclose(library);
  for (const int end : {begins[0], begins[1], may_end[0], may_end[1]}) ::close(end);
}

}  // namespace
