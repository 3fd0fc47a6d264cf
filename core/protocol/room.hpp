// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
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
  bool is_empty() const noexcept { return m_movable.is_empty() && m_pinned.is_empty(); }
  std::size_t size() const noexcept { return m_movable.size() + m_pinned.size(); }
  void push(const waiting_task& task) {
    line& joined = (task.flags & message_flags::movable) != 0 ? m_movable : m_pinned;
    joined.tasks.push_back({task, m_next_number++});
  }
  /// There must be one.
  waiting_task pop() {
    const bool is_pinned_next =
        m_movable.is_empty() || (!m_pinned.is_empty() && m_pinned.front().number < m_movable.front().number);
    return is_pinned_next ? m_pinned.pop() : m_movable.pop();
  }
  /// The oldest one that may go elsewhere.
  std::optional<waiting_task> pop_movable() {
    if (m_movable.is_empty()) return std::nullopt;
    return m_movable.pop();
  }
  /// This one, if it is here: sooner found if it is among the oldest.
  std::optional<waiting_task> take(task_ref wanted) {
    const auto found = m_movable.take(wanted);
    return found ? found : m_pinned.take(wanted);
  }

 private:
  struct entry {
    waiting_task task;
    std::uint64_t number = 0;
  };
  struct line {
    std::vector<entry> tasks;
    std::size_t first = 0;

    bool is_empty() const noexcept { return first == tasks.size(); }
    std::size_t size() const noexcept { return tasks.size() - first; }
    const entry& front() const noexcept { return tasks[first]; }
    waiting_task pop() {
      const waiting_task front = tasks[first++].task;
      if (is_empty()) {
        std::vector<entry>().swap(tasks);
        first = 0;
      } else if (first > 1024 && first > tasks.size() / 2) {
        tasks.erase(tasks.begin(), tasks.begin() + static_cast<std::ptrdiff_t>(first));
        first = 0;
      }
      return front;
    }
    std::optional<waiting_task> take(task_ref wanted) {
      for (std::size_t at = first; at < tasks.size(); ++at) {
        if (tasks[at].task.task != wanted) continue;
        const waiting_task found = tasks[at].task;
        if (at == first) return pop();
        tasks.erase(tasks.begin() + static_cast<std::ptrdiff_t>(at));
        return found;
      }
      return std::nullopt;
    }
  };
  // Two, so that nobody has to look for the movable ones among a million others.
  line m_movable;
  line m_pinned;
  std::uint64_t m_next_number = 0;
};

/// The next task of a line, encoded so that it is known how much room it takes. It is away as far as its home is
/// concerned, and its home holds it.
struct packed_task {
  waiting_task task;
  std::uint64_t name = 0;
  std::vector<std::byte> bytes;
};

/// So many tasks of a lane are encoded at a time: those behind one that takes long go on, and no more are encoded than
/// are soon sent.
inline constexpr std::size_t most_prepared = 8;

/// Tasks of one level for one receiver, first in, first out; but those that take long to be encoded are passed.
struct lane {
  backlog tasks;                   ///< behind the others
  std::size_t num_preparing = 0;   ///< being encoded
  backlog ready;                   ///< that is over; behind `head`
  std::deque<packed_task> packed;  ///< behind `head`, before `ready`: were encoded in another lane
  std::optional<packed_task> head;
  /// The task for which the receiver was asked for room, until it is sent; 0 for none. It need not be `head` any more.
  std::uint64_t asked_for = 0;

  std::size_t num_waiting() const noexcept {
    return (head ? 1 : 0) + packed.size() + ready.size() + num_preparing + tasks.size();
  }
  bool is_empty() const noexcept { return num_waiting() == 0; }
};

/// What this node may still send to another one, and what waits for that. The receiver's side is `budget`.
struct room {
  std::int64_t left_bytes = 0;
  bool has_ever_asked = false;
  lane inner;
  lane outer;
  /// Outer tasks that were awaited while one or another was being encoded: perhaps one of those.
  std::vector<task_ref> awaited;

  bool has_waiting() const noexcept { return !inner.is_empty() || !outer.is_empty(); }
  lane& lane_of(std::uint8_t flags) noexcept { return (flags & message_flags::inner) != 0 ? inner : outer; }
};

}  // namespace torc::protocol
