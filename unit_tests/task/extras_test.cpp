// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/task/extras.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace {

using testing::HasSubstr;
using testing::MatchesRegex;
using torc::detail::record;
using torc::detail::task_type;
using torc::task::extras_of;
using torc::task::name_of;

void unexported() {}

constexpr const void* (*no_function)(const record&) noexcept = [](const record&) noexcept -> const
    void* { return nullptr; };

constexpr task_type type_with(const void* (*function)(const record&) noexcept,
                              const char* (*type_name)(const record&) noexcept) {
  return {[](record&) {}, [](record&) noexcept {}, function, type_name, nullptr};
}

/// A record on the stack, which nobody counts.
struct bare_record {
  explicit bare_record(const task_type& type) : value(type, 1, 0) {}
  bare_record(const bare_record&) = delete;
  bare_record& operator=(const bare_record&) = delete;
  ~bare_record() { delete value.extras; }
  record value;
};

constexpr task_type of_exported =
    type_with([](const record&) noexcept { return reinterpret_cast<const void*>(&::getpid); },
              [](const record&) noexcept { return "F = unused;"; });
constexpr task_type of_unexported =
    type_with([](const record&) noexcept { return reinterpret_cast<const void*>(&unexported); },
              [](const record&) noexcept { return "F = unused;"; });
const int no_code = 1;
constexpr task_type of_no_symbol = type_with([](const record&) noexcept { return static_cast<const void*>(&no_code); },
                                             [](const record&) noexcept { return "F = unused;"; });
constexpr task_type as_gcc_says = type_with(no_function, [](const record&) noexcept {
  return "static const char* r<F, P>::type_name() [with F = mine::body<int, char>; P = torc::detail::type_list<int>]";
});
constexpr task_type as_clang_says = type_with(no_function, [](const record&) noexcept {
  return "static const char *r<mine::body, int>::type_name() [F = mine::body<int, char>, P = int]";
});
constexpr task_type of_last_parameter =
    type_with(no_function, [](const record&) noexcept { return "name() [with F = body]"; });
constexpr task_type of_clangs_lambda = type_with(no_function, [](const record&) noexcept {
  return "const char *torc::detail::description_of() [F = (lambda at /home/me/a b/model.cpp:12:34)]";
});
constexpr task_type of_stranger = type_with(no_function, [](const record&) noexcept { return "something else"; });

TEST(extras, are_made_once) {
  bare_record task(of_stranger);
  EXPECT_EQ(task.value.extras, nullptr);
  auto& made = extras_of(task.value);
  EXPECT_EQ(&made, task.value.extras);
  EXPECT_EQ(&extras_of(task.value), &made);
}

TEST(extras, a_task_is_named_by_its_options_first) {
  bare_record task(of_exported);
  extras_of(task.value).options.name = "likelihood";
  EXPECT_EQ(name_of(task.value), "likelihood");
}

TEST(extras, a_task_is_named_by_its_function) {
  EXPECT_THAT(name_of(bare_record(of_exported).value), HasSubstr("getpid"));
}

TEST(extras, a_task_is_named_by_a_function_that_the_program_does_not_export) {
  EXPECT_THAT(name_of(bare_record(of_unexported).value), HasSubstr("unexported"));
}

TEST(extras, what_is_no_symbol_is_named_by_its_place_in_the_program) {
  EXPECT_THAT(name_of(bare_record(of_no_symbol).value), MatchesRegex("function at task\\+0x[0-9a-f]+"));
}

TEST(extras, a_task_is_named_by_the_type_of_its_callable) {
  EXPECT_EQ(name_of(bare_record(as_gcc_says).value), "mine::body<int, char>");
  EXPECT_EQ(name_of(bare_record(as_clang_says).value), "mine::body<int, char>");
  EXPECT_EQ(name_of(bare_record(of_last_parameter).value), "body");
  EXPECT_EQ(name_of(bare_record(of_clangs_lambda).value), "lambda at model.cpp:12");
  EXPECT_EQ(name_of(bare_record(of_stranger).value), "something else");
}

}  // namespace
