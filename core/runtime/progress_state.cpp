// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <fmt/format.h>

#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "core/base/clock.hpp"
#include "core/runtime/progress.hpp"
#include "core/sched/worker/worker.hpp"

/// What progress tells of itself, by a thread that must never be held.
namespace torc::runtime {
namespace {

/// A turn takes much less, unless code of the user runs in it.
constexpr std::chrono::milliseconds patience{500};

}  // namespace

std::string progress::role_holder() const {
  const sched::worker* const holder = m_holder.load(std::memory_order_relaxed);
  if (holder == nullptr) return {};
  const int first = m_nodes.first_own_worker();
  for (int i = 0; i < m_scheduler->num_workers(); ++i) {
    if (&m_scheduler->worker_at(i) == holder) return fmt::format("worker {}", first + i);
  }
  return "a thread that is none of the workers";
}

report::traffic_state progress::look(const std::function<void(std::span<const sched::away_task>)>& look_at_threads) {
  report::traffic_state found;
  const auto note = [&] {
    const std::uint64_t last = m_last_turn_ns.load(std::memory_order_relaxed);
    const std::uint64_t now = base::now_ns();
    found.since_last_turn = std::chrono::nanoseconds(last != 0 && last < now ? now - last : 0);
    found.num_queued = m_num_queued.load(std::memory_order_relaxed);
  };
  bool has_role = take_role();
  for (const auto until = base::now() + patience; !has_role && base::now() < until; has_role = take_role())
    std::this_thread::yield();
  if (!has_role) {
    found.role_holder = role_holder();
    note();
    look_at_threads({});
    return found;
  }
  note();
  found.node = m_node.look();
  found.is_flushed = m_network.is_flushed();
  std::vector<sched::away_task> away;
  for (const protocol::state::away_task& one : found.node->away)
    away.push_back({reinterpret_cast<const detail::record*>(one.task), one.holder});
  // With the role, so that none of these comes back meanwhile.
  look_at_threads(away);
  if (leave_role()) wake_server();
  return found;
}

// Reports of all nodes.

/// As post, but the caller sends nothing itself: that would encode what is queued, by code of the application.
void progress::leave_word(std::function<void()> command) {
  add_command(std::move(command));
  wake_server();
}

void progress::ask_report(report::report_rounds::reason why) {
  leave_word([this, why] { m_listener->asked(m_node.ask_report(static_cast<std::uint64_t>(why))); });
}

void progress::end_report() {
  leave_word([this] { m_node.end_report(); });
}

void progress::answer_report(base::node_id asker, std::string part) {
  leave_word([this, asker, text = std::move(part)] {
    m_node.answer_report(asker, {.bytes = std::as_bytes(std::span(text)), .buffer = nullptr});
  });
}

void progress::report_asked(base::node_id asker, std::uint64_t why) {
  if (m_listener == nullptr) return answer_report(asker, {});
  m_listener->asked_by(asker, why == static_cast<std::uint64_t>(report::report_rounds::reason::stall)
                                  ? report::report_rounds::reason::stall
                                  : report::report_rounds::reason::signal);
}

void progress::report_arrived(base::node_id from, protocol::payload part) {
  if (m_listener == nullptr) return;
  m_listener->arrived(from, std::string(reinterpret_cast<const char*>(part.bytes.data()), part.bytes.size()));
}

void progress::report_ended(base::node_id asker) {
  if (m_listener != nullptr) m_listener->ended_by(asker);
}

// How far all nodes are.

void progress::ask_survey() {
  leave_word([this] { m_node.survey(); });
}

protocol::job_counts progress::counts() { return m_stop->counts(); }

void progress::surveyed(const protocol::job_counts& of_all) {
  {
    const std::scoped_lock lock(m_survey_lock);
    m_survey = of_all;
  }
  if (m_listener != nullptr && m_stop->signal() != 0) m_listener->counted(of_all);
}

// The stop of all nodes by a signal to one.

void progress::order_stop(int signal) {
  leave_word([this, signal] {
    if (m_nodes.self() == base::first_node) {
      m_node.survey();
    } else {
      m_node.stop(static_cast<std::uint64_t>(signal));
    }
  });
}

void progress::give_up_waiting() {
  leave_word([this] {
    send_queued();
    m_node.give_up_waiting();
  });
}

void progress::spread_stop(int signal) {
  if (m_nodes.self() != base::first_node) return;
  leave_word([this, signal] { m_node.stop(static_cast<std::uint64_t>(signal)); });
}

void progress::stop_requested(std::uint64_t signal) {
  m_stop->requested(static_cast<int>(signal));
  if (m_listener != nullptr) {
    m_listener->stop_requested(static_cast<int>(signal));
  } else {
    m_stop->take_effect();  // nobody tells of it
  }
}

void progress::stopped(std::uint64_t signal) { m_stop->heard(static_cast<int>(signal)); }

std::optional<protocol::job_counts> progress::take_survey() {
  const std::scoped_lock lock(m_survey_lock);
  return std::exchange(m_survey, {});
}

}  // namespace torc::runtime
