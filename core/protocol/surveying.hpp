// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstdint>

namespace torc::protocol {

/// How far one node is, or several together. A task counts as created where it was submitted, and as begun and ended
/// where its body was; so only the sums over all nodes belong together.
struct job_counts {
  std::uint64_t created = 0;
  std::uint64_t begun = 0;     ///< bodies
  std::uint64_t ended = 0;     ///< likewise
  std::uint64_t unbegun = 0;   ///< tasks that are over without one, but those that a stop has ended
  std::uint64_t failed = 0;    ///< tasks whose future has a failure, or has some in its value
  std::uint64_t expected = 0;  ///< tasks that are known to be created yet
  std::uint64_t overdue = 0;   ///< bodies that run though their future has failed: their timeout has passed

  job_counts& operator+=(const job_counts& other) noexcept {
    created += other.created;
    begun += other.begun;
    ended += other.ended;
    unbegun += other.unbegun;
    failed += other.failed;
    expected += other.expected;
    overdue += other.overdue;
    return *this;
  }
  friend bool operator==(const job_counts&, const job_counts&) = default;
};

/// A node's part in a survey: node 0 asks along the tree how far all are, and each answers for itself and all below it
/// once these have answered. An answer is sent on while a message is received, so that the end of the session, which
/// counts messages (see termination.hpp), waits for a survey that is under way.
struct surveying {
  bool is_open = false;
  int missing_children = 0;  ///< that have not answered
  job_counts below;          ///< of those that have
};

}  // namespace torc::protocol
