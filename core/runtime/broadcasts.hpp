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
#include "core/sched/worker/baton.hpp"

namespace torc::runtime {

/// The broadcast values that this node has: those of other nodes as the bytes that came and, once somebody has asked
/// for it, as the object. Thread-safe.
///
/// Nothing is left of a value once it has been forgotten. A handle may come long before its value, with a task that
/// took another way, or long after it is gone; which of both holds is told by its number, since the values of one node
/// come in the order of their numbers: along the same tree, one after the other on each of its edges.
class broadcasts {
 public:
  using key = std::pair<base::node_id, std::uint64_t>;

  /// Throws protocol::violation if it is not the next one of its node.
  void arrived(const key& name, std::vector<std::byte> bytes);
  /// The object, if there was one: it is to be destroyed where no lock is held. Throws protocol::violation if there is
  /// no such value here.
  std::shared_ptr<const void> forgotten(const key& name);
  /// The object, which the first that asks makes of the bytes. Suspends the calling task until the bytes have come, and
  /// while another one makes it. Throws serialization_error, and torc::error if its last handle at home is gone.
  std::shared_ptr<const void> get(const key& name, base::node_id self, detail::broadcast_reader read);
  /// Values of other nodes that are here or waited for.
  std::size_t num_copies();

  // Of this node's own values, which live as long as their handles.

  /// For a node alone.
  std::uint64_t next_id() noexcept { return m_next_id.fetch_add(1, std::memory_order_relaxed); }
  void keep(std::uint64_t id, const std::shared_ptr<const void>& value);
  void drop(std::uint64_t id);

 private:
  struct copy {
    bool has_come = false;
    bool is_being_read = false;  ///< by the first that asked, without the lock
    bool is_gone = false;        ///< seen by those that waited for it to be read
    std::vector<std::byte> bytes;
    std::shared_ptr<const void> object;
    std::vector<sched::baton*> waiters;  ///< for the next change
  };
  std::shared_ptr<copy> find(const key& name);
  std::shared_ptr<const void> own_value(std::uint64_t id);
  static void wake_waiters(copy& changed);
  std::mutex m_mutex;
  std::map<base::node_id, std::uint64_t> m_num_come;  ///< by the node whose values they are
  std::map<key, std::shared_ptr<copy>> m_copies;
  std::map<std::uint64_t, std::weak_ptr<const void>> m_own;
  std::atomic<std::uint64_t> m_next_id{0};
};

}  // namespace torc::runtime
