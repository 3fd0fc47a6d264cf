// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/callable.hpp>

#include <type_traits>
#include <utility>

/// What runs once a future is done: tasks that are named after the function that they were given.
namespace torc::detail {

/// As Future::add_done_callback says.
template <class Future, class C>
struct callback_body {
  Future source;
  C function;
  void operator()() { static_cast<void>(function(source)); }
};

/// Calls it with the future or, if it does not take that, with its value.
template <class Future, class F>
decltype(auto) continue_with(F& call, const Future& source) {
  if constexpr (std::is_invocable_v<F&, const Future&>) {
    return call(source);
  } else if constexpr (std::is_void_v<typename Future::value_type>) {
    source.result();
    return call();
  } else {
    return call(source.result());
  }
}

/// As Future::then says.
template <class Future, class F>
struct continuation_body {
  Future source;
  F function;
  decltype(auto) operator()() {
    if constexpr (std::is_reference_v<decltype(continue_with(function, std::as_const(source)))>) {
      return continue_with(function, std::as_const(source));  // it may refer to the source's value
    } else {
      // Given up with the call: a long chain is not to keep all of its values.
      const Future held = std::move(source);
      return continue_with(function, held);
    }
  }
};

template <class Future, class C>
struct unwrapped<callback_body<Future, C>> : unwrapped<C> {
  static decltype(auto) in(const callback_body<Future, C>& f) noexcept { return unwrapped<C>::in(f.function); }
};
template <class Future, class F>
struct unwrapped<continuation_body<Future, F>> : unwrapped<F> {
  static decltype(auto) in(const continuation_body<Future, F>& f) noexcept { return unwrapped<F>::in(f.function); }
};

}  // namespace torc::detail
