// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/submit.hpp>

#include <exception>
#include <type_traits>
#include <utility>
#include <vector>

namespace torc {

namespace detail {

template <class Task, class F, class... Args>
auto run_spmd(F& f, Args&... args) {
  using result = typename Task::result;
  static_assert(!runs_on_device<std::decay_t<F>>, "torc: an spmd runs on workers, not on devices");
  static_assert(Task::can_retry, "torc: the arguments of an spmd are copied for each node: they must be copyable");
  constexpr std::uint16_t flags =
      Task::check() | record_flags::in_spmd | record_flags::spmd_body | record_flags::never_inline;
  spmd_turn turn((flags & record_flags::home_bound) != 0);
  std::vector<typename Task::future_type> bodies;
  for (int node = 0; node < turn.num_nodes(); ++node) {
    auto* const made = make_task<typename Task::record_type>(flags, f, args...).task;
    queue_or_unmake(*made, [&] { turn.add(*made); });
    bodies.push_back(future_access::adopt<typename Task::future_type>(*made));
  }
  turn.run();
  std::exception_ptr failure;
  for (const auto& body : bodies) {
    const std::exception_ptr own = body.exception();
    if (own && !failure) failure = own;
  }
  if (failure) std::rethrow_exception(failure);
  if constexpr (!std::is_void_v<result>) {
    std::vector<std::decay_t<result>> values;
    values.reserve(bodies.size());
    for (auto& body : bodies) values.push_back(std::move(body).result());
    return values;
  }
}

}  // namespace detail

/// Runs `f(args...)` on every node's worker 0 and returns one value per node, in node order (nothing for void). Bodies
/// start as each worker 0 becomes free, before anything else that it could begin, and cannot be stolen; MPI collectives
/// on torc::mpi_comm() are legal inside. One at a time, in an order that is the same on all nodes; inside another one,
/// in a device task and below one it throws torc::error. The arguments are copied for each node. Rethrows the first
/// failure in node order; if one body has failed and others do not return within `TORC_TEAM_GRACE`, the job ends with a
/// message. **Blocking**: suspends the calling task.
template <class F, class... Args>
auto spmd(F&& f, Args&&... args) {
  if constexpr (detail::call_check_of<std::decay_t<F>, Args...>::is_callable) {
    return detail::run_spmd<detail::submitted<std::decay_t<F>, Args...>>(f, args...);
  } else {
    return detail::refused();
  }
}

template <detail::sentence Why = detail::has_no_type>
detail::check_the_options_or_wrap_an_overloaded_function_in_a_lambda spmd(...) = delete;

}  // namespace torc
