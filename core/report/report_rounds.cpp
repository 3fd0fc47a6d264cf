// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/report/report_rounds.hpp"

#include <algorithm>
#include <utility>

namespace torc::report {
namespace {

using base::node_id;

/// A node leaves the question to lower ones for so long, which a launcher signals at the same time.
std::chrono::milliseconds courtesy(node_id self) noexcept {
  constexpr int most_ms = 1000;
  return std::chrono::milliseconds(std::min(most_ms, 50 * number_of(self)));
}

}  // namespace

void report_rounds::signalled(base::time_point now) {
  if (m_deaf_until && now < *m_deaf_until) return;
  m_deaf_until = now + one_signal;
  if (m_round) {
    m_round->found.why = reason::signal;
  } else if (m_self == base::first_node) {
    begin(reason::signal, now);
  } else {
    m_ask_at = now + courtesy(m_self);
  }
}

void report_rounds::stalled(base::time_point now) {
  if (!m_round) begin(reason::stall, now);
}

void report_rounds::asked_by(node_id asker, reason why, base::time_point now) {
  m_side.answer(asker);
  if (why != reason::signal) return;
  m_answered[asker] = now + longer_patience;
  if (asker > m_self) return;
  m_deaf_until = now + one_signal;
  m_ask_at.reset();
  if (!m_round) return;
  m_round.reset();
  m_side.end_asking();
}

void report_rounds::arrived(node_id from, std::string part) {
  if (!m_round) return;
  m_round->found.parts.insert_or_assign(from, std::move(part));
  if (static_cast<int>(m_round->found.parts.size()) == m_num_nodes - 1) finish();
}

void report_rounds::ended_by(node_id asker) {
  const auto found = m_answered.find(asker);
  if (found == m_answered.end()) return;
  // A signal to this node soon after that to the other one is the same question, which has its report.
  const base::time_point deaf_until = found->second - longer_patience + one_signal;
  m_deaf_until = m_deaf_until ? std::max(*m_deaf_until, deaf_until) : deaf_until;
  m_answered.erase(found);
}

void report_rounds::has_asked() {
  if (m_round) m_round->found.has_asked = true;
}

void report_rounds::cannot_ask() {
  if (!m_round) return;
  m_round->found.is_too_late = true;
  finish();
}

void report_rounds::begin(reason why, base::time_point now) {
  m_round.emplace(
      round{now + patience, {.why = why, .parts = {}, .silent = {}, .has_asked = false, .is_too_late = false}});
  m_side.ask(why);
  if (m_num_nodes == 1 && m_round) finish();
}

void report_rounds::finish() {
  result found = std::move(m_round->found);
  m_round.reset();
  for (int i = 0; i < m_num_nodes; ++i) {
    const node_id node{i};
    if (node != m_self && !found.parts.contains(node)) found.silent.push_back(node);
  }
  m_side.print(found);
  m_side.end_asking();
}

void report_rounds::tick(base::time_point now) {
  if (m_ask_at && now >= *m_ask_at) {
    m_ask_at.reset();
    if (!m_round) begin(reason::signal, now);
  }
  if (m_round && now >= m_round->until) finish();
  const auto is_late = [&](const auto& answered) { return now >= answered.second; };
  if (std::any_of(m_answered.begin(), m_answered.end(), is_late)) {
    std::erase_if(m_answered, is_late);
    m_side.print_own();
  }
}

std::optional<base::time_point> report_rounds::next() const {
  std::optional<base::time_point> first = m_ask_at;
  const auto add = [&](base::time_point when) { first = first ? std::min(*first, when) : when; };
  if (m_round) add(m_round->until);
  for (const auto& [asker, until] : m_answered) add(until);
  return first;
}

}  // namespace torc::report
