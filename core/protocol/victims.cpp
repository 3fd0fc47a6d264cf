// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/protocol/victims.hpp"

#include <algorithm>
#include <utility>

namespace torc::protocol {
namespace {

/// Refusals before a node turns to its lifelines, of its own host and of others.
constexpr int most_attempts = 4;

}  // namespace

victims::victims(base::node_id self, int num_nodes, std::vector<base::node_id> near, std::uint64_t seed)
    : m_self(number_of(self)),
      m_num_nodes(num_nodes),
      m_near(std::move(near)),
      m_most_near(std::min(most_attempts, static_cast<int>(m_near.size()))),
      m_most_far(std::min(most_attempts, num_nodes - 1 - static_cast<int>(m_near.size()))),
      m_random((seed + 1) * 0x9e3779b97f4a7c15U + static_cast<std::uint64_t>(m_self)) {
  for (long long step = 1; step < num_nodes; step *= 2)
    m_lifelines.push_back(base::node_id{static_cast<std::int32_t>((m_self + step) % num_nodes)});
}

std::uint64_t victims::random() noexcept {
  // splitmix64 (Steele, Lea and Flood, OOPSLA 2014, doi:10.1145/2714064.2660195).
  m_random += 0x9e3779b97f4a7c15U;
  std::uint64_t x = m_random;
  x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27U)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31U);
}

base::node_id victims::next() noexcept {
  const int attempt = m_asked;
  if (attempt >= m_most_near + m_most_far) return base::no_node;
  ++m_asked;
  if (attempt < m_most_near) return m_near[random() % m_near.size()];
  // Of the far ones: any but itself; a near one now and then does no harm.
  const auto other = static_cast<int>(random() % static_cast<std::uint64_t>(m_num_nodes - 1));
  return base::node_id{other < m_self ? other : other + 1};
}

}  // namespace torc::protocol
