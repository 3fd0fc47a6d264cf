// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/sentence.hpp>
#include <torc/local.hpp>

#include <type_traits>

namespace torc {
struct as_expected_t;
}

/// The order of what stands before a function.
namespace torc::detail {

template <class T>
inline constexpr bool is_space_tag = false;
template <class Space>
inline constexpr bool is_space_tag<space_tag<Space>> = true;

/// What options stand before.
template <class T>
concept follows_options = std::is_same_v<T, as_expected_t> || is_space_tag<T>;

inline constexpr sentence order_of_map =
    "torc: options stand first, then as_expected, then on_device: map({.retries = 2}, as_expected, on_device, f, "
    "range)";
inline constexpr sentence order_of_submit =
    "torc: options stand first, then on_device: submit({.retries = 2}, on_device, f, x)";
struct options_stand_first_then_as_expected_then_on_device {};

}  // namespace torc::detail
