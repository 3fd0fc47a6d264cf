// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

namespace torc::protocol {

/// Values under names of 64 bits that are never used twice: an index and the number of times that it was given out. So
/// a name that comes from elsewhere can be checked.
template <class Value>
class slot_table {
 public:
  std::uint64_t insert(Value value) {
    std::uint32_t index = m_first_free;
    if (index == none) {
      index = static_cast<std::uint32_t>(m_slots.size());
      m_slots.emplace_back();
    } else {
      m_first_free = m_slots[index].next_free;
    }
    slot& s = m_slots[index];
    s.value = std::move(value);
    s.next_free = taken;
    ++m_size;
    return std::uint64_t{s.generation} << 32U | index;
  }

  /// Null if there is no such name, or not any more. Valid until the next insertion.
  Value* find(std::uint64_t name) noexcept {
    const auto index = static_cast<std::uint32_t>(name);
    if (index >= m_slots.size()) return nullptr;
    slot& s = m_slots[index];
    return s.next_free == taken && s.generation == static_cast<std::uint32_t>(name >> 32U) ? &s.value : nullptr;
  }

  /// The name must exist.
  void erase(std::uint64_t name) noexcept {
    const auto index = static_cast<std::uint32_t>(name);
    slot& s = m_slots[index];
    s.value = Value{};
    if (++s.generation == 0) s.generation = 1;  // so 0 is no name ever
    s.next_free = m_first_free;
    m_first_free = index;
    --m_size;
  }

  std::size_t size() const noexcept { return m_size; }

  template <class Function>
  void for_each(Function function) {
    for (std::size_t i = 0; i < m_slots.size(); ++i) {
      if (m_slots[i].next_free == taken) function(std::uint64_t{m_slots[i].generation} << 32U | i, m_slots[i].value);
    }
  }

 private:
  static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();
  static constexpr std::uint32_t taken = none - 1;
  struct slot {
    Value value{};
    std::uint32_t generation = 1;
    std::uint32_t next_free = none;
  };
  std::vector<slot> m_slots;
  std::uint32_t m_first_free = none;
  std::size_t m_size = 0;
};

}  // namespace torc::protocol
