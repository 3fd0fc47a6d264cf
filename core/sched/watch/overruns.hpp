// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <utility>

namespace torc::sched {

/// Bodies of a node that went on after their timeout. Thread-safe.
class overruns {
 public:
  struct found {
    std::uint64_t total_ns = 0;
    std::uint64_t longest_ns = 0;
    std::string longest_name;
  };

  void add(std::uint64_t ns, std::string task_name) {
    const std::scoped_lock lock(m_mutex);
    m_found.total_ns += ns;
    if (ns <= m_found.longest_ns) return;
    m_found.longest_ns = ns;
    m_found.longest_name = std::move(task_name);
  }
  found look() {
    const std::scoped_lock lock(m_mutex);
    return m_found;
  }

 private:
  std::mutex m_mutex;
  found m_found;
};

}  // namespace torc::sched
