// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/sentence.hpp>

#include <functional>
#include <type_traits>
#include <utility>

namespace torc {

template <class Space>
struct space_tag;

/// A function that stays on the node that submits it, so that it may capture and take anything.
template <class F>
struct local_function {
  F function;

  template <class... Args>
  decltype(auto) operator()(Args&&... args) const {
    return std::invoke(function, std::forward<Args>(args)...);
  }
  template <class... Args>
  decltype(auto) operator()(Args&&... args) {
    return std::invoke(function, std::forward<Args>(args)...);
  }
};

/// Keeps the tasks of `f` on their home node. Then nothing needs to be serialisable: lambdas may capture, arguments may
/// be pointers.
template <class F>
local_function<std::decay_t<F>> local(F&& f) {
  return {std::forward<F>(f)};
}

template <detail::sentence Why = detail::has_no_type>
detail::check_the_options_or_wrap_an_overloaded_function_in_a_lambda local(...) = delete;

}  // namespace torc
