// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/protocol/limit_places.hpp"

#include <algorithm>

namespace torc::protocol {

bool limit_places::ask(node_id from, std::uint32_t limit, std::uint64_t count) {
  line& asked = m_lines[limit];
  account& sender = asked.senders[from];
  if (count == 0 || count > most_asked - sender.num_asked) return false;
  if (sender.num_asked == 0) asked.askers.push_back(from);
  sender.num_asked += count;
  return true;
}

std::optional<limit_places::grant> limit_places::next_grant(std::uint32_t limit) {
  const auto found = m_lines.find(limit);
  if (found == m_lines.end()) return std::nullopt;
  line& asked = found->second;
  if (asked.askers.empty() || asked.num_taken >= m_num_places) return std::nullopt;
  const node_id next = asked.askers.front();
  asked.askers.pop_front();
  account& sender = asked.senders.at(next);
  const bool is_only_one = asked.askers.empty();
  const std::uint64_t count = is_only_one ? std::min(sender.num_asked, m_num_places - asked.num_taken) : 1;
  sender.num_asked -= count;
  sender.num_granted += count;
  asked.num_taken += count;
  if (sender.num_asked > 0) asked.askers.push_back(next);
  return grant{.to = next, .count = count};
}

bool limit_places::admit(node_id from, std::uint32_t limit) {
  const auto found = m_lines.find(limit);
  if (found == m_lines.end()) return false;
  const auto sender = found->second.senders.find(from);
  if (sender == found->second.senders.end() || sender->second.num_granted == 0) return false;
  --sender->second.num_granted;
  forget_if_idle(limit, found->second, from);
  return true;
}

void limit_places::leave(std::uint32_t limit) {
  const auto found = m_lines.find(limit);
  --found->second.num_taken;
  if (found->second.num_taken == 0 && found->second.senders.empty()) m_lines.erase(found);
}

bool limit_places::give_back(node_id from, std::uint32_t limit, std::uint64_t count) {
  const auto found = m_lines.find(limit);
  if (found == m_lines.end()) return false;
  const auto sender = found->second.senders.find(from);
  if (sender == found->second.senders.end() || count == 0 || count > sender->second.num_granted) return false;
  sender->second.num_granted -= count;
  found->second.num_taken -= count;
  forget_if_idle(limit, found->second, from);
  return true;
}

std::uint64_t limit_places::num_taken(std::uint32_t limit) const noexcept {
  const auto found = m_lines.find(limit);
  return found != m_lines.end() ? found->second.num_taken : 0;
}

void limit_places::forget_if_idle(std::uint32_t limit, line& of, node_id sender) {
  const auto found = of.senders.find(sender);
  if (found->second.num_asked == 0 && found->second.num_granted == 0) of.senders.erase(found);
  if (of.num_taken == 0 && of.senders.empty()) m_lines.erase(limit);
}

}  // namespace torc::protocol
