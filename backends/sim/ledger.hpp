// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "backends/sim/program.hpp"

namespace torc::sim {

/// A simulated job broke a promise.
class broken : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Throws unless it is so.
inline void demand(bool is_so, const char* what, std::uint64_t whose = 0) {
  if (!is_so) throw broken(std::string(what) + " (" + std::to_string(whose) + ")");
}

/// What is known of all tasks of a job, wherever they are: only for checks, no node acts by it.
class ledger {
 public:
  std::uint64_t enter() {
    m_tasks.push_back({});
    return m_tasks.size() - 1;
  }
  void begin(std::uint64_t id) {
    demand(!m_tasks.at(id).has_begun, "a task began a second time", id);
    demand(!m_tasks[id].is_over, "a task began when it was over", id);
    m_tasks[id].has_begun = true;
  }
  void finish(std::uint64_t id) {
    demand(!m_tasks.at(id).is_over, "a task completed a second time", id);
    m_tasks[id].is_over = true;
    ++m_num_over;
  }
  bool has_begun(std::uint64_t id) const { return m_tasks.at(id).has_begun; }
  std::size_t num_tasks() const noexcept { return m_tasks.size(); }
  std::size_t num_over() const noexcept { return m_num_over; }

  std::vector<std::int64_t> units_in_use;  ///< of each limit, on all nodes
  std::uint64_t num_limited = 0;           ///< bodies that had units
  bool is_abandoned = false;
  int num_spmds = 0;                   ///< under way
  std::size_t num_preparing = 0;       ///< tasks that are being encoded
  std::uint64_t most_task_bytes = 0;   ///< of the largest that travelled
  std::uint64_t num_late_forgets = 0;  ///< too late to be passed on
  std::uint64_t num_cancelled = 0;
  std::uint64_t num_cancelled_far = 0;  ///< of these, by other nodes

 private:
  struct entry {
    bool has_begun = false;
    bool is_over = false;
  };
  std::vector<entry> m_tasks;
  std::size_t m_num_over = 0;
};

}  // namespace torc::sim
