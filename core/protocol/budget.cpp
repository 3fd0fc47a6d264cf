// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/protocol/budget.hpp"

#include <algorithm>

namespace torc::protocol {
namespace {

/// Who asks gets a part of the pool at once, so that a sender with many tasks asks seldom. What it does not use comes
/// back.
constexpr std::int64_t part_of_pool = 4;

}  // namespace

std::int64_t budget::share_of(std::int64_t budget_bytes, int num_nodes) noexcept {
  return budget_bytes / 2 / std::max(1, num_nodes - 1);
}

budget::budget(std::int64_t bytes, std::uint32_t workers, int num_nodes)
    : m_share_bytes(share_of(bytes, num_nodes)),
      m_most_tasks(2 * workers),
      m_pool_bytes(bytes - m_share_bytes * std::max(0, num_nodes - 1)),
      m_accounts(static_cast<std::size_t>(num_nodes)) {
  for (account& sender : m_accounts) sender.allotted_bytes = m_share_bytes;
}

std::optional<budget::hold> budget::admit(node_id from, std::int64_t cost, depth level) {
  account& sender = account_of(from);
  if (cost > sender.allotted_bytes - sender.held_bytes) return std::nullopt;
  sender.held_bytes += cost;
  const auto at = static_cast<std::size_t>(level);
  if (cost == sender.beyond_bytes[at]) settle_beyond(sender, at);
  if (cost == sender.asked_bytes[at]) forget_request(from, at);
  ++m_num_queued[at];
  return hold{.bytes = cost, .level = level, .at = hold::stage::queued};
}

void budget::settle_beyond(account& sender, std::size_t level) noexcept {
  if (sender.beyond_bytes[level] == 0) return;
  sender.beyond_bytes[level] = 0;
  --m_num_beyond[level];
}

void budget::forget_request(node_id from, std::size_t level) {
  std::int64_t& asked = account_of(from).asked_bytes[level];
  if (asked == 0) return;
  asked = 0;
  std::erase(m_askers[level], from);
}

/// What was granted beyond the share goes back to the pool first.
std::int64_t budget::release(node_id from, hold& guest) noexcept {
  account& sender = account_of(from);
  const std::int64_t bytes = guest.bytes;
  guest.bytes = 0;
  sender.held_bytes -= bytes;
  const std::int64_t to_pool = std::clamp<std::int64_t>(sender.allotted_bytes - m_share_bytes, 0, bytes);
  sender.allotted_bytes -= to_pool;
  m_pool_bytes += to_pool;
  return bytes - to_pool;
}

std::int64_t budget::begin(node_id from, hold& guest) {
  if (guest.at != hold::stage::queued) return 0;
  --m_num_queued[static_cast<std::size_t>(guest.level)];
  if (m_num_begun < m_most_tasks) {
    ++m_num_begun;
    guest.at = hold::stage::begun;
    return release(from, guest);
  }
  guest.at = hold::stage::begun_and_holding;
  if (guest.level == depth::outer) ++m_num_outer_holding;
  return 0;
}

std::int64_t budget::end(node_id from, hold& guest) {
  switch (guest.at) {
    case hold::stage::none:
      return 0;
    case hold::stage::queued:
      --m_num_queued[static_cast<std::size_t>(guest.level)];
      break;
    case hold::stage::begun:
      --m_num_begun;
      break;
    case hold::stage::begun_and_holding:
      if (guest.level == depth::outer) --m_num_outer_holding;
      break;
  }
  guest.at = hold::stage::none;
  return release(from, guest);
}

void budget::ask(node_id from, std::int64_t cost, depth level, std::uint64_t request) {
  account& sender = account_of(from);
  const auto at = static_cast<std::size_t>(level);
  // The task for which that was meant went elsewhere: its grant was used for others, which are here, or will not be.
  settle_beyond(sender, at);
  std::int64_t& asked = sender.asked_bytes[at];
  if (asked == 0) m_askers[at].push_back(from);
  asked = cost;
  sender.requests[at] = request;
}

bool budget::give_back(node_id from, std::uint64_t bytes) {
  if (!take_back(from, bytes)) return false;
  for (std::size_t level = 0; level < num_levels; ++level) {
    settle_beyond(account_of(from), level);
    forget_request(from, level);
  }
  return true;
}

bool budget::give_grant_back(node_id from, std::uint64_t bytes, std::uint64_t request) {
  if (!take_back(from, bytes)) return false;
  for (std::size_t level = 0; level < num_levels; ++level) {
    if (account_of(from).requests[level] != request) continue;
    settle_beyond(account_of(from), level);
    forget_request(from, level);
  }
  return true;
}

bool budget::take_back(node_id from, std::uint64_t bytes) noexcept {
  account& sender = account_of(from);
  const std::int64_t most = std::min(sender.allotted_bytes - sender.held_bytes, sender.allotted_bytes - m_share_bytes);
  if (most < 0 || bytes > static_cast<std::uint64_t>(most)) return false;
  sender.allotted_bytes -= static_cast<std::int64_t>(bytes);
  m_pool_bytes += static_cast<std::int64_t>(bytes);
  return true;
}

bool budget::is_whole() const noexcept {
  return num_here() + m_num_begun + m_num_outer_holding == 0 &&
         std::all_of(m_accounts.begin(), m_accounts.end(), [this](const account& sender) {
           return sender.held_bytes == 0 && sender.allotted_bytes == m_share_bytes;
         });
}

bool budget::may_go_beyond(const account& sender, std::size_t level) const noexcept {
  // What was granted before for the same task was used for another one, which is here.
  const std::uint32_t again = sender.beyond_bytes[level] != 0 ? 1 : 0;
  const bool is_outer = level == static_cast<std::size_t>(depth::outer);
  const std::uint32_t counted = is_outer ? num_here() + m_num_outer_holding : num_here(level);
  return counted - again < m_most_tasks;
}

std::optional<budget::grant> budget::next_grant() {
  for (std::size_t level = 0; level < num_levels; ++level) {
    for (const node_id asker : m_askers[level]) {
      account& sender = account_of(asker);
      const std::int64_t cost = sender.asked_bytes[level];
      // A sender's request comes behind all that it has sent before, so this is what it has, or will have as soon as
      // what is on its way to it has come. It may use that for something else first, and then it misses more.
      const std::int64_t missing = cost - (sender.allotted_bytes - sender.held_bytes);
      if (missing <= 0) continue;
      const bool has_pool = missing <= m_pool_bytes;
      if (!has_pool && !may_go_beyond(sender, level)) return std::nullopt;
      if (!has_pool) {
        settle_beyond(sender, level);
        sender.beyond_bytes[level] = cost;
        ++m_num_beyond[level];
      }
      const std::int64_t granted = has_pool ? std::max(missing, m_pool_bytes / part_of_pool) : missing;
      m_pool_bytes -= granted;
      sender.allotted_bytes += granted;
      return grant{.to = asker, .bytes = granted, .request = sender.requests[level]};
    }
  }
  return std::nullopt;
}

}  // namespace torc::protocol
