// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/runtime/current.hpp"

#include <fmt/format.h>

#include <atomic>
#include <torc/error.hpp>

#include "core/base/forked_child.hpp"
#include "core/sched/worker/calling_task.hpp"
#include "core/sched/worker/completion.hpp"
#include "core/sched/worker/worker.hpp"

namespace torc::runtime {
namespace {

published<session> g_open_session;
published<sched::scheduler> g_scheduler;
std::atomic<bool> g_has_ended{false};     ///< a primary task, in this session, and no other one has begun
std::atomic<bool> g_is_first_node{true};  ///< in the last session that was opened

// Nothing is closed before its workers have ended.

session* session_of_worker() noexcept { return sched::worker::current() != nullptr ? g_open_session.look() : nullptr; }

sched::scheduler* scheduler_of_worker() noexcept {
  const sched::worker* const here = sched::worker::current();
  return here != nullptr ? &here->scheduler() : nullptr;
}

[[noreturn]] void throw_none_open(const char* where) {
  refuse_in_child(where);
  throw error(fmt::format("{}: no session is open: call this in the function given to torc::start, or after torc::init",
                          where));
}

[[noreturn]] void throw_none_runs(const char* where) {
  refuse_in_child(where);
  if (g_has_ended.load(std::memory_order_relaxed)) {
    throw error(fmt::format(
        "{}: no session is running any more: the primary task has ended{}; move this call into the function given to "
        "torc::start{}",
        where,
        g_is_first_node.load(std::memory_order_relaxed)
            ? ", and torc does nothing after it"
            : " on node 0, and code outside of it, which runs on every rank, has no tasks",
        g_is_first_node.load(std::memory_order_relaxed) ? "" : ", or return where torc::launch() gives false"));
  }
  if (g_open_session.look() != nullptr)
    throw error(
        fmt::format("{}: no session is running: call torc::launch first, which begins the primary task", where));
  throw error(
      fmt::format("{}: no session is running: call this in the function given to torc::start; code outside of it runs "
                  "on every rank "
                  "and has no tasks",
                  where));
}

}  // namespace

held_session::held_session() noexcept : use(g_open_session, session_of_worker()) {}
held_session::held_session(const char* where) : held_session() {
  if (!*this) throw_none_open(where);
}

held_scheduler::held_scheduler() noexcept : use(g_scheduler, scheduler_of_worker()) {}
held_scheduler::held_scheduler(const char* where) : held_scheduler() {
  if (!*this) throw_none_runs(where);
}

session* current_session() noexcept { return g_open_session.look(); }

session& own_session(const char* where) {
  session* const open = current_session();
  if (open == nullptr) {
    refuse_in_child(where);
    throw error(fmt::format("{}: no session is open: call torc::init first", where));
  }
  return *open;
}

sched::scheduler& running_scheduler(const char* where) {
  if (sched::scheduler* const own = scheduler_of_worker(); own != nullptr) return *own;
  sched::scheduler* const running = g_scheduler.look();
  if (running == nullptr) throw_none_runs(where);
  return *running;
}

bool is_running() noexcept { return g_scheduler.look() != nullptr; }

submitter::submitter(const char* where) : m_task(sched::calling_task()) {
  if (m_task != nullptr) return;
  m_held.emplace(where);
  m_task = m_outside = &(*m_held)->open_outside(where);
}

submitter::~submitter() {
  if (m_outside != nullptr) sched::close_scope(*m_outside);
}

void refuse_in_child(const char* where) {
  if (base::is_forked_child())
    throw error(
        fmt::format("{}: this process is a child of fork, without the threads of its parent: it may exec or end, "
                    "but not call torc",
                    where));
}

void leave_session_in_child() noexcept {
  g_open_session.forget();
  g_scheduler.forget();
}

void publish_session(session& opened) noexcept {
  g_has_ended.store(false, std::memory_order_relaxed);
  g_is_first_node.store(opened.is_first_node(), std::memory_order_relaxed);
  g_open_session.open(opened);
}

void withdraw_session() noexcept { g_open_session.close(); }

void publish_scheduler(sched::scheduler& opened) noexcept {
  g_has_ended.store(false, std::memory_order_relaxed);
  g_scheduler.open(opened);
}

void withdraw_scheduler() noexcept { g_scheduler.close(); }

bool has_ended_on_other_node() noexcept {
  return g_has_ended.load(std::memory_order_relaxed) && !g_is_first_node.load(std::memory_order_relaxed);
}

void note_primary_has_ended() noexcept { g_has_ended.store(true, std::memory_order_relaxed); }

}  // namespace torc::runtime
