// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "core/base/clock.hpp"
#include "core/protocol/surveying.hpp"

namespace torc::report {

/// "SIGINT"
std::string name_of_signal(int signal);
/// Of a session that one has stopped, as shells have it.
constexpr int status_of_signal(int signal) noexcept { return 128 + signal; }

/// What a node does about a signal which ends the session early, in order: node 0 tells of it in one line, and of how
/// far all nodes have come, and then the stop takes effect, so that main hears of nothing that has not been told of. It
/// has no thread and no clock. Not thread-safe.
class stop_line {
 public:
  /// How long the nodes may take to answer.
  static constexpr std::chrono::seconds patience{2};
  /// How long node 0 puts the stop off for their answer.
  static constexpr std::chrono::milliseconds shortest_notice{200};
  /// How long the others put it off for node 0's order.
  static constexpr std::chrono::seconds longest_notice{1};

  /// The first time: the session is to stop, and node 0 asks the nodes.
  void begin(int signal, base::time_point now, bool is_first_node = true);
  /// They have answered something.
  void counted(const protocol::job_counts& counts);
  /// What is to be told now, once.
  std::optional<std::string> take(base::time_point now);
  /// Whether the stop is to take effect now, once. After take.
  bool takes_effect(base::time_point now);
  /// What is to be told instead if it came when nothing was left to count.
  static std::string behind_end(int signal);
  /// When there is something to do, if nothing else happens.
  std::optional<base::time_point> next() const noexcept { return m_effect_at ? m_effect_at : m_until; }

 private:
  int m_signal = 0;
  std::optional<base::time_point> m_until;      ///< while it is to be told
  std::optional<base::time_point> m_effect_at;  ///< until it has
  std::optional<protocol::job_counts> m_counts;
};

}  // namespace torc::report
