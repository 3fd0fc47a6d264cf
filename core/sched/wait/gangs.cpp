// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/sched/wait/gangs.hpp"

#include <algorithm>

#include "core/base/try_lock.hpp"
#include "core/sched/queue/queue_link.hpp"

namespace torc::sched {

void gangs::request(detail::record& task, int cores, mailbox* leader) {
  auto g = std::make_shared<gang>();
  g->task = &task;
  g->leader = leader;
  g->cores = cores;
  link_in(task);
  const std::scoped_lock lock(m_mutex);
  m_waiting.push_back(std::move(g));
  m_is_wanted.store(true, std::memory_order_seq_cst);
}

void gangs::request_again(detail::record& task, int cores, mailbox& leader, fiber::fiber& suspended) {
  auto g = std::make_shared<gang>();
  g->task = &task;
  g->leader = &leader;
  g->suspended = &suspended;
  g->cores = cores;
  const std::scoped_lock lock(m_mutex);
  m_waiting.push_back(std::move(g));
  m_is_wanted.store(true, std::memory_order_seq_cst);
}

bool gangs::is_complete(const gang& g) { return static_cast<int>(g.joined.size()) == g.cores; }

/// Not of one whose task was cancelled: it does not stand at the front any more.
bool gangs::is_turn_of(const mailbox& self, const gang& g) {
  return !g.has_begun && !g.is_over && is_complete(g) && &self == (g.leader != nullptr ? g.leader : g.joined.back());
}

bool gangs::can_begin(const mailbox& self, const gang& g) {
  const std::scoped_lock lock(m_mutex);
  return is_turn_of(self, g);
}

/// The leader's place is kept for it.
bool gangs::has_place(const gang& g, const mailbox& self) {
  const bool has_leader =
      g.leader == nullptr || std::find(g.joined.begin(), g.joined.end(), g.leader) != g.joined.end();
  const int places = g.cores - static_cast<int>(g.joined.size()) - (has_leader || g.leader == &self ? 0 : 1);
  return places > 0;
}

bool gangs::has_place_for(const mailbox& self) const {
  if (!is_wanted()) return false;
  const std::scoped_lock lock(m_mutex);
  return !m_waiting.empty() && has_place(*m_waiting.front(), self);
}

std::shared_ptr<gang> gangs::join(mailbox& self) {
  const std::scoped_lock lock(m_mutex);
  if (m_waiting.empty()) return nullptr;
  const std::shared_ptr<gang>& g = m_waiting.front();
  if (!has_place(*g, self)) return nullptr;
  g->joined.push_back(&self);
  if (is_complete(*g) && g->leader != nullptr && g->leader != &self) g->leader->wake();
  return g;
}

bool gangs::try_begin(mailbox& self, gang& g) {
  const std::scoped_lock lock(m_mutex);
  if (!is_turn_of(self, g)) return false;
  g.has_begun.store(true, std::memory_order_release);
  if (g.suspended == nullptr) link_out(*g.task);  // else it is an owner, not a link
  m_waiting.pop_front();
  m_is_wanted.store(!m_waiting.empty(), std::memory_order_seq_cst);
  return true;
}

std::vector<int> gangs::members_of(const gang& g) const {
  const std::scoped_lock lock(m_mutex);
  std::vector<int> ids;
  for (const mailbox* w : g.joined) ids.push_back(w->local_id());
  return ids;
}

bool gangs::leave(mailbox& self, gang& g) {
  const std::scoped_lock lock(m_mutex);
  if (g.has_begun || is_complete(g)) return false;
  std::erase(g.joined, &self);
  return true;
}

bool gangs::look(std::vector<gang_state>& all, const task_noter& note) const {
  const auto lock = base::lock_soon(m_mutex);
  if (!lock.owns_lock()) return false;
  for (const auto& g : m_waiting) {
    if (g->suspended == nullptr) note(*g->task);
    all.push_back({.task = task::naming_of(*g->task), .cores = g->cores, .joined = static_cast<int>(g->joined.size())});
  }
  return true;
}

detail::record* gangs::take_leftover() {
  const std::scoped_lock lock(m_mutex);
  if (m_waiting.empty()) return nullptr;
  detail::record* const task = m_waiting.front()->task;
  link_out(*task);
  m_waiting.pop_front();
  return task;
}

detail::record* gangs::take_unbegun() {
  if (!is_wanted()) return nullptr;
  const std::scoped_lock lock(m_mutex);
  const auto found =
      std::find_if(m_waiting.begin(), m_waiting.end(), [](const auto& g) { return g->suspended == nullptr; });
  if (found == m_waiting.end()) return nullptr;
  detail::record* const task = (*found)->task;
  link_out(*task);
  release(**found);
  m_waiting.erase(found);
  m_is_wanted.store(!m_waiting.empty(), std::memory_order_seq_cst);
  return task;
}

/// Under the lock.
void gangs::release(gang& g) {
  g.is_over.store(true, std::memory_order_release);
  for (mailbox* helper : g.joined) helper->wake();
}

void gangs::disband(gang& g) {
  const std::scoped_lock lock(m_mutex);
  release(g);
}

std::size_t gangs::take_revoked(revoked_tasks& into) {
  const std::scoped_lock lock(m_mutex);
  std::erase_if(m_waiting, [&](const std::shared_ptr<gang>& g) {
    if (g->suspended != nullptr || !is_revoked(*g->task)) return false;
    link_out(*g->task);
    into.push(*g->task);
    release(*g);
    return true;
  });
  m_is_wanted.store(!m_waiting.empty(), std::memory_order_seq_cst);
  return m_waiting.size();
}

}  // namespace torc::sched
