// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/callable.hpp>
#include <torc/same.hpp>

#include <cstddef>
#include <optional>
#include <type_traits>
#include <utility>

namespace torc {
template <class T>
class broadcast_handle;
}

/// What is refused before anything else of a task is looked at, so that the compiler's first error is the sentence.
namespace torc::detail {

/// Whether a body could change an argument of which its task has a copy. What cannot be copied is the body's own; for
/// arrays and functions see argument_check.
template <class P, class T = std::remove_reference_t<P>>
inline constexpr bool loses_changes = std::is_lvalue_reference_v<P> && !std::is_const_v<T> && !std::is_array_v<T> &&
                                      !std::is_function_v<T> && std::is_copy_constructible_v<std::decay_t<P>>;

/// Whether an argument of type Given would lose its fraction in silence as a Parameter.
template <class Parameter, class Given>
inline constexpr bool loses_fraction = std::is_integral_v<Parameter>&& std::is_floating_point_v<Given>;
template <class Parameter, class Given>
inline constexpr bool loses_fraction<std::optional<Parameter>, Given> = loses_fraction<Parameter, Given>;
template <class Parameter, class Given>
inline constexpr bool loses_fraction<std::optional<Parameter>, std::optional<Given>> = loses_fraction<Parameter, Given>;

template <class T>
inline constexpr bool is_broadcast_handle = false;
template <class T>
inline constexpr bool is_broadcast_handle<broadcast_handle<T>> = true;

/// Refuses the argument at a position, from 1. A type of its own for each: so the compiler's lines say which one, and
/// both types.
template <std::size_t Position, class Parameter, class Given>
struct argument_check {
  using kept = std::decay_t<Parameter>;
  using given = std::decay_t<Given>;
  static constexpr bool is_array = std::is_array_v<std::remove_reference_t<Parameter>>;
  static constexpr bool is_function = std::is_function_v<std::remove_reference_t<Parameter>>;
  static constexpr bool converts = is_array || is_function || std::is_constructible_v<kept, Given>;
  static constexpr bool is_same = !converts && is_same_value<given>;
  static constexpr bool is_broadcast = !converts && is_broadcast_handle<given>;
  static constexpr bool keeps_fraction = !loses_fraction<kept, given>;

  static_assert(!is_array,
                "torc: a parameter is a reference to an array, of which a task cannot have a copy: take a std::array "
                "or a std::vector (argument_check names it)");
  static_assert(!is_function,
                "torc: a parameter is a reference to a function: take a pointer to it (argument_check names it)");
  static_assert(!is_same,
                "torc: an argument is in torc::same, which map alone takes: give the value itself (argument_check "
                "names it)");
  static_assert(!is_broadcast,
                "torc: an argument is the handle of a broadcast where the function takes another type: let the "
                "function take the handle, a torc::broadcast_handle<T>, and call its get(); what is given as "
                "handle.get() is copied for each task (argument_check names it)");
  static_assert(converts || is_same || is_broadcast,
                "torc: an argument does not convert to the type of the function's parameter (what cannot be copied is "
                "given by std::move; argument_check names the argument and both types)");
  static_assert(keeps_fraction,
                "torc: an argument is a floating-point number where the function takes an integer, so its fraction "
                "would be lost: convert it yourself (argument_check names the argument and both types)");
};

/// An argument_check of each.
template <class Parameters, class Given, class Positions>
struct argument_checks {};
template <class... P, class... Given, std::size_t... I>
requires(sizeof...(P) ==
         sizeof...(Given)) struct argument_checks<type_list<P...>, type_list<Given...>, std::index_sequence<I...>>
    : argument_check<I + 1, P, Given>... {
};

/// Whether argument_check has nothing to refuse. Apart from it: what depends on a class whose assertion fails is no
/// constant for clang.
template <class Parameter, class Given>
inline constexpr bool fits =
    std::is_constructible_v<std::decay_t<Parameter>, Given> &&
    !loses_fraction<std::decay_t<Parameter>, std::decay_t<Given>> &&
    !std::is_array_v<std::remove_reference_t<Parameter>> && !std::is_function_v<std::remove_reference_t<Parameter>>;
template <class Parameters, class Given>
inline constexpr bool all_fit = false;
template <class... P, class... Given>
requires(sizeof...(P) ==
         sizeof...(Given)) inline constexpr bool all_fit<type_list<P...>, type_list<Given...>> = (fits<P, Given> &&
                                                                                                  ...);

/// How a task's function of type F is called: with its parameters and the arguments that were given.
template <class F, class Parameters, class Given>
struct call_check;

template <class F, class... P, class... Given>
struct call_check<F, type_list<P...>, type_list<Given...>>
    : argument_checks<type_list<P...>, type_list<Given...>, std::index_sequence_for<P...>> {
  static constexpr std::size_t given = sizeof...(Given);
  static constexpr std::size_t takes = sizeof...(P);
  static_assert(
      given >= takes,
      "torc: the function is called with fewer arguments than it takes (its default arguments are not known here)");
  static_assert(given <= takes, "torc: the function is called with more arguments than it takes");
  static constexpr bool loses_a_change = (loses_changes<P> || ...);
  static_assert(
      !loses_a_change,
      "torc: a parameter is a non-const reference, but a task has a copy of its argument, so the change would "
      "be lost: return the value, or take the parameter by value");
  static constexpr bool is_callable = all_fit<type_list<P...>, type_list<Given...>> && !loses_a_change;
};

template <class F, class... Given>
struct call_check<F, unknown_parameters, type_list<Given...>> {
  static constexpr bool is_function = std::is_class_v<F> || function_pointer<F>;
  static_assert(is_function || std::is_member_pointer_v<F>,
                "torc: a task needs the function itself, then its arguments: submit(f, x), not submit(f(x))");
  static_assert(!std::is_member_pointer_v<F>,
                "torc: a member function cannot be submitted: call it from a captureless lambda");
  static constexpr bool has_same = (is_same_value<std::decay_t<Given>> || ...);
  static_assert(!has_same, "torc: an argument is in torc::same, which map alone takes: give the value itself");
  static constexpr bool is_callable =
      is_function && !has_same &&
      (std::is_invocable_v<F&, const std::decay_t<Given>&...> || std::is_invocable_v<F&, std::decay_t<Given>...>);
  static_assert(is_callable || !is_function || has_same, "torc: the function cannot be called with these arguments");
};

template <class F, class... Given>
using call_check_of = call_check<F, typename call_traits<F, Given...>::parameters, type_list<Given...>>;

/// What stands for the future of a call that was refused.
struct refused {};

}  // namespace torc::detail
