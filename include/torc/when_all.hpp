// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/make_task.hpp>
#include <torc/future.hpp>
#include <torc/wait.hpp>

#include <array>
#include <concepts>
#include <ranges>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace torc {
namespace detail {

template <class R>
using value_or_monostate = std::conditional_t<std::is_void_v<R>, std::monostate, std::decay_t<R>>;

template <class Future>
auto value_of(const Future& f) -> value_or_monostate<typename Future::value_type> {
  using R = typename Future::value_type;
  if constexpr (std::is_void_v<R>) {
    f.result();
    return {};
  } else {
    static_assert(std::is_copy_constructible_v<std::decay_t<R>>,
                  "torc: when_all copies the values: they must be copyable");
    return f.result();
  }
}

template <class Body>
auto submit_when_done(Body body, std::span<record* const> sources) {
  using record_type = home_task<Body>;
  using result_type = result_of<Body, type_list<>>;
  check_session(sources, "when_all");
  auto* const task = make_task<record_type>(record_flags::home_bound, std::move(body)).task;
  queue_or_unmake(*task, [&] {
    name_when_all(*task, sources.size());
    enqueue_after(*task, sources, "when_all", numbering::below_caller);
  });
  return future_access::adopt<future<result_type>>(*task);
}

}  // namespace detail

/// One future of several: a tuple of their values once all have ended (std::monostate for void), or the first failure
/// in argument order.
template <std::derived_from<detail::future_base>... Future>
auto when_all(const Future&... futures) {
  const std::array<detail::record*, sizeof...(Future)> records{detail::future_access::record_of(futures)...};
  for (auto* task : records) {
    if (task == nullptr) detail::throw_invalid_future("when_all");
  }
  return detail::submit_when_done(
      [sources = std::tuple<Future...>(futures...)]() mutable {
        const auto held = std::move(sources);  // given up with the call, as in future::then
        return std::apply(
            [](const auto&... f) { return std::tuple<decltype(detail::value_of(f))...>{detail::value_of(f)...}; },
            held);
      },
      records);
}

/// The same for a range of futures: a vector of their values in input order.
template <std::ranges::forward_range Futures>
auto when_all(const Futures& futures) {
  using result_type = typename std::ranges::range_value_t<Futures>::value_type;
  std::vector<future<result_type>> sources;
  for (const auto& f : futures) sources.push_back(f);
  const auto records = detail::records_of(sources, "when_all");
  return detail::submit_when_done(
      [kept = std::move(sources)]() mutable {
        const auto held = std::move(kept);
        std::vector<detail::value_or_monostate<result_type>> values;
        values.reserve(held.size());
        for (const auto& f : held) values.push_back(detail::value_of(f));
        return values;
      },
      records);
}

}  // namespace torc
