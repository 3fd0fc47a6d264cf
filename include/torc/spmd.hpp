// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/submit.hpp>

#include <exception>
#include <type_traits>
#include <utility>
#include <vector>

namespace torc {

/// Runs `f(args...)` on every node's worker 0 and returns one value per node, in node order (nothing for void). Bodies
/// start as each worker 0 becomes free, before anything else that it could begin, and cannot be stolen; MPI collectives
/// on torc::mpi_comm() are legal inside. One at a time, in an order that is the same on all nodes; inside another one,
/// in a device task and below one it throws torc::error. The arguments are copied for each node. Rethrows the first
/// failure in node order; if one body has failed and others do not return within `TORC_TEAM_GRACE`, the job ends with a
/// message. **Blocking**: suspends the calling task.
template <class F, class... Args>
auto spmd(F&& f, Args&&... args) {
  using task = detail::submitted<std::decay_t<F>, Args...>;
  using result = typename task::result;
  static_assert(!detail::runs_on_device<std::decay_t<F>>, "torc: an spmd runs on workers, not on devices");
  static_assert(task::can_retry, "torc: the arguments of an spmd are copied for each node: they must be copyable");
  constexpr std::uint16_t flags = task::check() | detail::record_flags::in_spmd | detail::record_flags::spmd_body |
                                  detail::record_flags::never_inline;
  detail::spmd_turn turn((flags & detail::record_flags::home_bound) != 0);
  std::vector<typename task::future_type> bodies;
  for (int node = 0; node < turn.num_nodes(); ++node) {
    auto [made, parent] = detail::make_task<typename task::record_type>(flags, f, args...);
    detail::queue_or_unmake(*made, [&, body = made, owner = parent] { turn.add(*body, *owner); });
    bodies.push_back(detail::future_access::adopt<typename task::future_type>(*made));
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

}  // namespace torc
