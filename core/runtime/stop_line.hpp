// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "core/base/clock.hpp"
#include "core/protocol/surveying.hpp"

namespace torc::runtime {

/// "SIGINT"
std::string name_of_signal(int signal);
/// Of a session that one has stopped, as shells have it.
constexpr int status_of_signal(int signal) noexcept { return 128 + signal; }

/// The one line that tells of a signal which ends the session early, and how far all nodes have come. It has no thread
/// and no clock. Not thread-safe.
class stop_line {
 public:
  /// How long the nodes may take to answer.
  static constexpr std::chrono::seconds patience{2};

  /// The first time: the session is being stopped, and the nodes are asked.
  void begin(int signal, base::time_point now);
  /// They have answered something.
  void counted(const protocol::job_counts& counts);
  /// What is to be told now, once.
  std::optional<std::string> take(base::time_point now);
  /// What is to be told instead if it came when nothing was left to count.
  static std::string behind_end(int signal);
  /// When take will give something, if nothing else happens.
  std::optional<base::time_point> next() const noexcept { return m_until; }

 private:
  int m_signal = 0;
  std::optional<base::time_point> m_until;  ///< while it is to be told
  std::optional<protocol::job_counts> m_counts;
};

}  // namespace torc::runtime
