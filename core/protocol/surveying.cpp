// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/protocol/surveying.hpp"

#include <cstring>

#include "core/protocol/node.hpp"

namespace torc::protocol {

bool node::survey() {
  if (!m_tree.is_root()) throw violation("only node 0 shows how far all are, so only it can ask for that");
  // Whoever has counted may not send on its own account.
  if (m_termination.is_shutting_down || m_surveying.is_open) return false;
  open_survey();
  return true;
}

void node::open_survey() {
  m_surveying = {.is_open = true, .missing_children = m_tree.num_children(), .below = {}};
  m_tree.for_each_child([this](node_id child) { send(child, {.kind = message_kind::survey}); });
  answer_survey();
}

void node::on_survey(node_id from, const message& arrived) {
  if (arrived.kind == message_kind::survey) {
    check_way(from, base::first_node);
    if (m_surveying.is_open) fail(from, "a second survey before the first is over");
    return open_survey();
  }
  if (tree(from, m_settings.num_nodes).parent() != m_settings.self || m_surveying.missing_children == 0)
    fail(from, "counts that it has not asked for");
  job_counts counts;
  if (arrived.payload.size() != sizeof(counts)) fail(from, "counts of another size");
  std::memcpy(&counts, arrived.payload.data(), sizeof(counts));
  m_surveying.below += counts;
  --m_surveying.missing_children;
  answer_survey();
}

/// Once all below have.
void node::answer_survey() {
  if (m_surveying.missing_children > 0) return;
  m_surveying.is_open = false;
  job_counts sum = m_surveying.below;
  sum += m_local.counts();
  if (m_tree.is_root()) return m_local.surveyed(sum);
  send(m_tree.parent(), {.kind = message_kind::survey_part, .payload = std::as_bytes(std::span(&sum, 1))});
}

}  // namespace torc::protocol
