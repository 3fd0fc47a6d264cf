// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/submit.hpp>

#include <type_traits>
#include <utility>
#include <vector>

namespace torc {

/// Runs `f(args...)` on every node's worker 0 and returns one value per node, in node order (nothing for void). Bodies
/// start as each worker 0 becomes free, before anything else that it could begin. One at a time; inside another one it
/// throws torc::error. Rethrows the first failure in node order. **Blocking**: suspends the calling task.
template <class F, class... Args>
auto spmd(F&& f, Args&&... args) {
  using task = detail::submitted<std::decay_t<F>, Args...>;
  using result = typename task::result;
  constexpr std::uint16_t flags = task::check() | detail::record_flags::in_spmd | detail::record_flags::never_inline;
  auto [made, parent] =
      detail::make_task<typename task::record_type>(flags, std::forward<F>(f), std::forward<Args>(args)...);
  detail::queue_or_unmake(*made, [body = made, owner = parent] { detail::run_spmd(*body, *owner); });
  auto future = detail::future_access::adopt<typename task::future_type>(*made);
  if constexpr (std::is_void_v<result>) {
    future.result();
  } else {
    std::vector<std::decay_t<result>> values;
    values.push_back(std::move(future).result());
    return values;
  }
}

}  // namespace torc
