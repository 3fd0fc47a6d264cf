// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/sched/worker/scopes.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <torc/error.hpp>

#include "core/sched/worker/completion.hpp"

namespace {

using torc::sched::scope_hold;

bool is_scope_done(const torc::detail::record& scope) { return (scope.state & torc::detail::state_bits::done) != 0; }

TEST(scopes, complete_when_nobody_holds_them_and_are_not_held_again) {
  torc::detail::record& scope = torc::sched::make_scope(0, 0, 0);
  {
    std::optional<scope_hold> hold(std::in_place, scope);
    torc::sched::close_scope(scope);
    EXPECT_FALSE(is_scope_done(scope));
    const scope_hold second(scope);
    hold.reset();
    EXPECT_FALSE(is_scope_done(scope));
  }
  EXPECT_TRUE(is_scope_done(scope));
  EXPECT_THROW(const scope_hold late(scope), torc::error);
  torc::sched::release_reference(scope);
}

}  // namespace
