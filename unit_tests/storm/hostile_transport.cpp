// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "unit_tests/storm/hostile_transport.hpp"

#include <algorithm>
#include <array>
#include <thread>
#include <utility>

namespace storm {

using namespace std::chrono_literals;

hostile_transport::hostile_transport(std::unique_ptr<torc::protocol::transport> inner)
    : m_inner(std::move(inner)), m_lanes(static_cast<std::size_t>(m_inner->num_nodes())) {}

void hostile_transport::be_kind() {
  m_is_hostile = false;
  m_hosts.clear();
  m_budget_bytes = 0;
}

void hostile_transport::be_hostile(std::uint64_t seed) {
  dice common(seed);  // what all nodes must agree on
  be_kind();
  if (common.one_in(5)) return;
  m_is_hostile = true;
  const std::uint32_t num_hosts = 1 + common.below(4);
  if (num_hosts > 1) {
    for (int node = 0; node < num_nodes(); ++node) m_hosts.push_back("host" + std::to_string(common.below(num_hosts)));
  }
  if (common.one_in(2)) m_budget_bytes = 1 + common.below(4000);

  const auto own = static_cast<std::uint64_t>(torc::base::number_of(self()));
  m_dice = dice(seed + 1000 + own);
  m_sleep_dice = dice(seed + 2000 + own);
  m_holds_one_in = 1 + m_dice.below(20);
  constexpr std::array longest{100U, 100U, 100U, 3000U, 3000U, 20000U};
  m_longest_hold_us = longest[m_dice.below(longest.size())];
  m_dawdles_one_in = 2 + m_dice.below(30);
  m_skips_poll_one_in = 2 + m_dice.below(8);
  m_skips_flush_one_in = 2 + m_dice.below(8);
  m_flushes_one_in = 1 + m_dice.below(8);
}

void hostile_transport::check_credit(int workers, std::function<void(const std::string&)> complain) {
  m_credit.begin(self(), budget_bytes(), workers);
  m_complain = std::move(complain);
}

std::int64_t hostile_transport::budget_bytes() const noexcept {
  return m_budget_bytes > 0 ? m_budget_bytes : m_inner->budget_bytes();
}

void hostile_transport::send(node_id to, const message& sent) {
  m_credit.leaves(to, sent);
  m_inner->send(to, sent);
  if (m_is_hostile && m_dice.one_in(m_flushes_one_in)) m_inner->flush();
}

void hostile_transport::flush() {
  if (m_is_hostile && m_dice.one_in(m_skips_flush_one_in)) {
    m_is_behind.store(true);  // until the next turn, which is soon then
    return;
  }
  m_inner->flush();
}

void hostile_transport::keep(node_id from, const message& arrived) {
  auto& lane = m_lanes[torc::base::index_of(from)];
  letter& kept = lane.emplace_back();
  kept.header = arrived;
  kept.is_large = arrived.buffer != nullptr;
  if (kept.is_large) {
    kept.payload = std::move(*arrived.buffer);
  } else {
    kept.payload.assign(arrived.payload.begin(), arrived.payload.end());
  }
  kept.due = torc::base::now();
  if (m_dice.one_in(m_holds_one_in)) kept.due += std::chrono::microseconds(m_dice.below(m_longest_hold_us));
}

bool hostile_transport::deliver(std::deque<letter>& lane, node_id from, torc::protocol::inbox& receiver) {
  bool has_delivered = false;
  while (!lane.empty() && lane.front().due <= torc::base::now()) {
    letter next = std::move(lane.front());
    lane.pop_front();
    next.header.payload = next.payload;
    next.header.buffer = next.is_large ? &next.payload : nullptr;
    if (m_complain) {
      if (const auto objection = m_credit.arrives(next.header)) m_complain(*objection);
    }
    receiver.receive(from, next.header);
    has_delivered = true;
    if (m_dice.one_in(4)) break;  // the rest with the next poll
  }
  return has_delivered;
}

bool hostile_transport::poll(torc::protocol::inbox& receiver) {
  if (!m_is_hostile) return m_inner->poll(receiver);
  if (m_dice.one_in(m_skips_poll_one_in)) {
    m_is_behind.store(true);
    return false;
  }
  m_inner->poll(m_bag);
  bool has_delivered = false;
  const std::size_t first = m_dice.below(static_cast<std::uint32_t>(m_lanes.size()));
  for (std::size_t i = 0; i < m_lanes.size(); ++i) {
    const std::size_t sender = (first + i) % m_lanes.size();
    has_delivered |= deliver(m_lanes[sender], node_id{static_cast<std::int32_t>(sender)}, receiver);
  }
  m_is_behind.store(std::any_of(m_lanes.begin(), m_lanes.end(), [](const auto& lane) { return !lane.empty(); }));
  // What came is known by then to whoever has the role, and to nobody else.
  if (has_delivered && m_dice.one_in(m_dawdles_one_in))
    std::this_thread::sleep_for(std::chrono::microseconds(m_dice.below(200)));
  return has_delivered;
}

/// What it has hidden from a poll nobody will ring for: so it looks again soon.
void hostile_transport::sleep(std::chrono::nanoseconds longest) noexcept {
  if (!m_is_hostile) {
    m_inner->sleep(longest);
    return;
  }
  std::uint32_t oversleep_us = 0;
  {
    const std::scoped_lock lock(m_sleep_mutex);
    if (m_sleep_dice.one_in(4)) oversleep_us = m_sleep_dice.below(500);
  }
  m_inner->sleep(m_is_behind.load() ? std::min<std::chrono::nanoseconds>(longest, 200us) : longest);
  if (oversleep_us > 0) std::this_thread::sleep_for(std::chrono::microseconds(oversleep_us));
}

void hostile_transport::abort(std::string_view reason, int status) noexcept {
  if (m_last_words != nullptr) m_last_words();
  m_inner->abort(reason, status);
  __builtin_unreachable();
}

}  // namespace storm
