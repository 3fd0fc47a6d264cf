// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>

namespace torc::base {

/// Those who wait for units of something of which there are so many, and who is next: the greatest priority, among
/// equal ones whoever asked first. Nobody is passed by somebody who wants fewer units, so each gets its turn once those
/// before it have given theirs back. Whoever wants more than a capacity that was made smaller gets all of it instead.
/// Not thread-safe.
template <class Ticket>
class unit_line {
 public:
  struct grant {
    Ticket to;
    std::int64_t units;
  };

  /// What is in use beyond a smaller one is left to end.
  void set_capacity(std::int64_t units) noexcept { m_capacity = units; }
  std::int64_t capacity() const noexcept { return m_capacity; }
  std::int64_t in_use() const noexcept { return m_in_use; }
  std::size_t num_waiting() const noexcept { return m_waiting.size(); }
  /// Whether somebody waits, or would if it wanted as many as anybody has wanted so far.
  bool may_be_used_up() const noexcept {
    return !m_waiting.empty() || (m_in_use > 0 && m_in_use + m_most > m_capacity);
  }

  void ask(Ticket who, std::int64_t units, double priority = 0) {
    m_most = std::max(m_most, units);
    m_waiting.emplace(std::pair{-priority, m_arrivals++}, grant{std::move(who), units});
  }
  void give_back(std::int64_t units) noexcept { m_in_use -= units; }

  /// The first in line with its units, if there are enough for it. To be called until there are not, after each change.
  std::optional<grant> next() {
    if (m_waiting.empty()) return std::nullopt;
    const auto first = m_waiting.begin();
    const std::int64_t units = std::min(first->second.units, m_capacity);
    if (units > m_capacity - m_in_use) return std::nullopt;
    grant granted{std::move(first->second.to), units};
    m_waiting.erase(first);
    m_in_use += units;
    return granted;
  }

  /// Calls the function for those that wait, the next one first; for at most so many.
  template <class Function>
  void for_first(std::size_t most, Function function) const {
    for (auto next = m_waiting.begin(); next != m_waiting.end() && most > 0; ++next, --most) function(next->second.to);
  }
  const Ticket* first() const noexcept { return m_waiting.empty() ? nullptr : &m_waiting.begin()->second.to; }
  /// The first in line leaves it without any.
  std::optional<Ticket> dismiss() {
    if (m_waiting.empty()) return std::nullopt;
    Ticket first = std::move(m_waiting.begin()->second.to);
    m_waiting.erase(m_waiting.begin());
    return first;
  }
  /// So do all for whom this is true; who is behind them may be next then.
  template <class Predicate>
  void dismiss_if(Predicate is_to_leave) {
    std::erase_if(m_waiting, [&](const auto& waiting) { return is_to_leave(waiting.second.to); });
  }

 private:
  std::int64_t m_capacity = 0;
  std::int64_t m_in_use = 0;
  std::int64_t m_most = 0;  ///< that anybody has asked for
  std::uint64_t m_arrivals = 0;
  std::map<std::pair<double, std::uint64_t>, grant> m_waiting;
};

}  // namespace torc::base
