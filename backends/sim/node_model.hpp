// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "backends/sim/agenda.hpp"
#include "backends/sim/ledger.hpp"
#include "backends/sim/network.hpp"
#include "backends/sim/program.hpp"
#include "backends/sim/random.hpp"
#include "backends/sim/task_model.hpp"
#include "core/protocol/node.hpp"

namespace torc::sim {

struct node_options {
  protocol::node_settings protocol;
  std::vector<int> slots;     ///< by space
  nanoseconds wake_delay{0};  ///< until an idle worker looks for work: up to this
};

/// Execution spaces in a job.
struct job_spaces {
  std::vector<std::vector<node_id>> nodes;  ///< by space: those that have it
  std::uint64_t of_workers = 0;             ///< one bit each: those whose tasks are run by any worker
  bool is_of_workers(int space) const noexcept { return (of_workers & bit_of(space)) != 0; }
};

/// What nodes of one job share.
struct job {
  agenda& when;
  network& net;
  ledger& all;
  const program& what;
  const job_spaces& spaces;
  const std::vector<limit_spec>& limits;
};

/// A node in virtual time: the state machine with simulated workers, queues and bodies around it. Calls the state
/// machine as the runtime does, and checks what that tells it.
class node_model final : public actor, public protocol::inbox, private protocol::local_side {
 public:
  node_model(const node_options& options, const job& shared);
  node_model(const node_model&) = delete;
  node_model& operator=(const node_model&) = delete;

  /// Begins a task here that nobody waits for; the end of the primary one ends the job.
  void submit(const task_spec& task, bool is_primary);
  /// One more task will be submitted, so the node cannot be drained before.
  void expect_submission() { ++m_num_live; }
  void submit_expected(const task_spec& task);
  void abandon();
  /// A signal has come.
  void stop();
  /// The session runs from now on.
  void start() { settle(); }

  void receive(node_id from, const protocol::message& arrived) override;
  void act(std::uint64_t what) override;

  const protocol::node& protocol() const noexcept { return m_protocol; }
  bool has_ended() const noexcept { return m_has_ended; }
  std::uint32_t num_workers() const noexcept { return m_options.protocol.workers; }
  /// Gives and takes tasks.
  bool is_stealing() const noexcept { return m_protocol.is_stealing() && !m_is_shutting_down; }
  /// What it has too little work for.
  protocol::demand wants() const noexcept { return starving_now(); }
  /// How many tasks it has for a node of which that is said.
  std::size_t num_to_give(const protocol::take_limits& limits) const;
  std::uint64_t num_executed() const noexcept { return m_num_executed; }
  std::uint64_t num_executed_in_slots() const noexcept { return m_num_executed_in_slots; }
  nanoseconds busy_time() const noexcept { return m_busy_time; }
  std::size_t num_broadcasts() const noexcept { return m_broadcasts.size(); }
  /// Throws broken unless all that was here is over, and all is tidy.
  void check_end() const;
  /// For whom asks why it does not end.
  std::string describe() const;

 private:
  // node_model.cpp: what is where.
  void settle();
  void trade();
  void report();
  void survey();
  void sweep();
  runner_model& runner(std::size_t number);
  void wake(std::size_t runner);
  void wake_one();
  void enqueue(const queued_task& task);
  void drop_guest(std::uint64_t guest);
  void guest_begins(std::uint64_t guest);
  bool remove_queued(const record* own, std::uint64_t guest);

  // node_model_tasks.cpp: where tasks come from, and their end.
  record* make_record(const task_spec& task, execution* parent);
  void spawn(execution& parent, const step& how, std::size_t runner);
  node_id place_for(const task_spec& task, placement where, std::uint64_t number) const;
  void complete(record& task, outcome how);
  void finish(execution& body);

  // node_model_slots.cpp: devices.
  int num_spaces() const noexcept { return static_cast<int>(m_options.slots.size()); }
  bool has_space(int space) const noexcept { return m_options.slots[static_cast<std::size_t>(space)] > 0; }
  /// Whether tasks of the space wait for slots here.
  bool has_slots(int space) const noexcept { return has_space(space) && !m_spaces.is_of_workers(space); }
  bool is_slot(std::size_t runner) const noexcept { return runner >= m_workers.size(); }
  slot_model& slot(std::size_t runner) { return m_slots[runner - m_workers.size()]; }
  void make_slots();
  void enqueue_for_slot(const queued_task& task);
  void wake_slots(int space);
  bool take_turn(slot_model& one, queued_task& task);
  bool take_for_host(queued_task& task);
  void take_slot(fiber& on);
  void give_back_slot(const fiber& on);
  void resume_in_slot(fiber& on);
  std::size_t num_free_slots(int space) const noexcept;
  std::uint64_t starving_spaces() const noexcept;
  std::uint64_t own_spaces() const noexcept;

  // node_model_giving.cpp: what others get.
  struct giving {
    protocol::taker& thief;
    std::int64_t left_bytes;
  };
  std::size_t surplus(int space) const noexcept;
  std::size_t num_queued() const noexcept;
  std::size_t num_movable() const noexcept;
  std::size_t num_idle() const noexcept;
  bool has_surplus() const noexcept;
  std::size_t num_for_slots(int space) const;
  std::size_t num_for_workers(const protocol::take_limits& limits) const;
  template <class Condition>
  void give_from(std::deque<queued_task>& tasks, std::size_t& left, giving& to, Condition condition);

  // node_model_limits.cpp
  void declare_limits(execution& body);
  bool acquire_units(queued_task& task);
  void release_units(int limit, std::int64_t& units);
  void hand_on(limit_model& of);
  bool receive_units(std::uint64_t ticket, std::int64_t units);
  void forget_waiting();
  bool remove_waiting(const record* own, std::uint64_t guest);
  void check_limits_at_end() const;

  // node_model_workers.cpp: bodies.
  void look_for_work(std::size_t runner);
  bool pick(std::size_t worker, queued_task& task);
  void begin(const queued_task& task, fiber& on);
  void go_on(fiber& on);
  bool is_held_up(fiber& on, execution& body);
  bool run_step(fiber& on, execution& body, const step& next);
  void begin_child(fiber& on, const execution& parent);
  void return_from(fiber& on, execution& body);
  void place_spmd(execution& body);
  void leave(fiber& on);
  void suspend(fiber& on);
  void make_ready(execution& body);
  void cancel(execution& canceller, record& task);
  void forget(execution& body);

  // node_model_local.cpp: what the state machine asks for.
  bool prepare(protocol::task_ref task, const protocol::leaving& how) override;
  bool depart(protocol::task_ref task, std::uint64_t name, protocol::payload& encoded) override;
  void take(const protocol::take_limits& limits, protocol::taker& thief) override;
  void keep(protocol::task_ref task) override;
  void arrived(const protocol::arrival& task) override;
  void completed(protocol::task_ref task, base::node_id at, std::uint8_t flags, protocol::payload result) override;
  void expired(protocol::task_ref task, protocol::payload failure) override;
  bool cancel_guest(std::uint64_t guest) override;
  void cancel_decided(protocol::task_ref task, bool is_cancelled) override;
  protocol::demand starving_now() const noexcept;
  protocol::demand starving() override { return starving_now(); }
  void watch_surplus(const protocol::demand& wanted) override;
  void stealing_changed(bool is_on) override;
  void broadcast_arrived(node_id root, std::uint64_t id, protocol::payload value) override;
  void broadcast_forgotten(node_id root, std::uint64_t id) override;
  void spmd_granted() override;
  void spmd_settled(node_id home) override;
  void report_asked(node_id asker, std::uint64_t why) override;
  void report_arrived(node_id from, protocol::payload part) override;
  void report_ended(node_id asker) override;
  protocol::job_counts counts() override;
  void surveyed(const protocol::job_counts& of_all) override;
  void limit_declared(std::uint32_t number, const std::string& name, std::uint64_t capacity, bool is_per_node) override;
  void limit_settled(std::uint64_t request, bool is_declared) override;
  bool units_granted(std::uint64_t ticket, std::uint32_t units) override { return receive_units(ticket, units); }
  bool lacks_units(std::uint32_t limit) override;
  void abandoned() override;
  void stop_requested(std::uint64_t signal) override;
  void stopped(std::uint64_t signal) override;
  void primary_returned() override {}
  void shutting_down(std::uint64_t status) override;
  void ended() override;

  /// A task that is being encoded.
  struct preparation final : actor {
    void act(std::uint64_t what) override;
    node_model* node = nullptr;
    protocol::task_ref task{};
    protocol::leaving how;
  };
  static constexpr std::uint64_t stopping_signal = 15;
  static constexpr std::uint64_t large_bytes = 1000;  ///< of guests of which the protocol is told when they begin
  struct guest_state {
    node_id from = base::no_node;
    std::int64_t charged_bytes = 0;  ///< 0 for what takes no room that its sender counts
    std::uint64_t bytes = 0;
    bool is_stolen = false;
    bool is_inner = false;
    bool has_begun = false;
    int limit = no_limit;  ///< whose place it takes until it begins
  };

  const node_options m_options;
  agenda& m_agenda;
  network& m_network;
  ledger& m_all;
  const program& m_program;
  const job_spaces& m_spaces;
  const std::vector<limit_spec>& m_limit_specs;
  random m_random;
  protocol::node m_protocol;

  std::vector<std::unique_ptr<record>> m_records;
  std::unordered_map<const execution*, std::unique_ptr<execution>> m_executions;
  std::unordered_map<const fiber*, std::unique_ptr<fiber>> m_fibers;
  std::map<std::uint64_t, guest_state> m_guests;
  std::vector<worker_model> m_workers;
  ranked_tasks m_shared;  ///< placed and arrived ones
  ranked_tasks m_pinned;
  std::deque<queued_task> m_urgent;  ///< for worker 0
  std::map<int, limit_model> m_limits;
  std::map<std::uint64_t, queued_task> m_waiting_for_units;  ///< by ticket
  std::uint64_t m_next_ticket = 0;
  std::map<std::uint64_t, execution*> m_declarers;  ///< by request: who waits until all nodes know a limit
  std::uint64_t m_next_declaration = 0;
  std::vector<slot_model> m_slots;
  std::vector<slot_tasks> m_slot_tasks;  ///< by space
  std::vector<execution*> m_over;        ///< finished, to be told
  std::deque<execution*> m_spmd_waiters;
  std::set<std::pair<node_id, std::uint64_t>> m_broadcasts;
  std::vector<std::unique_ptr<preparation>> m_preparations;
  std::vector<std::byte> m_encoded;       ///< on its way into the state machine
  std::int64_t m_outer_bytes = 0;         ///< of outer guests that were charged, until they are over
  std::int64_t m_queued_inner_bytes = 0;  ///< of inner ones, until they begin
  std::uint64_t m_stolen_bytes = 0;       ///< queued

  std::size_t m_num_live = 0;  ///< submitted here and not over
  std::uint64_t m_num_executed = 0;
  std::uint64_t m_num_executed_in_slots = 0;
  nanoseconds m_busy_time{0};
  record* m_primary = nullptr;
  bool m_is_primary_over = false;
  protocol::demand m_watched;  ///< work that others want
  // Reports on the state of all nodes.
  random m_when_asked;
  std::vector<node_id> m_askers;  ///< that are to be answered
  std::size_t m_num_missing = 0;  ///< answers
  bool m_is_asking = false;
  bool m_is_surveying = false;

  bool m_is_abandoned = false;
  bool m_is_stop_requested = false;  ///< by a node that this one, node 0, has not told all about yet
  bool m_is_stopped = false;
  bool m_are_waiting_swept = false;
  bool m_is_shutting_down = false;
  bool m_has_drained = false;
  bool m_has_ended = false;
  node_id m_from = base::no_node;  ///< whose message is being received
};

}  // namespace torc::sim
