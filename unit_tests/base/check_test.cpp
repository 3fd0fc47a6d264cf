// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/base/check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace {

using testing::EndsWith;
using testing::HasSubstr;

struct broken : std::runtime_error {
  using runtime_error::runtime_error;
};

/// Throws broken for as long as it lives.
class throwing_checks {
 public:
  throwing_checks()
      : m_before(torc::base::set_check_handler([](std::string_view text) { throw broken(std::string(text)); })) {}
  ~throwing_checks() {
    torc::base::set_check_handler(m_before);
    torc::base::set_check_context(nullptr);
  }
  throwing_checks(const throwing_checks&) = delete;
  throwing_checks& operator=(const throwing_checks&) = delete;

 private:
  torc::base::check_handler m_before;
};

std::string message_of_a_broken_check() {
  try {
    const int two = 2;
    TORC_CHECK(two + two == 5);
  } catch (const broken& e) {
    return e.what();
  }
  return "nothing was thrown";
}

TEST(check, that_holds_does_nothing) {
  const throwing_checks scope;
  EXPECT_NO_THROW(TORC_CHECK(1 + 1 == 2));
}

TEST(check, that_fails_names_expression_and_place) {
  const throwing_checks scope;
  const std::string text = message_of_a_broken_check();
  EXPECT_THAT(text, HasSubstr("broken invariant: two + two == 5 at "));
  EXPECT_THAT(text, HasSubstr("check_test.cpp:"));
}

TEST(check, that_fails_says_what_its_thread_was_doing) {
  const throwing_checks scope;
  torc::base::set_check_context([]() -> std::string { return "task fib on node 0"; });
  EXPECT_THAT(message_of_a_broken_check(), EndsWith(" in task fib on node 0"));
}

TEST(check, that_fails_while_asking_for_the_context_is_reported_without_it) {
  const throwing_checks scope;
  torc::base::set_check_context([]() -> std::string {
    try {
      TORC_CHECK(false);
    } catch (const broken& e) {
      return e.what();
    }
    return "";
  });
  EXPECT_THAT(message_of_a_broken_check(), HasSubstr(" in broken invariant: false at "));
}

TEST(check, may_hold_commas) {
  const throwing_checks scope;
  EXPECT_THROW(TORC_CHECK(std::is_same_v<int, long>), broken);
}

TEST(check_death_test, ends_the_process_with_the_message_by_default) {
  EXPECT_DEATH(TORC_CHECK(1 == 2), "TORC: broken invariant: 1 == 2 at .*check_test.cpp");
}

TEST(check_death_test, ends_the_process_even_if_the_handler_returns) {
  EXPECT_DEATH(
      {
        torc::base::set_check_handler([](std::string_view) {});
        TORC_CHECK(1 == 2);
      },
      "TORC: broken invariant");
}

}  // namespace
