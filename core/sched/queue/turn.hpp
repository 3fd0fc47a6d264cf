// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/record.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>

#include "core/task/extras.hpp"

/// In which order a node begins tasks. What is below a begun task other than the primary task goes first, so that few
/// are open at one time: such a task holds its arguments, its stack and what its body has allocated until all below it
/// is over. Priority decides only between tasks of the same rank.
namespace torc::sched {

enum class rank : std::uint8_t {
  below,  ///< below a begun task other than the primary one; newest first, which closes the innermost soonest
  rest    ///< the primary task's own; first in, first out
};

inline rank rank_of(const detail::record& task) noexcept {
  return (task.flags & detail::record_flags::of_primary) != 0 ? rank::rest : rank::below;
}

/// That of the parent's children.
inline rank rank_below(const detail::record& parent) noexcept {
  return (parent.flags & detail::record_flags::primary) != 0 ? rank::rest : rank::below;
}

/// Less than every priority that can be given.
inline constexpr double no_priority = -std::numeric_limits<double>::infinity();

/// The one that it was given, else its parent's.
inline double priority_of(const detail::record& task) noexcept {
  return (task.flags & detail::record_flags::prioritised) != 0 ? task.extras->priority : no_priority;
}

/// Before the task is queued.
inline void set_priority(detail::record& task, double priority) {
  task::extras_of(task).priority = std::max(priority, std::numeric_limits<double>::lowest());
  task.flags |= detail::record_flags::prioritised;
}

/// When a queued task is begun: the smaller comes first.
struct turn {
  rank of = rank::rest;
  double priority = no_priority;
  std::uint64_t arrival = 0;  ///< its number among what was queued

  friend bool operator<(const turn& a, const turn& b) noexcept {
    if (a.of != b.of) return a.of < b.of;
    if (a.priority != b.priority) return a.priority > b.priority;
    return a.of == rank::below ? a.arrival > b.arrival : a.arrival < b.arrival;
  }
};

inline turn turn_of(const detail::record& task, std::uint64_t arrival) noexcept {
  return {rank_of(task), priority_of(task), arrival};
}

}  // namespace torc::sched
