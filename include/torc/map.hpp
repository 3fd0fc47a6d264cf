// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/call_check.hpp>
#include <torc/detail/constant.hpp>
#include <torc/detail/map_operation.hpp>
#include <torc/detail/order_check.hpp>
#include <torc/detail/sentence.hpp>
#include <torc/detail/transferable.hpp>
#include <torc/expected.hpp>
#include <torc/same.hpp>
#include <torc/submit.hpp>
#include <torc/task_options.hpp>
#include <torc/time_span.hpp>

#include <cstddef>
#include <optional>
#include <ranges>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

namespace torc {

/// How map makes tasks of a range, and how these are to be run: `map({.chunksize = 32, .priority = 2.0}, f, range)`.
/// What stands behind `chunksize` is as in task_options. `retries` are for each element; everything else is for a task
/// with all of its elements, so the time of a time-out is theirs together, and at its end all of them have failed.
struct map_options {
  /// Elements per task, at least 1: more make less overhead, fewer balance better.
  std::size_t chunksize = 1;
  int worker = -1;
  bool pinned = false;
  std::string name = {};
  std::optional<double> priority = {};
  int retries = 0;
  time_span timeout = {};
  int cores = 1;
  limit_units limit = {};
};

namespace detail {

/// Those of the tasks; none if all are as they are by default. Retries are not among them: each element has its own.
/// Throws std::invalid_argument for a chunksize of 0 and for retries below 0.
std::optional<task_options> task_options_of(const map_options& options);

/// `ranges` are those that f is called with elements of.
template <bool KeepsFailures, class F, class... Ranges>
auto map_ranges(record* scope, const map_options& options, F&& f, Ranges&... ranges) {
  using function = std::decay_t<F>;
  using given = call_traits<function, std::ranges::range_reference_t<Ranges>...>;
  using task = task_of<function, typename given::parameters, typename given::stored>;
  using result = typename task::result;
  constexpr std::uint16_t flags = task::check();
  static_assert(!std::is_reference_v<result>, "torc: map collects results in a vector: return values, not references");
  constexpr bool is_assignable = std::is_void_v<result> || std::is_move_assignable_v<std::decay_t<result>>;
  static_assert(is_assignable, "torc: map collects results in a vector: they must be assignable");
  if constexpr (!task::is_accepted || !is_assignable || std::is_reference_v<result>) {
    return refused();
  } else {
    if constexpr (!task::can_retry) {
      if (options.retries > 0) throw_retries_need_copies();
    }
    using cell = std::conditional_t<KeepsFailures, expected<result>, map_cell<result>>;
    const std::optional<task_options> of_tasks = task_options_of(options);
    map_operation<task::is_transferable, function, typename given::parameters, result, cell, typename given::stored,
                  Ranges...>
    operation(scope, flags, std::forward<F>(f), options.chunksize, options.retries, of_tasks ? &*of_tasks : nullptr,
              ranges...);
    return operation.run();
  }
}

/// What f is called with.
template <class Arg>
struct element_of {
  using type = std::ranges::range_reference_t<Arg>;
};
template <class Arg>
requires is_same_value<std::decay_t<Arg>>
struct element_of<Arg> {
  using type = decltype(std::decay_t<Arg>::value);
};
template <class Arg>
using element_t = typename element_of<Arg>::type;

template <bool KeepsFailures = false, class F, class... Args>
auto map_below(record* scope, const map_options& options, F&& f, Args&&... args);

template <class T>
inline constexpr bool is_options = std::is_same_v<T, map_options> || std::is_same_v<T, task_options>;

/// `f` as the body of device tasks.
template <bool KeepsFailures, class Space, class F, class... Args>
auto map_on(record* scope, const map_options& options, const space_tag<Space>& space, F&& f, Args&&... args) {
  constexpr bool is_function = !std::is_same_v<std::decay_t<F>, as_expected_t> && !is_options<std::decay_t<F>>;
  static_assert(is_function,
                "torc: options stand first, then as_expected, then on_device: map({.retries = 2}, as_expected, "
                "on_device, f, range)");
  if constexpr (is_function) {
    return map_below<KeepsFailures>(scope, options, space(std::forward<F>(f)), std::forward<Args>(args)...);
  } else {
    return refused();
  }
}

/// A range as a tuple of a reference to it, else nothing.
template <class Arg>
auto range_of(Arg& arg) {
  if constexpr (is_same_value<std::remove_const_t<Arg>>) {
    return std::tuple<>();
  } else {
    return std::tuple<Arg&>(arg);
  }
}

/// `f` of elements of ranges and of constants; a space or as_expected may stand before it.
template <bool KeepsFailures, class F, class... Args>
auto map_below(record* scope, const map_options& options, F&& f, Args&&... args) {
  static_assert(!std::is_same_v<std::decay_t<F>, task_options>,
                "torc: map takes map_options, which have all options of tasks");
  static_assert(!std::is_same_v<std::decay_t<F>, map_options>,
                "torc: options stand first, then as_expected, then on_device: map({.retries = 2}, as_expected, "
                "on_device, f, range)");
  if constexpr (is_options<std::decay_t<F>>) {
    return refused();
  } else if constexpr (std::is_same_v<std::decay_t<F>, as_expected_t>) {
    static_assert(sizeof...(Args) > 0, "torc: map takes a function and ranges after as_expected");
    return map_below<true>(scope, options, std::forward<Args>(args)...);
  } else if constexpr (is_space_tag<std::decay_t<F>>) {
    return map_on<KeepsFailures>(scope, options, f, std::forward<Args>(args)...);
  } else {
    constexpr bool has_ranges = (!is_same_value<std::decay_t<Args>> || ...) &&
                                ((is_same_value<std::decay_t<Args>> || std::ranges::input_range<Args>)&&...);
    static_assert(has_ranges,
                  "torc: map takes ranges after its function, such as a vector or a view, and what is in torc::same: "
                  "map(f, range)");
    // One after the other, so that the first of them is the only one to complain.
    constexpr bool is_accepted = [] {
      if constexpr (has_ranges) {
        if constexpr (call_check_of<std::decay_t<F>, element_t<Args>...>::is_callable)
          return check_constants<std::decay_t<F>, Args...>();
      }
      return false;
    }();
    if constexpr (!is_accepted) {
      return refused();
    } else if constexpr ((is_same_value<std::decay_t<Args>> || ...)) {
      return std::apply(
          [&](auto&... ranges) {
            return map_ranges<KeepsFailures>(
                scope, options, bind_constants(std::forward<F>(f), std::forward<Args>(args)...), ranges...);
          },
          std::tuple_cat(range_of(args)...));
    } else {
      return map_ranges<KeepsFailures>(scope, options, std::forward<F>(f), args...);
    }
  }
}

}  // namespace detail

/// `f` of the elements of one or more ranges, as tasks: the results in input order (nothing for void). The shortest
/// range ends it. Ranges may be of unknown length and single pass; they are read as results come in, by whichever
/// thread completes an element, one at a time and in the name of the calling task: task_rng() and submissions there are
/// its own. Reading may not wait for tasks. Rethrows the first failure in input order after all others have ended.
/// **Blocking**: suspends the calling task.
///
/// `map(f, same(model), points)` calls `f(model, point)`, with one model for all. `map(as_expected, f, points)` gives
/// a vector of expected<R>, each with the value or the exception of its element, and throws only what reading the
/// ranges throws; an element that fails costs no other its value.
template <class F, class... Ranges>
requires(!std::is_same_v<std::decay_t<F>, map_options>) auto map(F&& f, Ranges&&... ranges) {
  return detail::map_below(nullptr, {}, std::forward<F>(f), std::forward<Ranges>(ranges)...);
}
/// The same with options, which stand first: `map({.chunksize = 32}, f, range)`, and with all that there is
/// `map({.chunksize = 32}, as_expected, on_device, f, range)`. Throws what submit would throw for them, and
/// std::invalid_argument for a chunksize of 0; that also with as_expected. At a timeout the body may go on when map has
/// thrown.
template <class F, class... Ranges>
auto map(const map_options& options, F&& f, Ranges&&... ranges) {
  return detail::map_below(nullptr, options, std::forward<F>(f), std::forward<Ranges>(ranges)...);
}

template <detail::follows_options Mark, detail::sentence Why = detail::order_of_map>
detail::options_stand_first_then_as_expected_then_on_device map(const Mark&, const map_options&, ...) = delete;
template <detail::follows_options Mark, detail::follows_options Next, detail::sentence Why = detail::order_of_map>
detail::options_stand_first_then_as_expected_then_on_device map(const Mark&, const Next&, const map_options&,
                                                                ...) = delete;
template <detail::sentence Why = detail::has_no_type>
detail::check_the_options_or_wrap_an_overloaded_function_in_a_lambda map(...) = delete;
template <detail::sentence Why = detail::has_no_type>
detail::check_the_options_or_wrap_an_overloaded_function_in_a_lambda map(const map_options&, ...) = delete;

}  // namespace torc
