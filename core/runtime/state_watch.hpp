// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/options.hpp>

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "core/base/clock.hpp"
#include "core/os/inquiry.hpp"
#include "core/os/stop_signals.hpp"
#include "core/protocol/transport.hpp"
#include "core/report/node_state.hpp"
#include "core/report/report_listener.hpp"
#include "core/report/report_rounds.hpp"
#include "core/report/stall_clock.hpp"
#include "core/runtime/progress.hpp"
#include "core/runtime/stop_order.hpp"
#include "core/sched/scheduler.hpp"

namespace torc::runtime {

/// What it is asked about; all of it outlives the watching.
struct watched_session {
  sched::scheduler& scheduler;
  progress* others;               ///< null for a node alone
  protocol::transport* network;   ///< likewise
  const std::vector<long>& pids;  ///< of all nodes
  stall_limit stall;
  stop_order& stop;
};

/// Tells why nothing goes on: when a signal asks, and when nothing has completed for as long as TORC_STALL says. Stops
/// the session when a signal asks for that. It has
/// a thread of its own for as long as the process uses torc, which no body can hold and which waits for none of the
/// others. Thread-safe.
class state_watch final : public report::report_listener {
 public:
  /// Throws std::system_error or std::bad_alloc if the system has no thread for it, or no file descriptor.
  state_watch();
  state_watch(const state_watch&) = delete;
  state_watch& operator=(const state_watch&) = delete;
  ~state_watch();

  /// What this process does while no primary task runs.
  enum class pause { opens, is_left, closes };
  void note(pause what) noexcept { m_pause.store(what, std::memory_order_relaxed); }

  /// A primary task runs from now on. Signals that ask for the end of the program stop the session until
  /// release_stop_signals.
  void begin(const watched_session& watched);
  /// Its threads are gone. Waits for a look that is under way.
  void end();
  /// The signal that has asked for that first; 0 if none has. Thread-safe.
  int stop_signal() const noexcept { return m_stop_signals.first(); }
  /// After begin and end: such signals have their usual effect again, and so does one that has come, unless it
  /// `was_heeded`. By the thread that has called begin.
  void release_stop_signals(bool was_heeded) noexcept { m_stop_signals.release(was_heeded); }
  /// After end, on node 0: another node has heard of the signal when this one had looked for the last time. Nothing if
  /// a signal has been told of.
  void tell_stop_behind_end(int signal);
  /// As a signal to this process, but **blocking** until the report is there.
  void report();

  // report::report_listener
  void asked_by(base::node_id asker, report::report_rounds::reason why) override;
  void arrived(base::node_id from, std::string part) override;
  void ended_by(base::node_id asker) override;
  void asked(bool is_allowed) override;
  void stop_requested(int signal) override;
  void counted(const protocol::job_counts& of_all) override;

 private:
  struct session;  // see state_watch.cpp

  void run();
  void post(std::function<void(session&)> news);
  std::chrono::milliseconds longest_sleep() const;
  void tell_pause();
  void work(bool is_asked);

  os::inquiry m_inquiry;
  os::stop_signals m_stop_signals;
  std::atomic<pause> m_pause{pause::opens};
  std::mutex m_mail_mutex;
  std::vector<std::function<void(session&)>> m_mail;  ///< guarded
  bool m_is_report_wanted = false;                    ///< guarded

  std::mutex m_mutex;
  // Guarded.
  bool m_is_over = false;
  std::unique_ptr<session> m_session;
  std::uint64_t m_num_reports = 0;
  bool m_has_told_stop = false;                   ///< since begin
  std::optional<base::time_point> m_paused_told;  ///< when, for a signal
  std::condition_variable m_has_reported;

  std::thread m_thread;  ///< last: it uses the others
};

}  // namespace torc::runtime
