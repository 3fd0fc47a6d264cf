// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/entry.hpp>

#include <cstddef>
#include <ostream>
#include <ranges>
#include <string>
#include <tuple>
#include <type_traits>

/// Inputs of tasks in messages.
namespace torc::detail {

template <class T>
concept printable = requires(std::ostream& out, const T& value) {
  out << value;
};

/// As a number, a text, or whatever a class has an operator<< for; "..." for what cannot be printed.
template <class T>
void write_value(std::ostream& out, const T& value) {
  if constexpr (printable<T>) {
    out << value;
  } else if constexpr (std::ranges::input_range<const T&>) {
    constexpr std::size_t most = 8;
    std::size_t count = 0;
    out << '{';
    for (const auto& each : value) {
      if (count > 0) out << ", ";
      if (count++ == most) {
        out << "...";
        break;
      }
      write_value(out, each);
    }
    out << '}';
  } else {
    out << "...";
  }
}

/// The arguments with commas between them; empty if that takes more than one line, or nothing of it can be printed.
template <class... A>
std::string text_of(const std::tuple<A...>& arguments) {
  if constexpr (((printable<A> || std::ranges::input_range<const A&>) || ...)) {
    return shown(
        [](std::ostream& out, const void* value) {
          std::apply(
              [&out](const A&... argument) {
                const char* separator = "";
                ((out << separator, write_value(out, argument), separator = ", "), ...);
              },
              *static_cast<const std::tuple<A...>*>(value));
        },
        &arguments);
  } else {
    return {};
  }
}

}  // namespace torc::detail
