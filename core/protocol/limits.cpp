// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <utility>

#include "core/protocol/node.hpp"

/// Counting limits of the whole job. Node 0 knows them all and counts their units; it numbers them and tells each of
/// them, and each change of capacity, along the tree. Who has declared one hears that it is done once all nodes have
/// heard of it: so whatever is submitted afterwards, wherever it goes and by whatever way, finds it known.
namespace torc::protocol {
namespace {

std::string text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// No number if there is none in them.
double priority_in(std::span<const std::byte> bytes) {
  double priority = std::numeric_limits<double>::quiet_NaN();
  if (bytes.size() == sizeof priority) std::memcpy(&priority, bytes.data(), sizeof priority);
  return priority;
}

}  // namespace

// Declaring.

void node::declare_limit(std::uint64_t request, std::string_view name, std::uint64_t capacity, bool is_per_node) {
  if (m_termination.is_shutting_down) {  // no task will ask for it
    m_local.limit_settled(request, true);
    return;
  }
  const message requested{.kind = message_kind::limit_request,
                          .flags = is_per_node ? message_flags::per_node : std::uint8_t{0},
                          .home = m_settings.self,
                          .id = request,
                          .value = capacity,
                          .payload = std::as_bytes(std::span(name))};
  if (m_tree.is_root()) {
    on_limit_request(m_settings.self, requested);
  } else {
    send(base::first_node, requested);
  }
}

void node::on_limit_request(node_id from, const message& arrived) {
  if (!m_tree.is_root()) fail(from, "a limit that is node 0's to declare");
  if (arrived.value == 0 || arrived.value > largest_capacity) fail(from, "a limit with a capacity that cannot be");
  const std::string name = text_of(arrived.payload);
  const bool is_per_node = (arrived.flags & message_flags::per_node) != 0;
  std::uint32_t number = 0;
  while (number < m_limits.size() && m_limits[number].name != name) ++number;
  if (number == m_limits.size()) m_limits.push_back({.name = name, .is_per_node = is_per_node, .line = {}});
  job_limit& declared = m_limits[number];
  if (declared.is_per_node != is_per_node) {
    settle_limit({from, arrived.id}, false);
    return;
  }
  declared.line.set_capacity(static_cast<std::int64_t>(arrived.value));
  on_limit(m_settings.self,
           {.kind = message_kind::limit,
            .flags = arrived.flags,
            .workers = number,
            .id = m_num_limit_news,
            .value = arrived.value,
            .payload = arrived.payload},
           {from, arrived.id});
  grant_units(number);
}

void node::on_limit(node_id from, const message& arrived, const requester& by) {
  check_way(from, base::first_node);
  if (arrived.id != m_num_limit_news) fail(from, "news of a limit out of order");
  ++m_num_limit_news;
  pass_on(arrived, base::first_node, [&] {
    m_local.limit_declared(arrived.workers, text_of(arrived.payload), arrived.value,
                           (arrived.flags & message_flags::per_node) != 0);
  });
  m_limit_news.emplace_back(m_tree.num_children(), by);
  confirm_limits();
}

/// All below have heard of what is at the front: tells the node above, or whoever has declared it.
void node::confirm_limits() {
  while (!m_limit_news.empty() && m_limit_news.front().first == 0) {
    const requester by = m_limit_news.front().second;
    m_limit_news.pop_front();
    const std::uint64_t number = m_num_limits_confirmed++;
    if (m_tree.is_root()) {
      settle_limit(by, true);
    } else {
      send(m_tree.parent(), {.kind = message_kind::limit_heard, .id = number});
    }
  }
}

void node::on_limit_heard(node_id from, const message& arrived) {
  const std::uint64_t place = arrived.id - m_num_limits_confirmed;
  const bool is_child = from != m_settings.self && tree(from, m_settings.num_nodes).parent() == m_settings.self;
  if (!is_child || place >= m_limit_news.size() || m_limit_news[place].first == 0)
    fail(from, "that it has heard of a limit which it was not told of");
  --m_limit_news[place].first;
  confirm_limits();
}

void node::settle_limit(const requester& by, bool is_declared) {
  if (by.node == m_settings.self) {
    m_local.limit_settled(by.request, is_declared);
  } else {
    send(by.node, {.kind = message_kind::limit_settled, .id = by.request, .value = is_declared ? 1U : 0U});
  }
}

void node::on_limit_settled(node_id from, const message& arrived) {
  if (from != base::first_node || arrived.value > 1) fail(from, "an answer about a limit that is node 0's to give");
  m_local.limit_settled(arrived.id, arrived.value == 1);
}

// Units.

void node::ask_for_units(std::uint32_t limit, std::uint32_t units, std::uint64_t ticket, double priority) {
  const message requested{.kind = message_kind::units_request,
                          .workers = units,
                          .id = limit,
                          .value = ticket,
                          .payload = std::as_bytes(std::span(&priority, 1))};
  if (m_tree.is_root()) {
    on_units_request(m_settings.self, requested);
  } else {
    send(base::first_node, requested);
  }
}

void node::give_units_back(std::uint32_t limit, std::uint32_t units) {
  const message back{.kind = message_kind::units_back, .workers = units, .id = limit};
  if (m_tree.is_root()) {
    on_units_back(m_settings.self, back);
  } else {
    send(base::first_node, back);
  }
}

node::job_limit& node::limit_at(node_id from, std::uint64_t number) {
  if (!m_tree.is_root() || number >= m_limits.size() || m_limits[number].is_per_node)
    fail(from, "a limit that node 0 does not count");
  return m_limits[number];
}

void node::on_units_request(node_id from, const message& arrived) {
  job_limit& wanted = limit_at(from, arrived.id);
  if (arrived.workers == 0 || arrived.workers > largest_capacity) fail(from, "a wish for units that cannot be");
  const double priority = priority_in(arrived.payload);
  if (std::isnan(priority)) fail(from, "a wish for units with a priority that is no number");
  wanted.line.ask({from, arrived.value}, arrived.workers, priority);
  grant_units(static_cast<std::uint32_t>(arrived.id));
}

void node::on_units_back(node_id from, const message& arrived) {
  job_limit& used = limit_at(from, arrived.id);
  if (arrived.workers == 0 || arrived.workers > used.line.in_use()) fail(from, "units of a limit that were not in use");
  used.line.give_back(arrived.workers);
  grant_units(static_cast<std::uint32_t>(arrived.id));
}

bool node::are_units_back() const noexcept {
  return std::all_of(m_limits.begin(), m_limits.end(),
                     [](const job_limit& one) { return one.line.in_use() == 0 && one.line.num_waiting() == 0; });
}

/// Whoever is told may give them back at once, before this returns.
void node::grant_units(std::uint32_t limit) {
  while (const auto next = m_limits[limit].line.next()) {
    const message granted{.kind = message_kind::units,
                          .workers = static_cast<std::uint32_t>(next->units),
                          .id = limit,
                          .value = next->to.request};
    if (next->to.node == m_settings.self) {
      if (!m_local.units_granted(granted.value, granted.workers)) m_limits[limit].line.give_back(granted.workers);
    } else {
      send(next->to.node, granted);
    }
  }
}

void node::on_units(node_id from, const message& arrived) {
  if (from != base::first_node || arrived.workers == 0) fail(from, "units of a limit that are node 0's to give");
  // Given back in the same turn: nobody has counted without these messages.
  if (!m_local.units_granted(arrived.value, arrived.workers))
    give_units_back(static_cast<std::uint32_t>(arrived.id), arrived.workers);
}

}  // namespace torc::protocol
