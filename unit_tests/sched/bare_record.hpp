// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/record.hpp>

#include <atomic>
#include <memory>

namespace tests {

/// A record that owns nothing and frees nothing: to be queued, counted and completed by hand.
inline constexpr torc::detail::task_type bare_type{
    [](torc::detail::record&) {}, [](torc::detail::record&) noexcept {},
    [](const torc::detail::record&) noexcept -> const void* { return nullptr; },
    [](const torc::detail::record&) noexcept { return "F = bare;"; }, nullptr};

struct bare_record : torc::detail::record {
  bare_record() : torc::detail::record(bare_type, 1, 0) {}
  int number = 0;
};

}  // namespace tests
