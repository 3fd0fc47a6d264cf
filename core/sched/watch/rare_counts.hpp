// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <atomic>
#include <cstdint>

namespace torc::sched {

/// What any thread may count of the tasks of a node, because it happens seldom or costs more than counting anyway.
/// Tasks count where they were submitted, wherever they run, with one exception: a guest that its node cannot take
/// counts as unbegun there, where its body would have counted, and as failed at home.
struct rare_counts {
  std::atomic<std::uint64_t> failed{0};   ///< tasks whose future has ended with a failure, or has one in its value
  std::atomic<std::uint64_t> overdue{0};  ///< bodies that run though their timeout has passed, where they run
  std::atomic<std::uint64_t> unbegun{
      0};  ///< tasks that are over though no body has begun: cancelled, or could not leave
  std::atomic<std::int64_t> expected{0};  ///< tasks that maps will submit, as far as they know
};

}  // namespace torc::sched
