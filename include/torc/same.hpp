// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <utility>

namespace torc {

/// What `same` returns: refers to an lvalue, holds anything else.
template <class T>
struct same_value {
  T value;
};

namespace detail {
template <class T>
inline constexpr bool is_same_value = false;
template <class T>
inline constexpr bool is_same_value<same_value<T>> = true;
}  // namespace detail

/// An argument of map that is the same for all elements: `map(f, same(model), points)` calls `f(model, point)` for each
/// point. The value is converted to f's parameter type and copied (or moved) once, when map is called. On the calling
/// node all tasks share that copy; to another node it goes with each task, or, if it takes more than 4 KiB, once, as by
/// broadcast. Bodies get const access or a copy.
template <class T>
same_value<T> same(T&& value) {
  return {std::forward<T>(value)};
}

}  // namespace torc
