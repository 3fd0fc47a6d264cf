// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/call_check.hpp>
#include <torc/detail/codec.hpp>
#include <torc/detail/make_task.hpp>
#include <torc/detail/order_check.hpp>
#include <torc/detail/sentence.hpp>
#include <torc/detail/transferable.hpp>
#include <torc/future.hpp>
#include <torc/task_options.hpp>

#include <type_traits>
#include <utility>

namespace torc::detail {

template <class F, class Parameters, class Stored>
struct task_of;
template <class F, class Parameters, class... A>
struct task_of<F, Parameters, type_list<A...>> {
  using result = result_of<F, Parameters, A...>;
  using future_type = future<result(A...)>;
  static constexpr bool is_transferable = is_task_transferable<F, result, A...>();
  using record_type = task_record<is_transferable, F, Parameters, result, A...>;
  /// Whether check() has nothing to refuse.
  static constexpr bool is_accepted = is_transferable || is_local<F>::value;
  static constexpr bool can_retry = (std::is_copy_constructible_v<A> && ...);

  static constexpr std::uint16_t check() {
    if constexpr (is_local<F>::value) {
      return record_flags::home_bound;
    } else {
      check_function<F>();
      (check_argument<A>(), ...);
      check_result<result>();
      return 0;
    }
  }
};

[[noreturn]] void throw_retries_need_copies();

/// The task type of submit(F, Given...).
template <class F, class... Given>
using submitted = task_of<F, typename call_traits<F, Given...>::parameters, typename call_traits<F, Given...>::stored>;

/// A child of the calling task, or of `scope` if there is one.
template <class Task, class F, class... Given>
typename Task::future_type submit_task(record* scope, const task_options* options, F&& f, Given&&... given) {
  constexpr std::uint16_t flags = Task::check();
  if constexpr (Task::is_accepted) {
    if constexpr (!Task::can_retry) {
      if (options != nullptr && options->retries > 0) throw_retries_need_copies();
    }
    auto [task, parent] =
        make_task<typename Task::record_type>(flags, std::forward<F>(f), std::forward<Given>(given)...);
    if (scope != nullptr) parent = scope;
    queue_or_unmake(*task, [options, made = task, owner = parent] {
      if constexpr (runs_on_device<std::decay_t<F>>) {
        require_space(*made, std::decay_t<F>::request());
        enqueue_with_options(*made, owner, options);
      } else {
        enqueue(*made, owner, options);
      }
    });
    return future_access::adopt<typename Task::future_type>(*task);
  } else {
    return {};
  }
}

template <class F, class... Args>
auto submit_below(record* scope, const task_options* options, F&& f, Args&&... args) {
  if constexpr (call_check_of<std::decay_t<F>, Args...>::is_callable) {
    return submit_task<submitted<std::decay_t<F>, Args...>>(scope, options, std::forward<F>(f),
                                                            std::forward<Args>(args)...);
  } else {
    return refused();
  }
}
template <class Space, class F, class... Args>
auto submit_below(record* scope, const task_options* options, const space_tag<Space>& space, F&& f, Args&&... args) {
  return submit_below(scope, options, space(std::forward<F>(f)), std::forward<Args>(args)...);
}

}  // namespace torc::detail

namespace torc {

/// Submits `f(args...)` as a task and returns its future at once. The arguments are converted to f's parameter types
/// and copied (moved if they cannot be copied); the body gets a copy or const access, so a parameter that is a
/// non-const reference to what can be copied does not compile. `f` is a function pointer, a captureless lambda, a
/// function object with a cereal serialize, or anything in torc::local. A child of the calling task, which completes
/// only after it. Throws torc::error outside a session, std::out_of_range for a worker that does not exist, and what
/// copying the arguments throws. Never blocks. Thread-safe.
template <class F, class... Args>
requires(!std::is_same_v<std::decay_t<F>, task_options>) auto submit(F&& f, Args&&... args) {
  return detail::submit_below(nullptr, nullptr, std::forward<F>(f), std::forward<Args>(args)...);
}

/// The same with options: `submit({.worker = 5, .name = "likelihood"}, f, x)`.
template <class F, class... Args>
auto submit(const task_options& options, F&& f, Args&&... args) {
  return detail::submit_below(nullptr, &options, std::forward<F>(f), std::forward<Args>(args)...);
}

template <detail::follows_options Mark, detail::sentence Why = detail::order_of_submit>
detail::options_stand_first_then_as_expected_then_on_device submit(const Mark&, const task_options&, ...) = delete;
template <detail::sentence Why = detail::has_no_type>
detail::check_the_options_or_wrap_an_overloaded_function_in_a_lambda submit(...) = delete;
template <detail::sentence Why = detail::has_no_type>
detail::check_the_options_or_wrap_an_overloaded_function_in_a_lambda submit(const task_options&, ...) = delete;

}  // namespace torc
