// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <mutex>
#include <utility>

#include "core/runtime/progress.hpp"
#include "core/sched/queue/turn.hpp"

/// Limits that all nodes have together: between sched/wait/limits, which knows this node's tasks, and protocol/limits.
namespace torc::runtime {

using detail::record;

/// Lives until it has been answered, even if the caller could not wait for that.
struct progress::declaration {
  sched::baton settled;
  bool is_declared = false;
};

bool progress::declare_limit(const std::string& name, int capacity, bool is_per_node) {
  const auto request = std::make_shared<declaration>();
  post([this, request, name, capacity, is_per_node] {
    const std::uint64_t number = m_next_declaration++;
    m_declarations.emplace(number, request);
    m_node.declare_limit(number, name, static_cast<std::uint64_t>(capacity), is_per_node);
  });
  request->settled.wait();
  return request->is_declared;
}

void progress::limit_settled(std::uint64_t request, bool is_declared) {
  const auto found = m_declarations.find(request);
  if (found == m_declarations.end()) throw protocol::violation("an answer about a limit that nobody has declared");
  const auto answered = std::move(found->second);
  m_declarations.erase(found);
  answered->is_declared = is_declared;
  answered->settled.notify();
}

void progress::limit_declared(std::uint32_t number, const std::string& name, std::uint64_t capacity, bool is_per_node) {
  sched::revoked_tasks revoked;
  for (record* const task :
       m_scheduler->limits().declare(number, name, static_cast<std::int64_t>(capacity), is_per_node, revoked))
    m_scheduler->queue_first(*task);
  drop(revoked);
}

// Units. What a task gives back must have been sent before others hear that it is over: see send_queued.

void progress::ask_for_units(std::uint32_t limit, std::uint32_t units, double priority, std::uint64_t ticket) noexcept {
  queue_units({limit, units, priority, ticket});
}

void progress::give_units_back(std::uint32_t limit, std::uint32_t units) noexcept {
  queue_units({limit, units, sched::no_priority, std::nullopt});
}

void progress::queue_units(const units_move& move) noexcept {
  {
    const std::scoped_lock lock(m_units_lock);
    m_units.push_back(move);
    m_has_units.store(true, std::memory_order_seq_cst);
  }
  send_now(false);
  wake_server();
}

bool progress::send_units() {
  if (!m_has_units.load(std::memory_order_acquire)) return false;
  std::vector<units_move> moves;
  {
    const std::scoped_lock lock(m_units_lock);
    moves.swap(m_units);
    m_has_units.store(false, std::memory_order_seq_cst);
  }
  for (const units_move& move : moves) {
    if (move.ticket) {
      m_node.ask_for_units(move.limit, move.units, *move.ticket, move.priority);
    } else {
      m_node.give_units_back(move.limit, move.units);
    }
  }
  return true;
}

bool progress::units_granted(std::uint64_t ticket, std::uint32_t units) {
  sched::limits& all = m_scheduler->limits();
  if (!all.has_asked(ticket)) throw protocol::violation("units of a limit arrived for a task that is not there");
  sched::revoked_tasks revoked;
  record* const task = all.granted(ticket, units, revoked);
  drop(revoked);
  if (task == nullptr) return false;
  m_scheduler->queue_first(*task);
  return true;
}

}  // namespace torc::runtime
