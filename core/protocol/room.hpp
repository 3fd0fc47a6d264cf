// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/protocol/local_side.hpp"

namespace torc::protocol {

/// A task for another node that waits at home until there is room for it there.
struct waiting_task {
  task_ref task{};
  std::uint8_t flags = 0;  ///< message_flags
};

/// First in, first out; takes no memory while it is empty.
class backlog {
 public:
  bool is_empty() const noexcept { return m_first == m_tasks.size(); }
  std::size_t size() const noexcept { return m_tasks.size() - m_first; }
  void push(const waiting_task& task) { m_tasks.push_back(task); }
  waiting_task pop() {
    const waiting_task front = m_tasks[m_first++];
    shrink();
    return front;
  }
  /// The oldest one that may go elsewhere.
  std::optional<waiting_task> pop_movable() {
    for (std::size_t i = m_first; i < m_tasks.size(); ++i) {
      if ((m_tasks[i].flags & message_flags::movable) == 0) continue;
      const waiting_task found = m_tasks[i];
      // Those before it move up; they are pinned ones, and few.
      for (; i > m_first; --i) m_tasks[i] = m_tasks[i - 1];
      ++m_first;
      shrink();
      return found;
    }
    return std::nullopt;
  }

 private:
  void shrink() {
    if (m_first == m_tasks.size()) {
      std::vector<waiting_task>().swap(m_tasks);
      m_first = 0;
    } else if (m_first > 1024 && m_first > m_tasks.size() / 2) {
      m_tasks.erase(m_tasks.begin(), m_tasks.begin() + static_cast<std::ptrdiff_t>(m_first));
      m_first = 0;
    }
  }
  std::vector<waiting_task> m_tasks;
  std::size_t m_first = 0;
};

/// What this node may still send to another one: credit in bytes, which comes back as the tasks begin there or leave.
/// As long as any is left, one more task is admitted, however large; so one always is. The sum of all nodes' credit at
/// one receiver is that receiver's budget.
struct room {
  std::int64_t left_bytes = 0;
  backlog waiting;
};

}  // namespace torc::protocol
