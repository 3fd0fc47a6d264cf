// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/map_operation.hpp>
#include <torc/detail/travel.hpp>
#include <torc/seconds.hpp>
#include <torc/submit.hpp>
#include <torc/task_options.hpp>

#include <cstddef>
#include <optional>
#include <ranges>
#include <string>
#include <type_traits>
#include <utility>

namespace torc {

/// How map makes tasks of a range, and how these are to be run: `map({.chunksize = 32, .priority = 2.0}, f, range)`.
/// What stands behind `chunksize` is as in task_options, and is for each task with all of its elements: so all of them
/// are run again when one has thrown and there are retries left, and the time of a time-out is theirs together.
struct map_options {
  /// Elements per task, at least 1: more make less overhead, fewer balance better.
  std::size_t chunksize = 1;
  int worker = -1;
  bool pinned = false;
  std::string name = {};
  std::optional<double> priority = {};
  int retries = 0;
  seconds timeout = {};
  int cores = 1;
  limit_units limit = {};
};

namespace detail {

[[noreturn]] void throw_bad_chunksize();
/// None if all are as they are by default.
std::optional<task_options> task_options_of(const map_options& options);

template <class F, class... Ranges>
auto map_ranges(record* scope, const map_options& options, F&& f, Ranges&... ranges) {
  using function = std::decay_t<F>;
  using given = call_traits<function, std::ranges::range_reference_t<Ranges&>...>;
  using task = task_of<function, typename given::parameters, typename given::stored>;
  constexpr std::uint16_t flags = task::check();
  constexpr bool is_assignable =
      std::is_void_v<typename task::result> || std::is_move_assignable_v<std::decay_t<typename task::result>>;
  static_assert(is_assignable, "torc: map collects results in a vector: they must be assignable");
  if constexpr (!task::is_accepted || !is_assignable) {
    return refused();
  } else {
    if (options.chunksize == 0) throw_bad_chunksize();
    if constexpr (!task::can_retry) {
      if (options.retries != 0) throw_retries_need_copies();
    }
    const std::optional<task_options> of_tasks = task_options_of(options);
    map_operation<task::travels, function, typename given::parameters, typename task::result, typename given::stored,
                  Ranges...>
    operation(scope, flags, std::forward<F>(f), options.chunksize, of_tasks ? &*of_tasks : nullptr, ranges...);
    return operation.run();
  }
}

template <class F, class... Ranges>
auto map_below(record* scope, const map_options& options, F&& f, Ranges&&... ranges) {
  constexpr bool has_ranges = sizeof...(Ranges) > 0 && (std::ranges::input_range<Ranges> && ...);
  static_assert(has_ranges, "torc: map takes ranges after its function, such as a vector or a view: map(f, range)");
  if constexpr (!has_ranges) {
    return refused();
  } else if constexpr (call_check_of<std::decay_t<F>, std::ranges::range_reference_t<Ranges>...>::is_callable) {
    return map_ranges(scope, options, std::forward<F>(f), ranges...);
  } else {
    return refused();
  }
}

template <class Space, class F, class... Ranges>
auto map_below(record* scope, const map_options& options, const space_tag<Space>& space, F&& f, Ranges&&... ranges) {
  return map_below(scope, options, space(std::forward<F>(f)), std::forward<Ranges>(ranges)...);
}

}  // namespace detail

/// `f` of the elements of one or more ranges, as tasks: the results in input order (nothing for void). The shortest
/// range ends it. Ranges may be of unknown length and single pass; they are read as results come in, by whichever
/// thread completes an element, one at a time and in the name of the calling task: task_rng() and submissions there are
/// its own. Reading may not wait for tasks. Rethrows the first failure in input order after all others have ended.
/// **Blocking**: suspends the calling task.
template <class F, class... Ranges>
requires(!std::is_same_v<std::decay_t<F>, map_options>) auto map(F&& f, Ranges&&... ranges) {
  return detail::map_below(nullptr, {}, std::forward<F>(f), std::forward<Ranges>(ranges)...);
}
/// The same with options: `map({.chunksize = 32}, f, range)`. Throws what submit would throw for them, and
/// std::invalid_argument for a chunksize of 0. At a timeout the body may go on when map has thrown.
template <class F, class... Ranges>
auto map(const map_options& options, F&& f, Ranges&&... ranges) {
  return detail::map_below(nullptr, options, std::forward<F>(f), std::forward<Ranges>(ranges)...);
}

template <detail::sentence Why = detail::has_no_type>
detail::wrap_an_overloaded_function_in_a_lambda map(...) = delete;
template <detail::sentence Why = detail::has_no_type>
detail::wrap_an_overloaded_function_in_a_lambda map(const map_options&, ...) = delete;

}  // namespace torc
