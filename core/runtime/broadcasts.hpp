// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/entry.hpp>

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

  void arrived(const key& name, std::vector<std::byte> bytes);
  /// The object, if there was one: it is to be destroyed where no lock is held.
  std::shared_ptr<const void> forgotten(const key& name);
  /// The object, which the first that asks makes of the bytes. Suspends the calling task until the bytes have come, and
  /// while another one makes it. Throws serialization_error, and torc::error if its last handle at home is gone.
  std::shared_ptr<const void> get(const key& name, base::node_id self, detail::broadcast_reader read);

  // Of this node's own values, which live as long as their handles.

  /// For a node alone.
  std::uint64_t next_id() noexcept { return m_next_id.fetch_add(1, std::memory_order_relaxed); }
  void keep(std::uint64_t id, const std::shared_ptr<const void>& value);
  void drop(std::uint64_t id);

 private:
  struct entry {
    bool has_come = false;
    bool is_being_read = false;  ///< by the first that asked, without the lock
    bool is_gone = false;        ///< told so for ever: a task that still asks must not wait
    std::vector<std::byte> bytes;
    std::shared_ptr<const void> object;
    std::vector<sched::wakeup*> waiters;  ///< for the next change
  };
  std::shared_ptr<const void> own_value(std::uint64_t id);
  static void wake_waiters(entry& changed);
  std::mutex m_mutex;
  std::map<key, entry> m_entries;
  std::map<std::uint64_t, std::weak_ptr<const void>> m_own;
  std::atomic<std::uint64_t> m_next_id{0};
};

}  // namespace torc::runtime
