// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/sched/device/scratch.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <string>

namespace torc::sched {
namespace {

constexpr std::size_t alignment_bytes = 256;
constexpr std::size_t least_block_bytes = std::size_t{64} << 10U;

std::size_t index_of(slot_memory kind) noexcept { return static_cast<std::size_t>(kind); }

/// Beginning of the next aligned piece behind `used_bytes` of a block.
std::size_t next_offset(const scratch_block& block, std::size_t used_bytes) noexcept {
  const auto begin = reinterpret_cast<std::uintptr_t>(block.memory);
  return ((begin + used_bytes + alignment_bytes - 1) & ~(alignment_bytes - 1)) - begin;
}

}  // namespace

scratch_pool::~scratch_pool() {
  for (const slot_memory kind : {slot_memory::device, slot_memory::host}) {
    for (const scratch_block& block : m_free[index_of(kind)]) m_device.deallocate(m_slot, kind, block.memory);
  }
}

scratch_block scratch_pool::take(slot_memory kind, std::size_t least_bytes) {
  auto& free = m_free[index_of(kind)];
  auto best = free.end();
  for (auto block = free.begin(); block != free.end(); ++block) {
    if (block->size_bytes >= least_bytes && (best == free.end() || block->size_bytes < best->size_bytes)) best = block;
  }
  if (best != free.end()) {
    const scratch_block found = *best;
    free.erase(best);
    return found;
  }
  free.reserve(++m_made[index_of(kind)]);  // so that giving all of them back cannot fail
  return {m_device.allocate(m_slot, kind, least_bytes), least_bytes};
}

void scratch_pool::put_back(slot_memory kind, scratch_block block) { m_free[index_of(kind)].push_back(block); }

void* scratch::allocate(scratch_pool& from, slot_memory kind, std::size_t size_bytes) {
  auto& pieces = m_pieces[index_of(kind)];
  if (!pieces.empty()) {
    piece& last = pieces.back();
    const std::size_t offset = next_offset(last.block, last.used_bytes);
    if (offset <= last.block.size_bytes && size_bytes <= last.block.size_bytes - offset) {
      last.used_bytes = offset + size_bytes;
      return static_cast<std::byte*>(last.block.memory) + offset;
    }
  }
  if (size_bytes > SIZE_MAX / 4) throw device_error("scratch: " + std::to_string(size_bytes) + " bytes are too many");
  // Powers of two, so that a block that one task leaves suits the next.
  const std::size_t wanted = std::bit_ceil(std::max(size_bytes + alignment_bytes, least_block_bytes));
  pieces.reserve(pieces.size() + 1);
  pieces.push_back({from.take(kind, wanted), 0});
  piece& made = pieces.back();
  const std::size_t offset = next_offset(made.block, 0);
  made.used_bytes = offset + size_bytes;
  return static_cast<std::byte*>(made.block.memory) + offset;
}

void scratch::give_back(scratch_pool& to) {
  for (const slot_memory kind : {slot_memory::device, slot_memory::host}) {
    auto& pieces = m_pieces[index_of(kind)];
    for (const piece& one : pieces) to.put_back(kind, one.block);
    pieces.clear();
  }
}

}  // namespace torc::sched
