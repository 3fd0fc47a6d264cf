// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstddef>

namespace torc::detail {

/// A sentence in the signature of a deleted function, which the compiler prints.
template <std::size_t Size>
struct sentence {
  constexpr sentence(const char (&literal)[Size]) {  // NOLINT(*-explicit-*)
    for (std::size_t i = 0; i < Size; ++i) text[i] = literal[i];
  }
  char text[Size]{};
};

/// What is said where the language gives no type to deduce. g++ prints the sentence, clang the line with the return
/// type.
inline constexpr sentence has_no_type =
    "torc: what is given here has no type of its own: in options an unknown name or a value of another type (see "
    "task_options and map_options), or an overloaded function such as std::sin: wrap its call in a lambda; name the "
    "type "
    "before other braces";
struct check_the_options_or_wrap_an_overloaded_function_in_a_lambda {};

}  // namespace torc::detail
