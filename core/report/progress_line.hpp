// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "core/protocol/surveying.hpp"

namespace torc::report {

/// What is told of counts, so that the numbers fit together for who reads them: done, running and queued are all, and
/// the failed are among the done. Counts are taken one after the other while tasks go on.
struct told_counts {
  explicit told_counts(const protocol::job_counts& counts) noexcept;
  std::uint64_t all;
  std::uint64_t done;
  std::uint64_t running;  ///< also after a timeout
  std::uint64_t queued;
  std::uint64_t failed;
};

/// When the progress line is shown and what it says. Times are those since the primary task began, in their order.
class progress_line {
 public:
  using seconds = std::chrono::duration<double>;
  static constexpr std::size_t unlimited = std::numeric_limits<std::size_t>::max();

  /// `period` is that between two lines.
  progress_line(seconds first, seconds period) : m_due(first), m_period(period) {}

  /// Whether to ask all nodes now how far they are, for counts that are fresh when the next line is due. Not while they
  /// are being asked.
  bool asks(seconds elapsed) noexcept;
  /// They have answered what they were asked last.
  void answered(const protocol::job_counts& counts) noexcept;
  /// Their answer once the next line is due. Nothing if they were asked too long before: then the line is late, but
  /// right.
  std::optional<protocol::job_counts> answer_for(seconds elapsed) const noexcept;
  bool is_due(seconds elapsed) const noexcept { return elapsed >= m_due; }
  /// One line without a line end, such as "3.2 s: 12,345 of 20,000 tasks done, 2 running, 7,653 queued, 410/s, about
  /// 18 s left", which is shown now. The time is that of the counts: now, or when the nodes were asked for the answer
  /// that has become due. Where there are too few columns, what is known from the rest, or tells least, is
  /// left out.
  std::string show(seconds elapsed, const protocol::job_counts& counts, std::size_t columns = unlimited);

 private:
  /// How long a survey of all nodes may take.
  static constexpr seconds nearness{2};
  /// What the rate is a mean of.
  static constexpr seconds window{60};
  /// The least time left is told if it is that part of the time that has passed.
  static constexpr double telling_part = 0.1;
  /// One new task for so many that end makes no difference. As many tell that no more come than these.
  static constexpr std::uint64_t few_of = 20;
  /// So many open tasks are judged by one that has ended, not more.
  static constexpr std::uint64_t judged_by_one = 10;

  struct sample {
    seconds elapsed;
    std::uint64_t ended;   ///< bodies
    std::uint64_t bodies;  ///< in all: ended or not, and those of tasks that are still expected
  };
  struct answer {
    seconds asked;
    protocol::job_counts counts;
  };
  struct part {
    std::string text;
    int turn = 0;  ///< in which it is left out, from 1 to last_turn; 0 is never
  };
  static constexpr int last_turn = 4;

  void add_pace(const sample& now, std::vector<part>& parts);
  static std::string fit(std::vector<part> parts, std::size_t columns);

  /// Whether what is counted then is fresh when the next line is due.
  bool is_near(seconds elapsed) const noexcept { return elapsed + nearness >= m_due; }

  seconds m_due;
  seconds m_period;
  std::optional<seconds> m_asked;  ///< when the nodes were, unless they have answered
  std::optional<answer> m_answer;  ///< fresh for the next line
  std::deque<sample> m_samples;
  std::optional<std::uint64_t> m_ended_before_steady;  ///< bodies, while hardly any tasks come
};

/// 1234567 as "1,234,567".
std::string with_thousands(std::uint64_t n);

/// "0.42 s", "3.2 s", "5 min 07 s", "2 h 05 min": what a person reads at a glance.
std::string show_elapsed(std::chrono::duration<double> d);

/// "1,234/s", "2.5/s", "12/min", "3.5/h".
std::string show_rate(double per_second);

}  // namespace torc::report
