// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <chrono>
#include <concepts>
#include <limits>
#include <type_traits>

namespace torc {
namespace detail {

template <class T>
inline constexpr bool is_chrono_duration = false;
template <class Rep, class Period>
inline constexpr bool is_chrono_duration<std::chrono::duration<Rep, Period>> = true;

/// What counts seconds; a truth value or a character is an argument in the wrong place.
template <class T>
inline constexpr bool is_number = std::floating_point<T>;
template <std::integral T>
inline constexpr bool is_number<T> =
    !(std::same_as<T, bool> || std::same_as<T, char> || std::same_as<T, wchar_t> || std::same_as<T, char8_t> ||
      std::same_as<T, char16_t> || std::same_as<T, char32_t>);

}  // namespace detail

/// A length of time, wherever torc is given one: a number of seconds, `0.5` or `3`, or any std::chrono duration,
/// `500ms`; and itself a std::chrono duration. Nothing is checked here: what takes it says what a negative one means.
/// What is longer than the clock's range, infinity among it, is for ever.
struct time_span : std::chrono::duration<double> {
  constexpr time_span() noexcept : duration(0) {}

  template <class Time>
  requires(!std::is_base_of_v<time_span, std::remove_cvref_t<Time>>) constexpr time_span(
      const Time& time)  // NOLINT(*-explicit-*)
      : duration(converted(time)) {
    static_assert(detail::is_chrono_duration<Time> || detail::is_number<Time>,
                  "torc: a time is given as a number of seconds, such as 2.5, or as a std::chrono duration");
  }

 private:
  template <class Time>
  static constexpr duration converted(const Time& time) noexcept {
    if constexpr (detail::is_chrono_duration<Time>) {
      return duration(time);
    } else if constexpr (detail::is_number<Time>) {
      return duration(static_cast<double>(time));
    } else {
      return duration(0);
    }
  }
};

/// What it was called before.
using timeout_seconds = time_span;

/// No end to a wait.
inline constexpr time_span forever = std::numeric_limits<double>::infinity();

}  // namespace torc
