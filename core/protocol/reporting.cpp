// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/protocol/reporting.hpp"

#include <algorithm>
#include <utility>

#include "core/protocol/node.hpp"

namespace torc::protocol {
namespace {

/// True if it was there.
bool remove_one(std::vector<node_id>& from, node_id node) {
  const auto at = std::find(from.begin(), from.end(), node);
  if (at == from.end()) return false;
  from.erase(at);
  return true;
}

}  // namespace

template <class Function>
void node::for_each_other(Function function) const {
  for (int i = 0; i < m_settings.num_nodes; ++i) {
    if (const node_id other{i}; other != m_settings.self) function(other);
  }
}

bool node::ask_report(std::uint64_t why) {
  // Whoever has counted may not send on its own account before it is to count again. Node 0 counts last of all, so it
  // may always ask while the session ends.
  const bool has_counted = m_termination.is_shutting_down && !m_termination.is_counting;
  if (has_counted || m_reporting.is_asking) return false;
  m_reporting.is_asking = true;
  m_reporting.missing.resize(static_cast<std::size_t>(m_settings.num_nodes));
  for_each_other([&](node_id other) {
    send(other, {.kind = message_kind::report_ask, .value = why});
    ++m_counted.sent;  // that it is over
    ++m_reporting.missing[index_of(other)];
  });
  return true;
}

void node::answer_report(node_id asker, payload part) {
  if (!remove_one(m_reporting.owed, asker)) throw violation("a node that has not asked is told what goes on");
  send(asker, {.kind = message_kind::report_part, .payload = part.bytes, .buffer = part.buffer});
}

void node::end_report() {
  if (!std::exchange(m_reporting.is_asking, false)) return;
  for_each_other([&](node_id other) { send(other, {.kind = message_kind::report_end}); });
}

void node::on_report(node_id from, const message& arrived) {
  switch (arrived.kind) {
    case message_kind::report_ask:
      ++m_counted.sent;  // the answer
      m_reporting.askers.push_back(from);
      m_reporting.owed.push_back(from);
      return m_local.report_asked(from, arrived.value);
    case message_kind::report_part:
      m_reporting.missing.resize(static_cast<std::size_t>(m_settings.num_nodes));
      if (m_reporting.missing[index_of(from)] == 0) fail(from, "its part of a report that nobody asked for");
      --m_reporting.missing[index_of(from)];
      return m_local.report_arrived(from, {arrived.payload, arrived.buffer});
    default:
      if (!remove_one(m_reporting.askers, from)) fail(from, "the end of a report that it did not ask for");
      return m_local.report_ended(from);
  }
}

}  // namespace torc::protocol
