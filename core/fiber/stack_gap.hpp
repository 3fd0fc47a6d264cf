// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstddef>
#include <string>

namespace torc::fiber {

/// How much address space lies below each stack. A gap traps, and nothing else lies in it: a frame that is larger than
/// what its stack has left, and no larger than the gap, ends in the gap and not in another stack.
struct stack_gaps {
  static constexpr std::size_t narrow_bytes = std::size_t{64} << 10U;
  /// A frame of 64 MiB fits, with what it calls. All of them take 1 TiB of address space, of 128.
  static constexpr std::size_t wide_bytes = (std::size_t{64} << 20U) + narrow_bytes;

  std::size_t num_wide = 0;      ///< stacks above wide gaps at a time; all others lie above narrow ones
  std::size_t num_trapping = 0;  ///< gaps that trap at a time, wide ones included
  std::string why_narrow = {};   ///< why there are no wide gaps, if there are none

  /// What the limits of this process allow.
  static stack_gaps of_process();

  /// For the census, such as "a gap of 64 MiB below each of the first 16000 at a time, of 64 KiB below others".
  [[nodiscard]] std::string describe() const;
};

}  // namespace torc::fiber
