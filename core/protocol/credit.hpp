// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "core/protocol/backlog.hpp"

namespace torc::protocol {

/// The next task of a line, encoded so that it is known how much credit it takes. It is away as far as its home is
/// concerned, and its home holds it.
struct packed_task {
  waiting_task task;
  std::uint64_t name = 0;
  std::vector<std::byte> bytes;
};

/// So many tasks of a lane are encoded at a time: those behind one that takes long go on, and no more are encoded than
/// are soon sent.
inline constexpr std::size_t most_prepared = 8;

/// Tasks of one level for one receiver, first in, first out; but those that take long to be encoded are passed.
struct lane {
  backlog tasks;                        ///< behind the others
  std::vector<waiting_task> preparing;  ///< being encoded; few, see most_prepared
  backlog ready;                        ///< that is over; behind `head`
  std::deque<packed_task> packed;       ///< behind `head`, before `ready`: were encoded in another lane
  std::optional<packed_task> head;
  /// The task for which the receiver was asked for credit, until it is sent; 0 for none. It need not be `head` any
  /// more.
  std::uint64_t asked_for = 0;

  std::size_t num_waiting() const noexcept {
    return (head ? 1 : 0) + packed.size() + ready.size() + preparing.size() + tasks.size();
  }
  bool is_empty() const noexcept { return num_waiting() == 0; }
};

/// What this node may still send to another one, and what waits for that. The receiver's side is `budget`.
struct credit {
  std::int64_t left_bytes = 0;
  bool has_ever_asked = false;
  lane inner;
  lane inner_with_slot;
  lane outer;

  /// In the order in which they are sent.
  std::array<lane*, 3> lanes() noexcept { return {&inner, &inner_with_slot, &outer}; }
  std::array<const lane*, 3> lanes() const noexcept { return {&inner, &inner_with_slot, &outer}; }
  bool has_waiting() const noexcept { return is_occupied_up_to(outer); }
  /// Whether anything waits that goes before what joins the lane now.
  bool is_occupied_up_to(const lane& joined) const noexcept {
    for (const lane* each : lanes()) {
      if (!each->is_empty()) return true;
      if (each == &joined) break;
    }
    return false;
  }
  lane& lane_of(std::uint8_t flags) noexcept {
    if ((flags & message_flags::inner) == 0) return outer;
    return (flags & message_flags::slotted) != 0 ? inner_with_slot : inner;
  }
};

}  // namespace torc::protocol
