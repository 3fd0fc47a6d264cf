// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/base/clock.hpp"
#include "core/protocol/transport.hpp"
#include "unit_tests/storm/credit_check.hpp"
#include "unit_tests/storm/dice.hpp"

namespace storm {

/// Wraps a network and makes it as bad as it may be: from a seed it holds messages back, lets them come in bursts,
/// looks for them late, keeps the role when it has found some, sleeps on when it is rung, flushes late or early, and
/// says that ranks are on different hosts. Between two nodes the order stays.
class hostile_transport final : public torc::protocol::transport {
 public:
  using node_id = torc::protocol::node_id;
  using message = torc::protocol::message;

  explicit hostile_transport(std::unique_ptr<torc::protocol::transport> inner);

  /// Behaves as the wrapped one.
  void be_kind();
  /// Everything from now on follows from the seed, some of which leave it as it is. While no session is open.
  void be_hostile(std::uint64_t seed);
  /// Looks from now on, when it is hostile, whether tasks of others hold more here than this node's workers allow.
  void check_credit(int workers, std::function<void(const std::string&)> complain);
  /// Called before the job is ended.
  void set_last_words(void (*print)()) noexcept { m_last_words = print; }

  node_id self() const noexcept override { return m_inner->self(); }
  int num_nodes() const noexcept override { return m_inner->num_nodes(); }
  bool may_overlap() const noexcept override { return m_inner->may_overlap(); }
  const std::vector<std::string>& hosts() const noexcept override {
    return m_hosts.empty() ? m_inner->hosts() : m_hosts;
  }
  void send(node_id to, const message& sent) override;
  void flush() override;
  bool poll(torc::protocol::inbox& receiver) override;
  bool is_flushed() const noexcept override { return m_inner->is_flushed(); }
  bool meet() override { return m_inner->meet(); }
  std::vector<std::vector<std::byte>> all_gather(std::span<const std::byte> mine) override {
    return m_inner->all_gather(mine);
  }
  void begin_polling() noexcept override { m_inner->begin_polling(); }
  bool end_polling() noexcept override { return m_inner->end_polling(); }
  void sleep(std::chrono::nanoseconds longest) noexcept override;
  void ring() noexcept override { m_inner->ring(); }
  bool has_doorbell_everywhere() const noexcept override {
    return m_hosts.empty() && m_inner->has_doorbell_everywhere();
  }
  std::int64_t budget_bytes() const noexcept override;
  [[noreturn]] void abort(std::string_view reason, int status) noexcept override;

 private:
  struct letter {
    message header;
    std::vector<std::byte> payload;
    bool is_large = false;
    torc::base::time_point due;
  };
  struct mailbag final : torc::protocol::inbox {
    explicit mailbag(hostile_transport& keeper) : owner(keeper) {}
    void receive(node_id from, const message& arrived) override { owner.keep(from, arrived); }
    hostile_transport& owner;
  };

  void keep(node_id from, const message& arrived);
  bool deliver(std::deque<letter>& lane, node_id from, torc::protocol::inbox& receiver);

  const std::unique_ptr<torc::protocol::transport> m_inner;
  mailbag m_bag{*this};
  void (*m_last_words)() = nullptr;
  bool m_is_hostile = false;
  std::vector<std::string> m_hosts;  ///< pretended; empty if not
  std::int64_t m_budget_bytes = 0;   ///< 0 if as the wrapped one's

  // By the holder of the role.
  credit_check m_credit;
  std::function<void(const std::string&)> m_complain;
  dice m_dice{0};
  std::uint32_t m_holds_one_in = 2;  ///< of the messages that arrive
  std::uint32_t m_longest_hold_us = 0;
  std::uint32_t m_dawdles_one_in = 2;  ///< after messages have arrived, before anybody hears of them
  std::uint32_t m_skips_poll_one_in = 2;
  std::uint32_t m_skips_flush_one_in = 2;
  std::uint32_t m_flushes_one_in = 2;       ///< at once, of what is sent
  std::vector<std::deque<letter>> m_lanes;  ///< by sender

  std::atomic<bool> m_is_behind{false};  ///< something is held back, or was not looked for
  std::mutex m_sleep_mutex;
  dice m_sleep_dice{0};
};

}  // namespace storm
