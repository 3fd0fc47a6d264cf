// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "core/base/node_id.hpp"
#include "core/sched/wakeup.hpp"

namespace torc::runtime {

/// The broadcast values that this node has: those of other nodes as the bytes that came and, once somebody has asked
/// for it, as the object. Thread-safe.
class broadcasts {
 public:
  using key = std::pair<base::node_id, std::uint64_t>;
  using decoder = std::shared_ptr<const void> (*)(const std::vector<std::byte>&);

  void arrived(const key& name, std::vector<std::byte> bytes);
  void forgotten(const key& name);
  /// The object; suspends the calling task until it has come. Throws what decoding throws, and torc::error if its last
  /// handle at home is gone.
  std::shared_ptr<const void> get(const key& name, base::node_id self, decoder decode);

  // Of this node's own values, which live as long as their handles.

  /// For a node alone.
  std::uint64_t next_id() noexcept { return m_next_id.fetch_add(1, std::memory_order_relaxed); }
  void keep(std::uint64_t id, const std::shared_ptr<const void>& value);
  void drop(std::uint64_t id);

 private:
  struct entry {
    bool has_come = false;
    bool is_gone = false;  ///< told so for ever: a task that still asks must not wait
    std::vector<std::byte> bytes;
    std::shared_ptr<const void> object;
    std::vector<sched::wakeup*> waiters;
  };
  std::mutex m_mutex;
  std::map<key, entry> m_entries;
  std::map<std::uint64_t, std::weak_ptr<const void>> m_own;
  std::atomic<std::uint64_t> m_next_id{0};
};

}  // namespace torc::runtime
