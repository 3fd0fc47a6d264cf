// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstdint>
#include <torc/torc.hpp>
#include <variant>

#include "unit_tests/storm/values.hpp"

namespace storm {

/// A future of any of the types that tasks of random programs have; of none at first.
using handle = std::variant<std::monostate, torc::future<void>, torc::future<std::uint64_t>, torc::future<words>,
                            torc::future<moved>, torc::future<fragile>>;

template <class F>
inline constexpr bool is_future = !std::is_same_v<std::decay_t<F>, std::monostate>;

/// Calls it with the future, if there is one.
template <class Handle, class Function>
void with_future(Handle& h, Function function) {
  std::visit(
      [&](auto& future) {
        if constexpr (is_future<decltype(future)>) function(future);
      },
      h);
}

/// The number that a value stands for.
inline std::uint64_t number_of(std::uint64_t value) { return value; }
inline std::uint64_t number_of(const moved& value) { return *value; }
inline std::uint64_t number_of(const fragile& value) { return value.value(); }
inline std::uint64_t number_of(const words& value) {
  // Only as a whole does it stand for its first word.
  if (value.empty()) return 0;
  return value == words_of(value.front(), static_cast<std::uint32_t>(value.size())) ? value.front() : ~value.front();
}

/// And a result; rethrows a failure.
template <class R>
std::uint64_t number_in(const torc::future<R>& done) {
  if constexpr (std::is_void_v<R>) {
    done.result();
    return 1;
  } else {
    return number_of(done.result());
  }
}

}  // namespace storm
