// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/callable.hpp>

#include <cstddef>
#include <optional>
#include <type_traits>
#include <utility>

/// What is refused before anything else of a task is looked at, so that the compiler's first error is the sentence.
namespace torc::detail {

/// Whether a body could change an argument of which its task has a copy. What cannot be copied is the body's own.
template <class P>
inline constexpr bool loses_changes = std::is_lvalue_reference_v<P> && !std::is_const_v<std::remove_reference_t<P>> &&
                                      std::is_copy_constructible_v<std::decay_t<P>>;

template <class Parameters, class Given>
inline constexpr bool converts_all = false;
template <class... P, class... Given>
requires(sizeof...(P) == sizeof...(Given)) inline constexpr bool converts_all<type_list<P...>, type_list<Given...>> =
    (std::is_constructible_v<std::decay_t<P>, Given> && ...);

/// Whether an argument of type Given would lose its fraction in silence as a Parameter.
template <class Parameter, class Given>
inline constexpr bool loses_fraction = std::is_integral_v<Parameter>&& std::is_floating_point_v<Given>;
template <class Parameter, class Given>
inline constexpr bool loses_fraction<std::optional<Parameter>, Given> = loses_fraction<Parameter, Given>;
template <class Parameter, class Given>
inline constexpr bool loses_fraction<std::optional<Parameter>, std::optional<Given>> = loses_fraction<Parameter, Given>;

/// Refuses that of the argument at a position, from 1. A type of its own for each: so the compiler's lines say which
/// one, and both types.
template <std::size_t Position, class Parameter, class Given>
struct argument_check {
  static_assert(!loses_fraction<Parameter, Given>,
                "torc: an argument is a floating-point number where the function takes an integer, so its fraction "
                "would be lost: convert it yourself (argument_check names the argument and both types)");
};

template <class Parameters, class Given>
inline constexpr bool lose_fractions = false;
template <class... P, class... Given>
requires(sizeof...(P) == sizeof...(Given)) inline constexpr bool lose_fractions<type_list<P...>, type_list<Given...>> =
    (loses_fraction<std::decay_t<P>, std::decay_t<Given>> || ...);

/// An argument_check of each.
template <class Parameters, class Given, class Positions>
struct argument_checks {};
template <class... P, class... Given, std::size_t... I>
requires(sizeof...(P) ==
         sizeof...(Given)) struct argument_checks<type_list<P...>, type_list<Given...>, std::index_sequence<I...>>
    : argument_check<I + 1, std::decay_t<P>, std::decay_t<Given>>... {
};

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
  static constexpr bool converts = converts_all<type_list<P...>, type_list<Given...>>;
  static_assert(
      converts || given != takes,
      "torc: an argument does not convert to the type of the function's parameter (what cannot be copied is given by "
      "std::move)");
  static constexpr bool keeps_fractions = !lose_fractions<type_list<P...>, type_list<Given...>>;
  static constexpr bool loses_a_change = (loses_changes<P> || ...);
  static_assert(
      !loses_a_change,
      "torc: a parameter is a non-const reference, but a task has a copy of its argument, so the change would "
      "be lost: return the value, or take the parameter by value");
  static constexpr bool is_callable = converts && keeps_fractions && !loses_a_change;
};

template <class F, class... Given>
struct call_check<F, unknown_parameters, type_list<Given...>> {
  static constexpr bool is_function = std::is_class_v<F> || function_pointer<F>;
  static_assert(is_function || std::is_member_pointer_v<F>,
                "torc: a task needs the function itself, then its arguments: submit(f, x), not submit(f(x))");
  static_assert(!std::is_member_pointer_v<F>,
                "torc: a member function cannot be submitted: call it from a captureless lambda");
  static constexpr bool is_callable = is_function && (std::is_invocable_v<F&, const std::decay_t<Given>&...> ||
                                                      std::is_invocable_v<F&, std::decay_t<Given>...>);
  static_assert(is_callable || !is_function, "torc: the function cannot be called with these arguments");
};

template <class F, class... Given>
using call_check_of = call_check<F, typename call_traits<F, Given...>::parameters, type_list<Given...>>;

/// What stands for the future of a call that was refused.
struct refused {};

}  // namespace torc::detail
