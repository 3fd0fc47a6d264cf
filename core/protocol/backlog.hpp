// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/protocol/local_side.hpp"

namespace torc::protocol {

/// A task for another node that waits at home until there is credit for it there.
struct waiting_task {
  task_ref task{};
  std::uint8_t flags = 0;  ///< message_flags
};

/// First in, first out, with each task once; takes no memory while it is empty. All take constant time, but the first
/// call that looks for a certain task: from then on it is known where each of them is.
class backlog {
 public:
  bool is_empty() const noexcept { return m_movable.is_empty() && m_pinned.is_empty(); }
  std::size_t size() const noexcept { return m_movable.size() + m_pinned.size(); }
  void push(const waiting_task& task) {
    line& joined = (task.flags & message_flags::movable) != 0 ? m_movable : m_pinned;
    joined.push({task, m_next_number++});
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
  /// This one, if it is here.
  std::optional<waiting_task> take(task_ref wanted) {
    const auto found = m_movable.take(wanted);
    return found ? found : m_pinned.take(wanted);
  }
  /// Those which are wanted, in no certain order.
  template <class Predicate>
  std::vector<task_ref> find_if(Predicate is_wanted) const {
    std::vector<task_ref> found;
    m_movable.find_if(is_wanted, found);
    m_pinned.find_if(is_wanted, found);
    return found;
  }

 private:
  struct entry {
    waiting_task task;
    std::uint64_t number = 0;
  };
  /// Number of one that was taken from behind others, which keep their places.
  static constexpr std::uint64_t taken = ~std::uint64_t{0};
  struct line {
    std::vector<entry> tasks;
    std::size_t first = 0;  ///< not taken, unless there is none
    std::size_t num_taken = 0;
    std::size_t num_gone = 0;  ///< that stood before tasks.front()
    /// Place of each task, counted from the first that ever came; empty until somebody looks for one.
    std::unordered_map<task_ref, std::size_t> places;

    bool is_empty() const noexcept { return size() == 0; }
    std::size_t size() const noexcept { return tasks.size() - first - num_taken; }
    const entry& front() const noexcept { return tasks[first]; }
    void push(const entry& added) {
      if (!places.empty()) places.emplace(added.task.task, num_gone + tasks.size());
      tasks.push_back(added);
    }
    waiting_task pop() { return take_at(first); }
    std::optional<waiting_task> take(task_ref wanted) {
      if (is_empty()) return std::nullopt;
      if (front().task.task == wanted) return pop();
      if (places.empty()) {
        for (std::size_t at = first; at < tasks.size(); ++at) places.emplace(tasks[at].task.task, num_gone + at);
      }
      const auto found = places.find(wanted);
      if (found == places.end()) return std::nullopt;
      return take_at(found->second - num_gone);
    }
    template <class Predicate>
    void find_if(Predicate is_wanted, std::vector<task_ref>& found) const {
      for (std::size_t at = first; at < tasks.size(); ++at) {
        if (tasks[at].number != taken && is_wanted(tasks[at].task.task)) found.push_back(tasks[at].task.task);
      }
    }

   private:
    waiting_task take_at(std::size_t at) {
      const waiting_task found = tasks[at].task;
      if (!places.empty()) places.erase(found.task);
      tasks[at].number = taken;
      ++num_taken;
      for (; first < tasks.size() && tasks[first].number == taken; ++first) --num_taken;
      if (is_empty()) {
        *this = line();
      } else if (first > 1024 && first > tasks.size() / 2) {
        tasks.erase(tasks.begin(), tasks.begin() + static_cast<std::ptrdiff_t>(first));
        num_gone += std::exchange(first, 0);
      }
      return found;
    }
  };
  // Two, so that nobody has to look for the movable ones among a million others.
  line m_movable;
  line m_pinned;
  std::uint64_t m_next_number = 0;
};

}  // namespace torc::protocol
