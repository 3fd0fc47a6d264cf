// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/local.hpp>

#include <functional>
#include <tuple>
#include <type_traits>
#include <utility>

namespace torc::detail {

template <class... Ts>
struct type_list {};

/// The parameter types of a function, of a pointer to one, or of an object with a single call operator; else no
/// `parameters`.
template <class F>
struct signature_of_function {};
template <class R, class... P>
struct signature_of_function<R(P...)> {
  using parameters = type_list<P...>;
};
template <class R, class... P>
struct signature_of_function<R(P...) noexcept> : signature_of_function<R(P...)> {};
template <class R, class C, class... P>
struct signature_of_function<R (C::*)(P...)> : signature_of_function<R(P...)> {};
template <class R, class C, class... P>
struct signature_of_function<R (C::*)(P...) const> : signature_of_function<R(P...)> {};
template <class R, class C, class... P>
struct signature_of_function<R (C::*)(P...)&> : signature_of_function<R(P...)> {};
template <class R, class C, class... P>
struct signature_of_function<R (C::*)(P...) const&> : signature_of_function<R(P...)> {};
template <class R, class C, class... P>
struct signature_of_function<R (C::*)(P...) noexcept> : signature_of_function<R(P...)> {};
template <class R, class C, class... P>
struct signature_of_function<R (C::*)(P...) const noexcept> : signature_of_function<R(P...)> {};

template <class F>
struct signature {};
template <class F>
requires std::is_function_v<F>
struct signature<F> : signature_of_function<F> {
};
template <class F>
requires requires { &F::operator(); }
struct signature<F> : signature_of_function<decltype(&F::operator())> {};
template <class F>
struct signature<F*> : signature_of_function<F> {};
template <class F>
struct signature<local_function<F>> : signature<F> {};

template <class F>
concept has_signature = requires {
  typename signature<F>::parameters;
};

/// The function inside of what wraps one: a task is named after it.
template <class F>
struct unwrapped {
  using type = F;
  static const F& in(const F& f) noexcept { return f; }
};
template <class F>
struct unwrapped<local_function<F>> : unwrapped<F> {
  static decltype(auto) in(const local_function<F>& f) noexcept { return unwrapped<F>::in(f.function); }
};

template <class F>
struct is_local : std::false_type {};
template <class F>
struct is_local<local_function<F>> : std::true_type {};

template <class F>
concept function_pointer = std::is_pointer_v<F> && std::is_function_v<std::remove_pointer_t<F>>;

/// Whether tasks of F run with an execution space instance, or may.
template <class F>
inline constexpr bool runs_on_device = false;

/// Passes a stored argument to a parameter of type P. The body gets const access or a copy, so that what was submitted
/// stays; only what cannot be copied is handed over.
template <class P, class A>
decltype(auto) pass(A& stored) {
  if constexpr (!std::is_copy_constructible_v<A>) {
    if constexpr (std::is_lvalue_reference_v<P>) {
      return static_cast<A&>(stored);
    } else {
      return std::move(stored);
    }
  } else if constexpr (std::is_rvalue_reference_v<P>) {
    return A(stored);
  } else {
    return static_cast<const A&>(stored);
  }
}

/// How to call F with stored arguments of types A.
template <class F, class Parameters, class... A>
struct caller;

template <class F, class... P, class... A>
struct caller<F, type_list<P...>, A...> {
  template <std::size_t... I>
  static decltype(auto) call(F& f, std::tuple<A...>& arguments, std::index_sequence<I...>) {
    return f(pass<P>(std::get<I>(arguments))...);
  }
};

struct unknown_parameters {};

/// A generic function gets const access where it accepts that, else a copy.
template <class F, class... A>
struct caller<F, unknown_parameters, A...> {
  template <std::size_t... I>
  static decltype(auto) call(F& f, std::tuple<A...>& arguments, std::index_sequence<I...>) {
    if constexpr (std::is_invocable_v<F&, const A&...>) {
      return f(pass<const A&>(std::get<I>(arguments))...);
    } else {
      return f(pass<A&&>(std::get<I>(arguments))...);
    }
  }
};

template <class F, class... Given>
struct call_traits {
  using parameters = unknown_parameters;
  using stored = type_list<std::decay_t<Given>...>;
};
template <has_signature F, class... Given>
struct call_traits<F, Given...> {
  using parameters = typename signature<F>::parameters;
  template <class>
  struct decayed;
  template <class... P>
  struct decayed<type_list<P...>> {
    using type = type_list<std::decay_t<P>...>;
  };
  using stored = typename decayed<parameters>::type;
};

/// Result of calling F with stored arguments of types A; of a `const T` as of a T, which it is copied into.
template <class F, class Parameters, class... A>
using result_of = std::remove_cv_t<decltype(caller<F, Parameters, A...>::call(
    std::declval<F&>(), std::declval<std::tuple<A...>&>(), std::index_sequence_for<A...>{}))>;

}  // namespace torc::detail
