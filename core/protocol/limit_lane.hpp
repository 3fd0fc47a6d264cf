// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "core/protocol/credit.hpp"
#include "core/protocol/limit_places.hpp"

namespace torc::protocol {

/// Tasks with one limit that wait at home for places of one receiver, the inner ones first. The receiver's side is
/// `limit_places`.
struct limit_lane {
  lane inner;
  lane outer;
  std::uint64_t num_asked = 0;   ///< places that are still to come
  std::uint64_t num_places = 0;  ///< that have come, for tasks which are being encoded

  lane& lane_of(std::uint8_t flags) noexcept { return (flags & message_flags::inner) != 0 ? inner : outer; }
  std::size_t num_waiting() const noexcept { return inner.num_waiting() + outer.num_waiting(); }
  bool is_idle() const noexcept { return num_waiting() == 0 && num_asked == 0 && num_places == 0; }
  /// Places to ask for now, which count as asked from now on.
  std::uint64_t take_request() noexcept {
    const std::uint64_t most = std::min<std::uint64_t>(num_waiting(), limit_places::most_asked);
    const std::uint64_t requested = most - std::min(most, num_asked + num_places);
    num_asked += requested;
    return requested;
  }
  /// Places for which there is no task any more.
  std::uint64_t take_surplus() noexcept {
    const std::uint64_t left_over = num_places - std::min<std::uint64_t>(num_places, num_waiting());
    num_places -= left_over;
    return left_over;
  }
};

}  // namespace torc::protocol
