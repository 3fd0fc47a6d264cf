// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "unit_tests/storm/credit_check.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/protocol/node.hpp"

namespace storm {

using torc::protocol::message_kind;
namespace flags = torc::protocol::message_flags;

void credit_check::begin(node_id self, std::int64_t budget_bytes, int workers) {
  m_self = self;
  m_budget_bytes = budget_bytes;
  m_workers = workers;
  m_held.clear();
  m_held_bytes = 0;
  m_largest_bytes = 0;
}

std::optional<std::string> credit_check::arrives(const message& arrived) {
  constexpr unsigned uncharged = torc::protocol::needs_nothing | flags::inner | flags::limited;
  if (arrived.kind != message_kind::task || arrived.home == m_self || (arrived.flags & uncharged) != 0)
    return std::nullopt;
  const std::int64_t cost = torc::protocol::cost_of({arrived.payload});
  if (!m_held.try_emplace({arrived.home, arrived.id}, cost).second)
    return fmt::format("node {}: a task of node {} comes a second time", number_of(m_self), number_of(arrived.home));
  m_held_bytes += cost;
  m_largest_bytes = std::max(m_largest_bytes, cost);
  const std::int64_t most = m_budget_bytes + 4 * m_workers * m_largest_bytes;
  if (m_held_bytes <= most) return std::nullopt;
  return fmt::format(
      "node {}: tasks of others hold {} bytes, more than the budget of {} and four times {} for each of {} "
      "workers",
      number_of(m_self), m_held_bytes, m_budget_bytes, m_largest_bytes, m_workers);
}

void credit_check::leaves(node_id to, const message& sent) {
  if (sent.kind != message_kind::result && sent.kind != message_kind::task) return;
  const auto found = m_held.find({sent.kind == message_kind::result ? to : sent.home, sent.id});
  if (found == m_held.end()) return;
  m_held_bytes -= found->second;
  m_held.erase(found);
}

}  // namespace storm
