// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "core/sched/device/device.hpp"

namespace torc::sched {

/// A block of a slot's memory.
struct scratch_block {
  void* memory = nullptr;
  std::size_t size_bytes = 0;
};

/// Blocks of one slot that no task has. They go back to the device only with the slot, because freeing may wait for all
/// that the process runs. By the slot's user only.
class scratch_pool {
 public:
  scratch_pool(device& of, int slot) noexcept : m_device(of), m_slot(slot) {}
  scratch_pool(const scratch_pool&) = delete;
  scratch_pool& operator=(const scratch_pool&) = delete;
  ~scratch_pool();

  /// The smallest that is large enough, or a new one. Throws device_error.
  scratch_block take(slot_memory kind, std::size_t least_bytes);
  void put_back(slot_memory kind, scratch_block block);

 private:
  device& m_device;
  const int m_slot;
  std::array<std::vector<scratch_block>, 2> m_free;  ///< by kind
  std::array<std::size_t, 2> m_made{};               ///< blocks, by kind
};

/// The memory of one task: pieces of blocks, all given back together.
class scratch {
 public:
  /// Aligned to 256 bytes, as coalesced access wants it. Throws device_error.
  void* allocate(scratch_pool& from, slot_memory kind, std::size_t size_bytes);
  void give_back(scratch_pool& to);

 private:
  struct piece {
    scratch_block block;
    std::size_t used_bytes = 0;
  };
  std::array<std::vector<piece>, 2> m_pieces;  ///< by kind
};

}  // namespace torc::sched
