// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "core/protocol/node.hpp"

namespace tests {

using torc::protocol::cancel_verdict;
using torc::protocol::message;
using torc::protocol::message_kind;
using torc::protocol::node_id;
using torc::protocol::task_ref;
namespace flags = torc::protocol::message_flags;

inline constexpr node_id self{0};
inline constexpr node_id one{1};
inline constexpr node_id two{2};
inline constexpr node_id three{3};
inline constexpr node_id four{4};

/// One node without others: what it sends is kept, and what it asks of its scheduler is noted.
class bare_node : private torc::protocol::outbox, private torc::protocol::local_side {
 public:
  struct settings : torc::protocol::node_settings {
    settings() {
      num_nodes = 4;
      is_stealing = true;
      budget_bytes = 6000;  // a share of 1000 bytes for each of the others
    }
    settings& on(node_id where) {
      self = where;
      return *this;
    }
    settings& of(int count) {
      num_nodes = count;
      return *this;
    }
  };
  explicit bare_node(const settings& chosen = {}) : node(chosen, *this, *this) {}
  bare_node(const bare_node&) = delete;
  bare_node& operator=(const bare_node&) = delete;
  virtual ~bare_node() = default;

  struct letter {
    node_id to{0};
    message what;
    std::vector<std::byte> bytes;
  };
  struct guest {
    std::uint64_t name = 0;
    std::uint8_t flags = 0;
    bool stays = false;
  };
  struct completion {
    task_ref task{};
    std::uint8_t flags = 0;
  };

  /// Delivers a message with so many bytes as payload.
  void get(node_id from, message what, std::size_t bytes = 0) {
    std::vector<std::byte> payload(bytes);
    what.payload = payload;
    node.receive(from, what);
  }
  /// A guest arrives from its home; its name here.
  std::uint64_t get_task(node_id home, std::uint64_t name, std::uint8_t with = flags::movable, std::size_t bytes = 10) {
    get(home, {.kind = message_kind::task, .flags = with, .home = home, .id = name}, bytes);
    return guests.back().name;
  }
  /// The oldest message that was sent and not looked at yet.
  letter next() {
    if (sent.empty()) return {torc::base::no_node, {}, {}};
    letter first = std::move(sent.front());
    sent.pop_front();
    return first;
  }
  std::size_t count(message_kind kind) const {
    std::size_t found = 0;
    for (const letter& one_sent : sent) found += one_sent.what.kind == kind ? 1 : 0;
    return found;
  }

  std::deque<letter> sent;
  std::vector<task_ref> departed;
  std::vector<std::pair<task_ref, torc::protocol::leaving>> preparing;
  std::uint64_t last_name = 0;  ///< of the last one that departed
  std::vector<task_ref> kept;
  std::vector<guest> guests;
  std::vector<completion> completions;
  std::vector<std::pair<task_ref, bool>> decisions;
  std::vector<task_ref> expired_tasks;
  std::vector<std::string> news;
  std::vector<torc::protocol::job_counts> surveys;
  std::vector<std::pair<std::uint64_t, bool>> settled;           ///< limits
  std::vector<std::pair<std::uint64_t, std::uint32_t>> granted;  ///< their units

  // How the scheduler behaves.
  std::size_t task_bytes = 100;
  bool may_depart = true;
  bool encodes_at_once = true;
  bool can_cancel = true;
  bool wants_units = true;
  torc::protocol::job_counts own_counts;
  std::vector<std::uint32_t> lacking;  ///< limits whose units tasks wait for here
  bool starves = true;
  std::uint64_t starving_spaces = 0;
  std::uint64_t spaces_needed = 0;  ///< by what it has to give
  std::vector<torc::protocol::take_limits> asked_limits;
  torc::protocol::demand watched;
  std::uint32_t cores_needed = 1;
  std::deque<task_ref> to_give;
  std::deque<std::uint64_t> guests_to_give;

  torc::protocol::node node;

 private:
  void send(node_id to, const message& what) override {
    sent.push_back({to, what, {what.payload.begin(), what.payload.end()}});
  }
  bool prepare(task_ref task, const torc::protocol::leaving& how) override {
    if (encodes_at_once) return true;
    preparing.emplace_back(task, how);
    return false;
  }
  bool depart(task_ref task, std::uint64_t name, torc::protocol::payload& encoded) override {
    if (!may_depart) return false;
    last_name = name;
    departed.push_back(task);
    m_bytes.assign(task_bytes, std::byte{7});
    encoded = {m_bytes, &m_bytes};
    return true;
  }
  void take(const torc::protocol::take_limits& limits, torc::protocol::taker& thief) override {
    asked_limits.push_back(limits);
    if (limits.workers < cores_needed || (spaces_needed & ~limits.spaces) != 0) return;
    m_bytes.assign(task_bytes, std::byte{7});
    const std::size_t most = (to_give.size() + guests_to_give.size() + 1) / 2;
    for (std::size_t i = 0; i < most; ++i) {
      if (guests_to_give.empty()) {
        thief.give(to_give.front());
        to_give.pop_front();
      } else {
        thief.give_guest(guests_to_give.front(), {m_bytes});
        guests_to_give.pop_front();
      }
    }
  }
  void keep(task_ref task) override { kept.push_back(task); }
  void arrived(const torc::protocol::arrival& task) override { guests.push_back({task.guest, task.flags, task.stays}); }
  void expired(task_ref task, torc::protocol::payload /*failure*/) override { expired_tasks.push_back(task); }
  void completed(task_ref task, node_id /*at*/, std::uint8_t with, torc::protocol::payload /*result*/) override {
    completions.push_back({task, with});
  }
  bool cancel_guest(std::uint64_t /*guest*/) override { return can_cancel; }
  void cancel_decided(task_ref task, bool is_cancelled) override { decisions.emplace_back(task, is_cancelled); }
  torc::protocol::demand starving() override { return {.is_for_workers = starves, .spaces = starving_spaces}; }
  void watch_surplus(const torc::protocol::demand& wanted) override { watched = wanted; }
  void stealing_changed(bool is_on) override { news.emplace_back(is_on ? "stealing" : "no stealing"); }
  void broadcast_arrived(node_id /*root*/, std::uint64_t /*id*/, torc::protocol::payload /*value*/) override {
    news.emplace_back("broadcast");
  }
  void broadcast_forgotten(node_id /*root*/, std::uint64_t /*id*/) override { news.emplace_back("forgotten"); }
  void spmd_granted() override { news.emplace_back("spmd"); }
  void spmd_settled(node_id home) override { news.push_back("settled " + std::to_string(number_of(home))); }
  void primary_returned() override { news.emplace_back("returned"); }
  void report_asked(node_id asker, std::uint64_t why) override {
    news.push_back("asked by " + std::to_string(number_of(asker)) + " for " + std::to_string(why));
  }
  void report_arrived(node_id from, torc::protocol::payload part) override {
    news.push_back("part of " + std::to_string(number_of(from)) + ": " + std::to_string(part.bytes.size()));
  }
  void report_ended(node_id asker) override { news.push_back("end by " + std::to_string(number_of(asker))); }
  torc::protocol::job_counts counts() override { return own_counts; }
  void surveyed(const torc::protocol::job_counts& of_all) override { surveys.push_back(of_all); }
  void limit_declared(std::uint32_t number, const std::string& name, std::uint64_t capacity,
                      bool is_per_node) override {
    news.push_back("limit " + std::to_string(number) + " '" + name + "' " + std::to_string(capacity) +
                   (is_per_node ? " per node" : ""));
  }
  void limit_settled(std::uint64_t request, bool is_declared) override { settled.emplace_back(request, is_declared); }
  bool units_granted(std::uint64_t ticket, std::uint32_t units) override {
    granted.emplace_back(ticket, units);
    return wants_units;
  }
  bool lacks_units(std::uint32_t limit) override {
    return std::find(lacking.begin(), lacking.end(), limit) != lacking.end();
  }
  void stop_requested(std::uint64_t signal) override { news.push_back("wish to stop " + std::to_string(signal)); }
  void stopped(std::uint64_t signal) override { news.push_back("stopped " + std::to_string(signal)); }
  void abandoned() override { news.emplace_back("abandoned"); }
  void shutting_down(std::uint64_t status) override { news.push_back("shutdown " + std::to_string(status)); }
  void ended() override { news.emplace_back("ended"); }

  std::vector<std::byte> m_bytes;
};

}  // namespace tests
