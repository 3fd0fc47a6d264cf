// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/report/progress_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace torc::report {

told_counts::told_counts(const protocol::job_counts& counts) noexcept {
  const std::uint64_t begun = std::max(counts.begun, counts.ended);
  all = std::max(counts.created, begun + counts.unbegun) + counts.expected;
  done = counts.ended + counts.unbegun;
  running = begun - counts.ended;
  queued = all - done - running;
  failed = std::min(counts.failed - std::min(counts.failed, counts.overdue), done);
}

bool progress_line::asks(seconds elapsed) noexcept {
  if (m_asked || !is_near(elapsed)) return false;
  m_asked = elapsed;
  return true;
}

void progress_line::answered(const protocol::job_counts& counts) noexcept {
  if (m_asked && is_near(*m_asked)) m_answer = {*m_asked, counts};
  m_asked.reset();
}

std::optional<protocol::job_counts> progress_line::answer_for(seconds elapsed) const noexcept {
  return is_due(elapsed) && m_answer ? std::optional(m_answer->counts) : std::nullopt;
}

std::string progress_line::show(seconds elapsed, const protocol::job_counts& counts, std::size_t columns) {
  m_due += m_period;
  if (m_due <= elapsed) m_due = elapsed + m_period;
  const seconds counted = m_answer ? m_answer->asked : elapsed;
  m_answer.reset();
  const told_counts told(counts);
  std::vector<part> parts{
      {fmt::format("{}: {} of {}", show_elapsed(counted), with_thousands(told.done), with_thousands(told.all))},
      {told.all == 1 ? " task" : " tasks", 2},
      {" done"},
      {fmt::format(", {} running", with_thousands(told.running)), 4},
      {fmt::format(", {} queued", with_thousands(told.queued)), 1}};
  if (told.failed > 0) parts.push_back({fmt::format(", {} failed", with_thousands(told.failed))});
  add_pace({counted, counts.ended, told.all - counts.unbegun}, parts);
  return fit(std::move(parts), columns);
}

/// How fast it goes, and how long yet. Tasks that are over without a body took no time, and tell nothing of others.
void progress_line::add_pace(const sample& now, std::vector<part>& parts) {
  if (m_samples.empty()) m_samples.push_back({});  // the beginning: no body had ended
  while (m_samples.size() > 1 && now.elapsed - m_samples[1].elapsed >= window) m_samples.pop_front();
  m_samples.push_back(now);
  const sample& first = m_samples.front();
  const double past = (now.elapsed - first.elapsed).count();
  if (past <= 0 || now.ended <= first.ended) return;
  const double rate = static_cast<double>(now.ended - first.ended) / past;
  parts.push_back({", " + show_rate(rate), 3});

  const std::uint64_t open = now.bodies - now.ended;
  if (open == 0) return;
  // Who submits as it goes submits more, and nobody knows how much. How many tasks there were at the beginning is not
  // known either: so whether they become more, only when they have been counted twice.
  const sample& counted = first.elapsed > seconds{0} ? first : m_samples[1];
  const std::uint64_t ended = now.ended - std::min(now.ended, counted.ended);
  const std::uint64_t came = now.bodies - std::min(now.bodies, counted.bodies);
  const bool is_steady = counted.elapsed < now.elapsed && few_of * came <= ended;
  if (!is_steady) {
    m_ended_before_steady.reset();
  } else if (!m_ended_before_steady) {
    m_ended_before_steady = counted.ended;
  }
  // Tasks of which each submits others seem to be all there until the first of them have ended.
  const bool is_all_there = is_steady && now.ended >= *m_ended_before_steady + std::max(few_of, open / judged_by_one);
  const seconds left(static_cast<double>(open) / rate);
  // The least says nothing if it is little.
  if (!is_all_there && left < telling_part * now.elapsed) return;
  parts.push_back({fmt::format(", {} {} left", is_all_there ? "about" : "at least", show_elapsed(left))});
}

std::string progress_line::fit(std::vector<part> parts, std::size_t columns) {
  const auto join = [&parts] {
    std::string text;
    for (const part& one : parts) text += one.text;
    return text;
  };
  std::string text = join();
  for (int turn = 1; text.size() > columns && turn <= last_turn; ++turn) {
    std::erase_if(parts, [turn](const part& one) { return one.turn == turn; });
    text = join();
  }
  return text;
}

std::string with_thousands(std::uint64_t n) {
  std::string text = fmt::format("{}", n);
  for (std::size_t i = text.size(); i > 3;) {
    i -= 3;
    text.insert(i, 1, ',');
  }
  return text;
}

std::string show_elapsed(std::chrono::duration<double> d) {
  const double seconds = std::max(d.count(), 0.0);
  if (seconds < 0.995) return fmt::format("{:.2f} s", seconds);
  if (seconds < 59.95) return fmt::format("{:.1f} s", seconds);
  const auto whole = static_cast<std::int64_t>(std::llround(seconds));
  if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02} min", whole / 3600, whole % 3600 / 60);
}

std::string show_rate(double per_second) {
  const auto number = [](double rate) {
    const double most_shown = 1e18;
    return rate >= 9.95 ? with_thousands(static_cast<std::uint64_t>(std::min(rate, most_shown) + 0.5))
                        : fmt::format("{:.1f}", rate);
  };
  if (per_second >= 1) return number(per_second) + "/s";
  if (per_second * 60 >= 1) return number(per_second * 60) + "/min";
  return number(per_second * 3600) + "/h";
}

}  // namespace torc::report
