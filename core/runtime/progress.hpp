// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/options.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "core/base/spinlock.hpp"
#include "core/protocol/node.hpp"
#include "core/protocol/transport.hpp"
#include "core/report/node_state.hpp"
#include "core/report/report_listener.hpp"
#include "core/runtime/broadcasts.hpp"
#include "core/runtime/encoders.hpp"
#include "core/runtime/grace_watch.hpp"
#include "core/runtime/placement.hpp"
#include "core/runtime/stop_order.hpp"
#include "core/sched/peers/guest.hpp"
#include "core/sched/peers/peers.hpp"
#include "core/sched/peers/space_map.hpp"
#include "core/sched/queue/mpsc_queue.hpp"
#include "core/sched/scheduler.hpp"
#include "core/sched/worker/baton.hpp"
#include "core/task/kept_bytes.hpp"

namespace torc::runtime {

struct progress_settings {
  bool is_stealing = false;
  placement_policy placement = placement_policy::automatic;
  std::chrono::nanoseconds longest_sleep = std::chrono::milliseconds(10);
  std::uint64_t seed = 0;
};

/// A node's traffic with the others. Whoever holds the role, one thread at a time, runs the state machine and calls the
/// transport: an idle worker, a worker that has much to send, or else the server thread. Nobody waits for the role:
/// what others have for it they put into a queue, and its holder looks into that queue once more after giving it up.
///
/// Nothing queued is forgotten. A thread queues and then, unless the role was free and it emptied the queue itself,
/// looks whether the server sleeps long; the server says that it will and then looks into the queue once more. Both are
/// seq_cst: so the thread rings, or the server finds what it queued.
class progress final : public sched::peers, private protocol::inbox, private protocol::local_side {
 public:
  /// All that it refers to must outlive it.
  progress(protocol::transport& network, const sched::node_map& nodes, const sched::space_map& spaces,
           broadcasts& values, const progress_settings& chosen);
  progress(const progress&) = delete;
  progress& operator=(const progress&) = delete;
  ~progress();

  /// Before the scheduler starts; all must outlive stop_server. Without a listener other nodes get empty answers.
  /// Throws config_error if there is no thread for it.
  void start_server(sched::scheduler& scheduler, grace_watch& watch, stop_order& stop,
                    report::report_listener* listener);
  /// After the end has been reached on this node.
  void stop_server();
  /// What all nodes' sessions end with: told by the primary task's node before it shuts down, known on the others after
  /// the end.
  void set_status(int status) noexcept { m_status.store(status); }
  int status() const noexcept { return m_status.load(); }

  void set_stealing(bool is_on);
  bool is_stealing() const noexcept { return m_is_stealing.load(std::memory_order_relaxed); }
  /// The primary task has failed.
  void abandon();
  /// A signal is to stop the session: told to node 0, which asks all how far they are.
  void order_stop(int signal);
  /// Node 0 tells all. Nothing on the others.
  void spread_stop(int signal);
  /// What waits for room elsewhere ends; after the scheduler has abandoned it.
  void give_up_waiting();
  /// The body of the primary task is over: told to all nodes.
  void announce_return();
  /// Suspends the calling task until it is its turn to run an spmd.
  void acquire_spmd();
  void release_spmd();
  /// All bodies of this node's spmd have ended, and those on these nodes have failed.
  void settle_spmd(std::vector<base::node_id> failed);
  /// Queues an adopted spmd body for worker 0 of a node.
  void run_spmd(detail::record& task, base::node_id node);
  /// Sends it to all other nodes. Its number.
  std::uint64_t send_broadcast(std::vector<std::byte> value);
  void forget_broadcast(std::uint64_t id);
  /// Returns when all nodes know the limit; false if there is one of this name that is counted in the other way.
  bool declare_limit(const std::string& name, int capacity, bool is_per_node);
  [[noreturn]] void abort(const std::string& reason) noexcept;
  /// For reports. `look_at_threads` is called meanwhile, with the tasks that are away if that can be told. It is over
  /// soon, whatever the other threads do.
  report::traffic_state look(const std::function<void(std::span<const sched::away_task>)>& look_at_threads);
  // Questions about what nodes do, see report::report_rounds. The caller's thread runs no code of the application for
  // it.
  void ask_report(report::report_rounds::reason why);
  void end_report();
  void answer_report(base::node_id asker, std::string part);
  /// Asks how far all nodes are, unless they are being asked already. Node 0 only.
  void ask_survey();
  /// What they have answered since the last call, all of them.
  std::optional<protocol::job_counts> take_survey();

  // peers
  bool send_away(detail::record& task) override;
  bool send_to(detail::record& task, base::node_id to) override;
  void awaited(std::vector<sched::leaving_task> tasks) override;
  void guest_is_over(detail::record& guest) noexcept override;
  void guest_begins(detail::record& guest) noexcept override;
  void guest_expired(detail::record& guest) noexcept override;
  sched::cancel_answer cancel(detail::record& task) override;
  void ask_for_units(std::uint32_t limit, std::uint32_t units, double priority, std::uint64_t ticket) noexcept override;
  void give_units_back(std::uint32_t limit, std::uint32_t units) noexcept override;
  void begin_spmd_body() noexcept override;
  void end_spmd_body() noexcept override;
  void spmd_body_failed(detail::record& task) override;
  bool is_exclusive() const noexcept override { return !m_network.may_overlap(); }
  bool poll() noexcept override;
  void begin_polling() noexcept override { m_network.begin_polling(); }
  bool end_polling() noexcept override;
  void has_surplus() noexcept override;
  void shut_down() override;

 private:
  // inbox
  void receive(base::node_id from, const protocol::message& arrived) override { m_node.receive(from, arrived); }

  // local_side: see arrivals.cpp for those that deal with tasks
  bool prepare(protocol::task_ref task, const protocol::leaving& how) override;
  bool depart(protocol::task_ref task, std::uint64_t name, protocol::payload& encoded) override;
  void take(const protocol::take_limits& limits, protocol::taker& thief) override;
  void keep(protocol::task_ref task) override;
  void arrived(const protocol::arrival& task) override;
  void completed(protocol::task_ref task, base::node_id at, std::uint8_t flags, protocol::payload result) override;
  void expired(protocol::task_ref task, protocol::payload failure) override;
  bool cancel_guest(std::uint64_t guest) override;
  void cancel_decided(protocol::task_ref task, bool is_cancelled) override;
  protocol::demand starving() override {
    return {.is_for_workers = m_scheduler->is_starving(), .spaces = wanted_spaces()};
  }
  void watch_surplus(const protocol::demand& wanted) override;
  void stealing_changed(bool is_on) override;
  void broadcast_arrived(base::node_id root, std::uint64_t id, protocol::payload value) override;
  void broadcast_forgotten(base::node_id root, std::uint64_t id) override;
  void spmd_granted() override;
  void limit_declared(std::uint32_t number, const std::string& name, std::uint64_t capacity, bool is_per_node) override;
  void limit_settled(std::uint64_t request, bool is_declared) override;
  bool units_granted(std::uint64_t ticket, std::uint32_t units) override;
  bool lacks_units(std::uint32_t limit) override { return m_scheduler->limits().lacks_units(limit); }
  void spmd_settled(base::node_id home) override { m_watch->spmd_settled(home); }
  void report_asked(base::node_id asker, std::uint64_t why) override;
  void report_arrived(base::node_id from, protocol::payload part) override;
  void report_ended(base::node_id asker) override;
  protocol::job_counts counts() override;
  void surveyed(const protocol::job_counts& of_all) override;
  void abandoned() override {
    m_scheduler->abandon(sched::abandonment::callbacks);
    give_up_waiting();
    m_watch->primary_failed();
  }
  void stop_requested(std::uint64_t signal) override;
  void stopped(std::uint64_t signal) override;
  void primary_returned() override { m_watch->primary_returned(); }
  void shutting_down(std::uint64_t status) override;
  void ended() override;

  struct cancelling;   // see cancelling.cpp
  struct declaration;  // see limits.cpp
  /// Units of a limit that a task asks for, or gives back.
  struct units_move {
    std::uint32_t limit;
    std::uint32_t units;
    double priority;  ///< of the task that asks
    std::optional<std::uint64_t> ticket;
  };

  std::uint64_t wanted_spaces() const noexcept;
  void add_command(std::function<void()> command);
  void post(std::function<void()> command);
  void leave_word(std::function<void()> command);
  void queue(detail::record& task) noexcept;
  void queue_units(const units_move& move) noexcept;
  void wake_server() noexcept;
  std::string role_holder() const;
  bool has_queued() const noexcept {
    return m_records.has_items() || m_has_commands.load(std::memory_order_seq_cst) ||
           m_has_units.load(std::memory_order_seq_cst) || m_is_surplus_due.load(std::memory_order_seq_cst) ||
           m_has_done.load(std::memory_order_seq_cst);
  }
  static bool is_inside() noexcept;
  bool take_role() noexcept;
  void note_holder() noexcept;
  bool leave_role() noexcept;
  void send_now(bool with_commands) noexcept;
  bool turn();
  struct aftermath;
  void settle(aftermath& left);
  void encode_ahead(detail::record& task, const std::vector<std::string>& limits_above) noexcept;
  static std::vector<std::string> find_limits_above(detail::record& task);
  void end_without_body(detail::record& task);
  void cannot_leave(detail::record& task, std::exception_ptr failure);
  void drop(detail::record& task);
  void drop(sched::revoked_tasks& revoked);
  void note_backlog(base::node_id to);
  void look_for_credit();
  void await_tasks_of(detail::record& scope);
  bool may_wait_for_room() const noexcept;
  void answer_late_thieves();
  void refuse_guests();
  bool run_commands();
  bool send_queued();
  bool send_units();
  void give_surplus_if_due();
  bool has_wanted() const noexcept;
  void watch() noexcept;
  void finish_guest(sched::guest_record& guest);
  void place(detail::record& task);
  bool encode(detail::record& task, protocol::payload& encoded);
  void give(detail::record& task, protocol::taker& thief, std::uint64_t& bytes);
  void fail(detail::record& task, std::exception_ptr failure);
  void over(detail::record& task);
  void serve();

  protocol::transport& m_network;
  const sched::node_map& m_nodes;
  const sched::space_map& m_spaces;
  const progress_settings m_settings;
  placement m_placement;
  broadcasts& m_broadcasts;
  sched::scheduler* m_scheduler = nullptr;
  grace_watch* m_watch = nullptr;
  stop_order* m_stop = nullptr;
  report::report_listener* m_listener = nullptr;

  // Anybody's.
  base::spinlock m_role;
  std::atomic<const sched::worker*> m_holder{nullptr};  ///< of the role, for reports
  sched::mpsc_queue<detail::record> m_records;          ///< tasks that leave, guests that are over
  base::spinlock m_commands_lock;
  std::vector<std::function<void()>> m_commands;  ///< guarded
  std::atomic<bool> m_has_commands{false};
  base::spinlock m_units_lock;
  std::vector<units_move> m_units;  ///< guarded
  std::atomic<bool> m_has_units{false};
  base::spinlock m_survey_lock;
  std::optional<protocol::job_counts> m_survey;  ///< guarded
  std::atomic<bool> m_is_surplus_due{false};
  /// What other nodes wait for; written by the role's holder.
  std::atomic<bool> m_is_wanted_for_workers{false};
  std::atomic<std::uint64_t> m_wanted_spaces{0};
  std::atomic<bool> m_has_done{false};  ///< there is an aftermath, and nobody is about to settle it
  std::atomic<bool> m_is_server_resting{false};
  std::atomic<std::uint32_t> m_num_queued{0};  ///< since the queue was last emptied, about
  std::atomic<std::uint64_t> m_last_turn_ns{0};
  std::vector<std::atomic<bool>> m_has_backlog;  ///< by node: what is sent there now waits for room; a hint
  std::atomic<bool> m_may_wait{false};           ///< see may_wait_for_room
  std::atomic<bool> m_is_stealing;
  std::atomic<bool> m_has_ended{false};
  std::atomic<int> m_status{0};

  // The role's.
  protocol::node m_node;
  std::uint64_t m_typical_bytes = 0;                           ///< of tasks that were encoded for thieves
  std::vector<std::byte> m_bytes;                              ///< of the task or failure that is being sent
  task::kept_bytes* m_departing = nullptr;                     ///< of the task that was sent last
  std::vector<base::node_id> m_backlogged;                     ///< those of m_has_backlog
  std::unordered_set<const detail::record*> m_awaited_scopes;  ///< of executors for whose tasks a begun one waits
  /// What runs, or may run, code of the user's waits until the role is free.
  struct aftermath {
    std::vector<detail::record*> expired;                 ///< their futures are to be fulfilled
    std::vector<detail::record*> done;                    ///< to be completed
    std::vector<detail::record*> dropped;                 ///< to be given up
    std::vector<std::shared_ptr<const void>> broadcasts;  ///< to be given up
    bool is_empty() const noexcept { return expired.empty() && done.empty() && dropped.empty() && broadcasts.empty(); }
  };
  aftermath m_aftermath;
  /// Tasks of `expired` until their futures have been fulfilled; true for those that have come to their end meanwhile:
  /// they are completed after that, since whoever completes a task may destroy it, and its parent.
  std::unordered_map<detail::record*, bool> m_expiring;
  std::vector<std::pair<std::uint64_t, std::exception_ptr>> m_refused;  ///< guests that could not be taken
  std::vector<sched::guest_record*> m_guests;                           ///< by the slots of their names
  std::unordered_multimap<detail::record*, std::shared_ptr<cancelling>> m_cancels;
  std::unordered_map<std::uint64_t, std::shared_ptr<declaration>> m_declarations;  ///< that are not settled
  std::uint64_t m_next_declaration = 0;
  std::vector<std::function<void()>> m_running_commands;
  std::vector<sched::baton*> m_spmd_waiters;  ///< in the order of their requests
  sched::baton* m_end_waiter = nullptr;

  base::time_point m_thieves_told;  ///< last time that those were looked for which wait for long

  encoders m_encoders;
  std::thread m_server;
};

}  // namespace torc::runtime
