// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/runtime/grace_watch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "core/base/clock.hpp"
#include "core/base/log.hpp"
#include "core/report/report_text.hpp"
#include "core/report/stop_line.hpp"
#include "core/runtime/end_job.hpp"
#include "core/sched/wait/timers.hpp"
#include "core/sched/watch/running.hpp"
#include "core/task/failures.hpp"

namespace torc::runtime {
namespace {

std::string place_of(protocol::transport* network) {
  if (network == nullptr) return "node 0";
  const base::node_id self = network->self();
  return fmt::format("node {} ({})", number_of(self), network->hosts()[index_of(self)]);
}

/// Longer than the grace: the nodes on which bodies run say so first.
constexpr std::chrono::seconds last_grace{1};
constexpr std::size_t most_bodies_told = 8;

std::string body_text(const sched::running_body& body) {
  return fmt::format("task {} on {} ({})", report::quoted(body.task), body.thread, report::age_text(body.age));
}

}  // namespace

/// Ends the job if an spmd of which a body has failed here is not over in time.
struct grace_watch::spmd_limit final : sched::timer {
  spmd_limit(const grace_watch& by, base::node_id of, std::string why) : watch(by), home(of), reason(std::move(why)) {}
  void expired() noexcept override { watch.end_job(reason); }
  const grace_watch& watch;
  const base::node_id home;
  const std::string reason;
};

/// Looks whether the session has ended; where it `is_last`, a second time if it should have.
struct grace_watch::session_limit final : sched::timer {
  session_limit(grace_watch& by, ending reason, bool last) : watch(by), why(reason), is_last(last) {}
  void expired() noexcept override {
    // What has come since is more urgent, but no reason to wait longer for what has failed.
    if (why == ending::primary_returned && watch.m_ending.load() != why) return;
    if (is_last) {
      watch.end_job(fmt::format("{}, and the session has not ended within TORC_TEAM_GRACE={} s: the job ends",
                                watch.describe(why), watch.m_grace.count()));
    }
    watch.session_is_late(why);
  }
  grace_watch& watch;
  const ending why;
  const bool is_last;
};

grace_watch::grace_watch(sched::scheduler& scheduler, protocol::transport* network, std::chrono::duration<double> grace)
    : m_scheduler(scheduler), m_network(network), m_grace(grace), m_place(place_of(network)) {}

grace_watch::~grace_watch() {
  for (const auto& limit : m_spmds) m_scheduler.timers().remove(*limit);
  for (const auto& limit : m_ends) m_scheduler.timers().remove(*limit);
}

void grace_watch::primary_returned() { watch_session(ending::primary_returned, false); }

void grace_watch::primary_failed() {
  watch_session(ending::primary_failed, m_scheduler.config().nodes.self() == base::first_node);
}

void grace_watch::session_stopped(int signal, bool is_own) {
  int none = 0;
  m_signal.compare_exchange_strong(none, signal);
  watch_session(ending::stopped, is_own || m_scheduler.config().nodes.self() == base::first_node);
}

void grace_watch::watch_session(ending why, bool ends_all) {
  m_scheduler.running().note_ages();
  const std::scoped_lock lock(m_mutex);
  if (m_ending.load() >= why) return;
  m_ending.store(why);
  const auto look_after = [&](std::chrono::duration<double> wait, bool is_last) {
    m_ends.push_back(std::make_unique<session_limit>(*this, why, is_last));
    m_scheduler.timers().add(*m_ends.back(), base::deadline_after(base::now(), wait));
  };
  look_after(m_grace, false);
  if (ends_all) look_after(m_grace + last_grace, true);
}

std::string grace_watch::describe(ending why) const {
  if (why == ending::stopped)
    return fmt::format("{} has asked the job to end", report::name_of_signal(m_signal.load()));
  return "the primary task has failed";
}

/// With the status that the session would have.
void grace_watch::end_job(const std::string& reason) const noexcept {
  const int signal = m_signal.load();
  runtime::end_job(m_network, reason, signal != 0 ? report::status_of_signal(signal) : EXIT_FAILURE);
}

/// Empty if nothing runs.
std::string grace_watch::running_here(bool with_primary) {
  std::string text;
  std::size_t count = 0;
  for (const sched::running_body& body : m_scheduler.running().look()) {
    if ((body.is_primary && !with_primary) || ++count > most_bodies_told) continue;
    text += (text.empty() ? "" : ", ") + body_text(body);
  }
  if (count > most_bodies_told) text += fmt::format(" and {} more", count - most_bodies_told);
  return text;
}

void grace_watch::session_is_late(ending why) {
  const std::string running = running_here(why == ending::stopped);
  if (why != ending::primary_returned) {
    // What runs elsewhere its own node tells of, and node 0 ends the job if none does.
    if (running.empty()) return;
    end_job(fmt::format("{}: {}, and bodies have not returned within TORC_TEAM_GRACE={} s: {}: the job ends", m_place,
                        describe(why), m_grace.count(), running));
  }
  if (!running.empty()) {
    base::log::line(
        "{}: the session cannot end, {} s after the primary task has returned, before these bodies return: "
        "{}; a body may ask torc::stop_requested() and have a timeout",
        m_place, m_grace.count(), running);
  } else if (m_scheduler.config().nodes.self() == base::first_node) {
    base::log::line(
        "{}: the session cannot end, {} s after the primary task has returned: no body runs here, so it "
        "waits for other nodes or for tasks that wait",
        m_place, m_grace.count());
  }
}

void grace_watch::spmd_failed(base::node_id home, const std::string& task_name, const std::exception_ptr& failure) {
  auto limit = std::make_unique<spmd_limit>(
      *this, home,
      fmt::format("an spmd of {} failed on {} ({}), and others of its bodies have not returned within "
                  "TORC_TEAM_GRACE={} s: the job ends",
                  report::quoted(task_name), m_place, task::describe(failure), m_grace.count()));
  const std::scoped_lock lock(m_mutex);
  m_scheduler.timers().add(*limit, base::deadline_after(base::now(), m_grace));
  m_spmds.push_back(std::move(limit));
}

void grace_watch::spmd_settled(base::node_id home) {
  const std::scoped_lock lock(m_mutex);
  std::erase_if(m_spmds, [&](const auto& limit) {
    if (limit->home != home) return false;
    m_scheduler.timers().remove(*limit);
    return true;
  });
}

}  // namespace torc::runtime
