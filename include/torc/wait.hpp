// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/entry.hpp>
#include <torc/future.hpp>
#include <torc/time_span.hpp>

#include <ranges>
#include <utility>
#include <vector>

namespace torc {

/// What wait on futures returns: each input in one of the two, in input order.
template <class Future>
struct wait_result {
  std::vector<Future> done;
  std::vector<Future> not_done;
};

/// Waits until all children of the calling task have completed, their callbacks and continuations included. Does not
/// throw for a child that failed: ask its future. **Blocking**: suspends the task and frees its worker. Throws
/// torc::error outside a task.
inline void wait() { detail::wait_children(); }

namespace detail {

template <class Futures>
std::vector<record*> records_of(const Futures& futures, const char* where) {
  std::vector<record*> records;
  if constexpr (std::ranges::sized_range<const Futures>)
    records.reserve(static_cast<std::size_t>(std::ranges::size(futures)));
  for (const auto& f : futures) {
    record* task = future_access::record_of(f);
    if (task == nullptr) throw_invalid_future(where);
    records.push_back(task);
  }
  return records;
}

}  // namespace detail

/// Waits for the listed futures only: until all have ended, one has, or one has failed, or the timeout. For the first
/// of hundreds it goes on collecting for as long as the call has taken so far, so that a loop over those which are left
/// does not take the square of their number. **Blocking** as wait(). With a timeout of 0 or less, as every call that
/// waits with no time left, it lets its worker run at most one ready or queued task up to its next wait or end, so that
/// polling goes on. Throws std::invalid_argument for NaN.
template <std::ranges::forward_range Futures>
auto wait(const Futures& futures, time_span timeout = forever, return_when when = all_completed) {
  using future_type = std::ranges::range_value_t<Futures>;
  detail::wait_list(detail::records_of(futures, "wait"), detail::deadline_after(timeout, "wait"), when);
  wait_result<future_type> result;
  for (const auto& f : futures) (f.done() ? result.done : result.not_done).push_back(f);
  return result;
}
/// The same without a timeout.
template <std::ranges::forward_range Futures>
auto wait(const Futures& futures, return_when when) {
  return wait(futures, forever, when);
}

}  // namespace torc
