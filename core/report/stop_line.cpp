// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/report/stop_line.hpp"

#include <fmt/format.h>
#include <signal.h>

#include <algorithm>

#include "core/report/progress_line.hpp"

namespace torc::report {
namespace {

std::string describe(const protocol::job_counts& counts) {
  const told_counts told(counts);
  return fmt::format("{} of {} {} done, {} running, {} failed", with_thousands(told.done), with_thousands(told.all),
                     told.all == 1 ? "task" : "tasks", with_thousands(told.running), with_thousands(told.failed));
}

}  // namespace

std::string name_of_signal(int signal) {
  switch (signal) {
    case SIGINT:
      return "SIGINT";
    case SIGTERM:
      return "SIGTERM";
    default:
      return fmt::format("signal {}", signal);
  }
}

void stop_line::begin(int signal, base::time_point now, bool is_first_node) {
  if (m_signal != 0) return;
  m_signal = signal;
  if (is_first_node) {
    m_until = now + patience;
    m_effect_at = now + shortest_notice;
  } else {
    m_effect_at = now + longest_notice;
  }
}

void stop_line::counted(const protocol::job_counts& counts) { m_counts = counts; }

std::optional<std::string> stop_line::take(base::time_point now) {
  if (!m_until || (!m_counts && now < *m_until)) return std::nullopt;
  m_until.reset();
  if (m_effect_at) m_effect_at = now;
  return fmt::format(
      "{}: {}: running bodies are asked to return, and no others are begun; once more ends the program at once",
      name_of_signal(m_signal), m_counts ? describe(*m_counts) : "not all nodes say how far they are");
}

bool stop_line::takes_effect(base::time_point now) {
  if (!m_effect_at || now < *m_effect_at) return false;
  m_effect_at.reset();
  return true;
}

std::string stop_line::behind_end(int signal) {
  return fmt::format("{}: it came when all tasks had ended, so that nothing is left to stop", name_of_signal(signal));
}

}  // namespace torc::report
