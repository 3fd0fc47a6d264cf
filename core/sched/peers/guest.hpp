// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/record.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/base/node_id.hpp"

namespace torc::sched {

class peers;

/// A task of another node. It is kept as the bytes that came until it runs, so that it can be handed on as they are;
/// then the arguments are decoded on the stack of its body, and the result is encoded when the body returns.
struct guest_record final : detail::record {
  /// Of one so large the other nodes hear as soon as its body begins, because it takes much of what they may send.
  static constexpr std::size_t large_bytes = std::size_t{16} << 10U;

  /// All that came, inside the record's own block or in `buffer`; the function and its arguments are its end.
  std::span<const std::byte> bytes;
  std::span<const std::byte> encoded;
  std::vector<std::byte> buffer;
  std::vector<std::byte> result;
  const detail::task_codec* codec = nullptr;
  class peers* peers = nullptr;
  base::node_id home{0};
  std::uint64_t name = 0;                 ///< among the guests of this node
  std::vector<std::string> limits_above;  ///< of tasks above it on other nodes
  bool has_begun = false;                 ///< and its home was told

 private:
  friend guest_record& make_guest(const detail::task_codec&, std::span<const std::byte>, std::size_t,
                                  std::vector<std::byte>*);
  using record::record;
};

/// A record that holds a copy of the bytes, or what `buffer`, if given, holds, which they must be. Function and
/// arguments begin at `offset`.
guest_record& make_guest(const detail::task_codec& codec, std::span<const std::byte> bytes, std::size_t offset,
                         std::vector<std::byte>* buffer);

inline guest_record& guest_of(detail::record& task) noexcept { return static_cast<guest_record&>(task); }

}  // namespace torc::sched
