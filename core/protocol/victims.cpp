// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/protocol/victims.hpp"

#include <algorithm>
#include <utility>

namespace torc::protocol {
namespace {

using base::node_id;

/// Refusals before a node turns to its lifelines, of its own host and of others.
constexpr int most_attempts = 4;

}  // namespace

victims::victims(node_id self, int num_nodes, const std::vector<node_id>& near,
                 const std::vector<std::vector<node_id>>& with_space, std::uint64_t seed)
    : m_self(number_of(self)),
      m_num_nodes(num_nodes),
      m_random((seed + 1) * 0x9e3779b97f4a7c15U + static_cast<std::uint64_t>(m_self)) {
  victim_ring all{.near = near};
  for (long long step = 1; step < num_nodes; step *= 2)
    add_lifeline(all, node_id{static_cast<std::int32_t>((m_self + step) % num_nodes)});
  add_ring(std::move(all), num_nodes - 1);

  for (std::size_t space = 0; space < with_space.size(); ++space) {
    const auto& nodes = with_space[space];
    const auto here = std::find(nodes.begin(), nodes.end(), self);
    if (here == nodes.end()) continue;
    victim_ring some{.space_bit = std::uint64_t{1} << space};
    const auto at = static_cast<std::size_t>(here - nodes.begin());
    for (std::size_t step = 1; step < nodes.size(); step *= 2) add_lifeline(some, nodes[(at + step) % nodes.size()]);
    for (const node_id node : nodes) {
      if (node == self) continue;
      some.members.push_back(node);
      if (std::binary_search(near.begin(), near.end(), node)) some.near.push_back(node);
    }
    add_ring(std::move(some), static_cast<int>(nodes.size()) - 1);
  }
}

void victims::add_ring(victim_ring made, int num_others) {
  const auto num_near = static_cast<int>(made.near.size());
  made.most_near = std::min(most_attempts, num_near);
  made.most = made.most_near + std::min(most_attempts, num_others - num_near);
  m_rings.push_back(std::move(made));
}

void victims::add_lifeline(victim_ring& of, node_id node) {
  const auto known = std::find(m_lifelines.begin(), m_lifelines.end(), node);
  of.lifelines.push_back(static_cast<std::size_t>(known - m_lifelines.begin()));
  if (known == m_lifelines.end()) m_lifelines.push_back(node);
}

void victims::restart(const demand& what) noexcept {
  for (victim_ring& c : m_rings) {
    if (c.is_wanted(what)) c.asked = 0;
  }
}

void victims::restart() noexcept {
  for (victim_ring& c : m_rings) c.asked = 0;
}

node_id victims::choose(const victim_ring& from) noexcept {
  if (from.asked < from.most_near) return from.near[m_random.below(from.near.size())];
  // Of the far ones: any but itself; a near one now and then does no harm.
  if (!from.members.empty()) return from.members[m_random.below(from.members.size())];
  const auto other = static_cast<int>(m_random.below(static_cast<std::uint64_t>(m_num_nodes - 1)));
  return node_id{other < m_self ? other : other + 1};
}

node_id victims::next(const demand& want) noexcept {
  const victim_ring* from = nullptr;
  for (const victim_ring& c : m_rings) {
    if (c.is_wanted(want) && c.asked < c.most && (from == nullptr || c.asked < from->asked)) from = &c;
  }
  if (from == nullptr) return base::no_node;
  const node_id victim = choose(*from);
  // One question is for all that is wanted.
  for (victim_ring& c : m_rings) {
    if (&c == from || (c.is_wanted(want) && is_in(c, victim))) ++c.asked;
  }
  return victim;
}

bool victims::is_in(const victim_ring& c, node_id node) noexcept {
  return c.space_bit == 0 || std::binary_search(c.members.begin(), c.members.end(), node);
}

}  // namespace torc::protocol
