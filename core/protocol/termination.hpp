// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstdint>

namespace torc::protocol {

/// Sums of messages sent and received.
struct tally_sums {
  std::uint64_t sent = 0;
  std::uint64_t received = 0;
  friend bool operator==(const tally_sums&, const tally_sums&) = default;
};

/// How a job finds that no message is under way any more: node 0 lets all count, along the tree, until two rounds one
/// after the other give the same sums with as many received as sent (Mattern 1987, doi:10.1007/BF01782776: four
/// counters). The messages of the counting itself are not counted.
///
/// Why two: a round's counts are taken at different times, so a message sent behind one count and received before
/// another may hide one that is under way. If the second round, which begins after the first has ended, finds the same
/// sums, then nothing was sent or received between the two counts of any node, and the sums of the first are those of
/// one moment between the rounds.
struct termination {
  bool is_shutting_down = false;
  bool is_drained = false;   ///< nothing that was submitted here is left
  bool is_counting = false;  ///< asked to count and not answered yet
  bool has_ended = false;
  int missing_children = 0;  ///< that have not sent their sums in this round
  tally_sums below;          ///< of those that have
  tally_sums last;           ///< node 0: of the round before
  bool has_last = false;
};

}  // namespace torc::protocol
