// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <torc/torc.hpp>
#include <utility>
#include <vector>

namespace tests {

/// Numbers that follow from a key alone, so that a program is the same however it is scheduled.
class dice {
 public:
  explicit dice(std::uint64_t key) noexcept : m_state(key) {}
  std::uint64_t next() noexcept { return torc::detail::mix_path(m_state, ++m_count); }
  /// 0 to n - 1.
  int below(int n) noexcept { return static_cast<int>(next() % static_cast<std::uint64_t>(n)); }
  bool one_in(int n) noexcept { return below(n) == 0; }

 private:
  std::uint64_t m_state;
  std::uint64_t m_count = 0;
};

/// What the tasks of one random program did, and what they ought to have done.
class ledger {
 public:
  static constexpr std::uint32_t max_tasks = 1U << 16U;

  /// A number for a task that is to run its body `times`.
  std::uint32_t enter(int times) {
    const std::uint32_t id = m_entered.fetch_add(1);
    if (id >= max_tasks) throw std::length_error("a random program has grown out of bounds");
    m_tasks[id].expected = times;
    return id;
  }
  /// The body runs: how often it had before.
  int run(std::uint32_t id) { return m_tasks[id].runs.fetch_add(1); }
  void expect_runs(std::uint32_t id, int times) { m_tasks[id].expected = times; }

  /// Tasks that the runtime must have counted.
  std::atomic<std::uint64_t> submitted{0};
  std::atomic<std::uint64_t> cancelled{0};
  std::atomic<std::uint64_t> callbacks_expected{0};
  std::atomic<std::uint64_t> callbacks_run{0};

  void problem(std::string text) {
    const std::scoped_lock lock(m_mutex);
    m_problems.push_back(std::move(text));
  }
  /// All that went wrong, once everything has ended.
  std::vector<std::string> problems() {
    for (std::uint32_t id = 0; id < m_entered; ++id) {
      if (m_tasks[id].runs != m_tasks[id].expected) {
        problem("task " + std::to_string(id) + " ran " + std::to_string(m_tasks[id].runs) + " times instead of " +
                std::to_string(m_tasks[id].expected));
      }
    }
    if (callbacks_run != callbacks_expected) {
      problem(std::to_string(callbacks_run) + " callbacks ran instead of " + std::to_string(callbacks_expected));
    }
    return m_problems;
  }

 private:
  struct task {
    std::atomic<int> runs{0};
    std::atomic<int> expected{0};
  };
  std::unique_ptr<task[]> m_tasks = std::make_unique<task[]>(max_tasks);
  std::atomic<std::uint32_t> m_entered{0};
  std::mutex m_mutex;
  std::vector<std::string> m_problems;
};

/// Runs the program of one seed as the primary task's body: a tree of tasks that submit, wait, cancel, fail and so on
/// in every way.
void run_random_program(std::uint64_t seed, ledger& book);

}  // namespace tests
