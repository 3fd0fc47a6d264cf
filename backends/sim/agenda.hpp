// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <queue>
#include <vector>

namespace torc::sim {

using std::chrono::nanoseconds;

/// Whoever has something to do at some time.
class actor {
 public:
  /// `what` is as it was noted down.
  virtual void act(std::uint64_t what) = 0;

 protected:
  ~actor() = default;
};

/// Virtual time, and what is to happen in it. What is due at the same time happens in the order in which it was noted.
class agenda {
 public:
  nanoseconds now() const noexcept { return m_now; }
  bool is_empty() const noexcept { return m_events.empty(); }
  /// Nothing more will happen at this time.
  bool is_at_rest() const noexcept { return m_events.empty() || m_events.top().when > m_now; }
  /// Events so far.
  std::uint64_t num_done() const noexcept { return m_num_done; }

  /// The actor must live until then.
  void after(nanoseconds delay, actor& who, std::uint64_t what) {
    m_events.push({m_now + delay, m_num_noted++, &who, what});
  }
  /// There must be something left.
  void step() {
    const event next = m_events.top();
    m_events.pop();
    m_now = next.when;
    ++m_num_done;
    next.who->act(next.what);
  }

 private:
  struct event {
    nanoseconds when;
    std::uint64_t number;
    actor* who;
    std::uint64_t what;
    friend bool operator<(const event& a, const event& b) noexcept {
      return a.when != b.when ? a.when > b.when : a.number > b.number;
    }
  };
  std::priority_queue<event> m_events;
  nanoseconds m_now{0};
  std::uint64_t m_num_noted = 0;
  std::uint64_t m_num_done = 0;
};

}  // namespace torc::sim
