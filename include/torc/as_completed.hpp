// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/entry.hpp>
#include <torc/time_span.hpp>
#include <torc/wait.hpp>

#include <iterator>
#include <memory>
#include <optional>
#include <ranges>
#include <utility>
#include <vector>

namespace torc {

/// The range that as_completed returns: single pass, move-only.
template <class Future>
class completion_range {
 public:
  class iterator {
   public:
    using value_type = Future;
    using difference_type = std::ptrdiff_t;
    explicit iterator(completion_range& range) : m_range(&range) { ++*this; }
    Future& operator*() const { return m_range->m_futures[*m_index]; }
    iterator& operator++() {
      m_index = m_range->m_completions->next(m_range->m_until, m_range->m_timeout);
      return *this;
    }
    void operator++(int) { ++*this; }
    bool operator==(std::default_sentinel_t) const { return !m_index.has_value(); }

   private:
    completion_range* m_range;
    std::optional<std::size_t> m_index;
  };

  completion_range(std::vector<Future> futures, time_span timeout)
      : m_futures(std::move(futures)),
        m_completions(std::make_unique<detail::completions>(detail::records_of(m_futures, "as_completed"))),
        m_timeout(timeout),
        m_until(detail::deadline_after(timeout, "as_completed")) {}

  /// Suspends until the first future is done.
  iterator begin() { return iterator(*this); }
  std::default_sentinel_t end() const noexcept { return {}; }

 private:
  std::vector<Future> m_futures;
  std::unique_ptr<detail::completions> m_completions;
  time_span m_timeout;
  detail::deadline m_until;
};

/// Yields each of the futures once, as it completes, the first as soon as it has: `for (auto& f :
/// torc::as_completed(futures)) …`. Throws timeout_error when the next one is not there `timeout` after this call,
/// std::invalid_argument for NaN. **Blocking** between elements, as wait().
template <std::ranges::forward_range Futures>
auto as_completed(const Futures& futures, time_span timeout = forever) {
  using future_type = std::ranges::range_value_t<Futures>;
  std::vector<future_type> copies;
  for (const auto& f : futures) copies.push_back(f);
  return completion_range<future_type>(std::move(copies), timeout);
}

}  // namespace torc
