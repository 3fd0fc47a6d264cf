// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/task/identity.hpp"

#include <dlfcn.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <torc/error.hpp>
#include <vector>

namespace {

using torc::detail::task_codec;
using torc::task::identify;
using torc::task::identity;
using torc::task::resolve;
using torc::task::resolve_codec;
using torc::task::resolve_function;

int doubled(int x) { return 2 * x; }
const void* address_of(int (*function)(int)) { return reinterpret_cast<const void*>(function); }

constexpr task_codec codec{.encode = nullptr,
                           .call = nullptr,
                           .decode_result = nullptr,
                           .are_arguments_flat = true,
                           .is_result_plain = true,
                           .function = nullptr,
                           .type_name = []() noexcept { return "F = nothing;"; }};

/// One of the libraries of unit_tests/loaded while it is loaded.
class library {
 public:
  explicit library(const std::string& folder)
      : path(std::string(TORC_TEST_LOADED_DIR) + "/" + folder + "/loaded.so"),
        m_handle(::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL)) {
    if (m_handle == nullptr) throw std::runtime_error(::dlerror());
  }
  library(const library&) = delete;
  library& operator=(const library&) = delete;
  ~library() { ::dlclose(m_handle); }

  const void* function() const { return ::dlsym(m_handle, "value_of_library"); }
  static int call(const void* function) { return reinterpret_cast<int (*)()>(const_cast<void*>(function))(); }

  const std::string path;

 private:
  void* m_handle;
};

bool is_listed(const std::string& path) {
  for (const auto& m : torc::task::modules()) {
    if (m.path == path) return true;
  }
  return false;
}

TEST(identity, of_functions_and_constants_of_the_program_leads_back_to_them) {
  const identity of_function = identify(address_of(&doubled));
  EXPECT_EQ(resolve(of_function), address_of(&doubled));
  EXPECT_EQ(resolve_function(of_function), address_of(&doubled));
  EXPECT_EQ(identify(address_of(&doubled)), of_function);
  EXPECT_NE(identify(static_cast<const void*>(&codec)), of_function);
  EXPECT_EQ(of_function.module, torc::task::modules().front().id);
}

TEST(identity, of_a_function_of_the_c_library_is_of_another_module) {
  // Not the address that the program itself may have for it.
  const void* const function = ::dlsym(RTLD_DEFAULT, "getpid");
  const identity named = identify(function);
  EXPECT_NE(named.module, torc::task::modules().front().id);
  EXPECT_EQ(resolve_function(named), function);
}

TEST(identity, modules_begin_with_the_program_and_have_distinct_ids) {
  const auto all = torc::task::modules();
  ASSERT_GT(all.size(), 2U);
  EXPECT_EQ(all.front().path, std::filesystem::read_symlink("/proc/self/exe").string());
  std::set<std::uint64_t> ids;
  for (const auto& m : all) {
    EXPECT_NE(m.id, 0U) << m.path;
    EXPECT_TRUE(ids.insert(m.id).second) << m.path;
  }
}

TEST(identity, of_what_no_module_contains_is_an_error) {
  const auto on_the_heap = std::make_unique<int>(1);
  EXPECT_THROW(identify(static_cast<const void*>(on_the_heap.get())), torc::identity_error);
  const int on_the_stack = 1;
  EXPECT_THROW(identify(static_cast<const void*>(&on_the_stack)), torc::identity_error);
  EXPECT_THROW(identify(static_cast<const void*>(nullptr)), torc::identity_error);
}

TEST(identity, of_an_unknown_module_or_of_an_offset_outside_is_null) {
  const identity known = identify(address_of(&doubled));
  EXPECT_EQ(resolve({known.module + 1, known.offset}), nullptr);
  EXPECT_EQ(resolve({0, 0}), nullptr);
  for (const std::uint64_t offset : {std::uint64_t{1} << 40, std::uint64_t{1} << 63, ~std::uint64_t{0}}) {
    EXPECT_EQ(resolve({known.module, offset}), nullptr) << offset;
    EXPECT_EQ(resolve_function({known.module, offset}), nullptr) << offset;
    EXPECT_EQ(resolve_codec({known.module, offset}), nullptr) << offset;
  }
}

TEST(identity, of_data_is_no_function) {
  const identity named = identify(static_cast<const void*>(&codec));
  EXPECT_EQ(resolve(named), &codec);
  EXPECT_EQ(resolve_function(named), nullptr);
}

TEST(identity, of_a_codec_leads_back_to_it_and_nothing_else_does) {
  const identity named = identify(codec);
  EXPECT_EQ(resolve_codec(named), &codec);
  for (std::uint64_t shift = 1; shift < sizeof(codec); ++shift) {
    EXPECT_EQ(resolve_codec({named.module, named.offset + shift}), nullptr) << shift;
    EXPECT_EQ(resolve_codec({named.module, named.offset - shift}), nullptr) << shift;
  }
  EXPECT_EQ(resolve_codec(identify(address_of(&doubled))), nullptr);
}

TEST(identity, of_libraries_that_are_loaded_later_leads_back_to_them) {
  static_cast<void>(torc::task::modules());  // what is loaded before
  for (const char* const folder : {"with_build_id_1", "without_build_id_1"}) {
    const library loaded(folder);
    const identity named = identify(loaded.function());
    EXPECT_EQ(resolve_function(named), loaded.function()) << folder;
    EXPECT_EQ(library::call(resolve_function(named)), 1) << folder;
    EXPECT_TRUE(is_listed(loaded.path));
  }
}

TEST(identity, is_found_by_its_id_even_if_the_address_was_never_asked_for) {
  identity named;
  {
    const library loaded("without_build_id_2");
    named = identify(loaded.function());
  }
  EXPECT_EQ(resolve(named), nullptr);
  EXPECT_FALSE(is_listed(std::string(TORC_TEST_LOADED_DIR) + "/without_build_id_2/loaded.so"));
  const library again("without_build_id_2");
  EXPECT_EQ(resolve(named), again.function());
}

TEST(identity, tells_libraries_of_one_name_apart) {
  for (const std::string kind : {"with_build_id", "without_build_id"}) {
    const library one(kind + "_1");
    const library two(kind + "_2");
    const identity first = identify(one.function());
    const identity second = identify(two.function());
    EXPECT_NE(first.module, second.module) << kind;
    EXPECT_EQ(first.offset, second.offset) << kind;
    EXPECT_EQ(library::call(resolve(first)), 1) << kind;
    EXPECT_EQ(library::call(resolve(second)), 2) << kind;
  }
}

TEST(identity, of_a_library_that_took_the_place_of_another_is_its_own) {
  // The dynamic linker gives the freed addresses away again at once, as a rule.
  for (int i = 0; i < 4; ++i) {
    for (const int value : {1, 2}) {
      const library loaded("without_build_id_" + std::to_string(value));
      EXPECT_EQ(library::call(resolve(identify(loaded.function()))), value);
    }
  }
}

TEST(identity, may_be_asked_for_by_many_threads_while_libraries_come_and_go) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 3; ++t) {
    threads.emplace_back([t] {
      for (int i = 0; i < 50; ++i) {
        EXPECT_EQ(resolve(identify(address_of(&doubled))), address_of(&doubled));
        if (t == 0) {
          const library loaded("with_build_id_1");
          EXPECT_EQ(resolve(identify(loaded.function())), loaded.function());
        }
      }
    });
  }
  for (std::thread& t : threads) t.join();
}

std::string text_of(identity named) { return fmt::format("{:#x}+{:#x}", named.module, named.offset); }

TEST(identity, is_the_same_in_another_process_of_the_same_program) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");  // starts the program anew, at other addresses
  const auto here = [] {
    const library loaded("without_build_id_1");
    return text_of(identify(address_of(&doubled))) + " " + text_of(identify(codec)) + " " +
           text_of(identify(loaded.function()));
  };
  const auto print = [&] {
    std::fputs(here().c_str(), stderr);
    std::exit(0);
  };
  EXPECT_EXIT(print(), testing::ExitedWithCode(0), testing::HasSubstr(here()));
}

}  // namespace
