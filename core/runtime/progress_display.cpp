// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/runtime/progress_display.hpp"

#include <unistd.h>

#include <algorithm>

#include "core/base/log.hpp"
#include "core/runtime/progress.hpp"

namespace torc::runtime {
namespace {

constexpr report::progress_line::seconds first_on_terminal{2};
constexpr report::progress_line::seconds between_plain_lines{30};

/// A terminal shows no more, and other nodes are asked no more often.
constexpr report::progress_line::seconds between_turns{0.5};

report::progress_line line_for(bool is_terminal) {
  return is_terminal ? report::progress_line(first_on_terminal, {})
                     : report::progress_line(between_plain_lines, between_plain_lines);
}

}  // namespace

protocol::job_counts counts_of(sched::scheduler& scheduler) noexcept {
  const torc::metrics::totals done = scheduler.totals();
  const sched::rare_counts& rare = scheduler.rare_counts();
  const std::int64_t expected = rare.expected.load(std::memory_order_relaxed);
  return {.created = done.created,
          .begun = done.begun,
          .ended = done.executed,
          .unbegun = rare.unbegun.load(std::memory_order_relaxed),
          .failed = rare.failed.load(std::memory_order_relaxed),
          .expected = static_cast<std::uint64_t>(std::max<std::int64_t>(expected, 0)),
          .overdue = rare.overdue.load(std::memory_order_relaxed)};
}

progress_display::progress_display(sched::scheduler& scheduler, progress* others)
    : m_scheduler(scheduler),
      m_others(others),
      m_is_terminal(::isatty(STDERR_FILENO) == 1),
      m_line(line_for(m_is_terminal)) {
  base::log::begin_status();
}

progress_display::~progress_display() { base::log::clear_status(); }

void progress_display::abandon() noexcept {
  m_is_abandoned.store(true, std::memory_order_relaxed);
  base::log::end_status();
}

void progress_display::tick() {
  if (m_is_abandoned.load(std::memory_order_relaxed)) {
    base::log::clear_status();
    return;
  }
  const report::progress_line::seconds elapsed = base::now() - m_began;
  if (elapsed < m_next_turn) return;
  m_next_turn = std::max(m_next_turn + between_turns, elapsed);
  if (m_others == nullptr) {
    if (m_line.is_due(elapsed)) show(elapsed, counts_of(m_scheduler));
    return;
  }
  if (const auto answer = m_others->take_survey()) m_line.answered(*answer);
  if (const auto counts = m_line.answer_for(elapsed)) show(elapsed, *counts);
  if (m_line.asks(elapsed)) m_others->ask_survey();
}

void progress_display::show(report::progress_line::seconds elapsed, const protocol::job_counts& counts) {
  if (m_is_terminal) {
    base::log::show_status(m_line.show(elapsed, counts, base::log::status_columns()));
  } else {
    base::log::write_error_line(m_line.show(elapsed, counts));
  }
}

}  // namespace torc::runtime
