// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/base/node_id.hpp"
#include "core/base/unit_line.hpp"
#include "core/protocol/budget.hpp"
#include "core/protocol/credit.hpp"
#include "core/protocol/limit_lane.hpp"
#include "core/protocol/limit_places.hpp"
#include "core/protocol/local_side.hpp"
#include "core/protocol/message.hpp"
#include "core/protocol/reporting.hpp"
#include "core/protocol/slot_table.hpp"
#include "core/protocol/state.hpp"
#include "core/protocol/termination.hpp"
#include "core/protocol/transport.hpp"
#include "core/protocol/tree.hpp"
#include "core/protocol/victims.hpp"

namespace torc::protocol {

struct node_settings {
  node_id self{0};
  int num_nodes = 1;
  std::uint32_t workers = 1;  ///< of this node
  std::uint64_t spaces = 0;   ///< execution spaces of this node, one bit each
  std::vector<node_id> near;  ///< the other nodes of the same host, in order
  /// By space, those that have it; of spaces that this node lacks, none.
  std::vector<std::vector<node_id>> with_space;
  std::int64_t budget_bytes = 1 << 20;  ///< what tasks of all others may hold here; the same on all nodes
  std::uint64_t steal_bytes = 1 << 20;  ///< most that a thief takes at once
  bool is_stealing = false;
  std::uint64_t seed = 0;
};

/// Tasks that take neither credit nor places which their sender counts: what is stolen was asked for, and those who
/// wait for the others may keep the receiver from giving credit.
inline constexpr std::uint8_t needs_nothing = message_flags::stolen | message_flags::urgent | message_flags::nested;

/// What a task costs its receiver beyond its bytes.
inline constexpr std::int64_t task_overhead_bytes = 256;

inline std::int64_t cost_of(const payload& task) noexcept {
  return static_cast<std::int64_t>(task.bytes.size()) + task_overhead_bytes;
}

/// One node's part in the protocol between nodes: where tasks are, what may be sent, whom to steal from, when all is
/// over. A pure state machine: no thread, no clock, no input or output but through the two interfaces. Not thread-safe.
///
/// Each task has one name, a slot at its home, from when it leaves until its result comes back; the slot goes with the
/// result, so a second one would be a violation.
class node final : private taker {
 public:
  node(const node_settings& settings, outbox& out, local_side& local);
  node(const node&) = delete;
  node& operator=(const node&) = delete;

  /// Throws violation for what cannot be.
  void receive(node_id from, const message& arrived);

  /// Sends a task away, now or when there is credit, or a place. `flags`: movable, urgent, nested, inner, limited.
  /// Movable is only what any node can run: one worker is enough for it, and it needs no device. `limit`: the number of
  /// its limit, if it is limited.
  void place(task_ref task, node_id to, std::uint8_t flags, std::uint32_t limit = 0);
  /// A begun task other than the primary one waits for this one, which is not below it: if it waits for credit, it does
  /// so as an inner one from now on. `has_departed`: it has been asked for its bytes.
  void awaited(task_ref task, bool has_departed);
  /// So are all of these that wait for credit.
  void awaited(const std::function<bool(task_ref)>& is_awaited);
  /// A task is encoded that prepare() was asked for.
  void prepared(task_ref task, const leaving& how);
  /// A guest is over: its body and its children's. `flags`: failed, cancelled or 0.
  void finished(std::uint64_t guest, std::uint8_t flags, payload result);
  /// The future of a guest has ended with this failure, though its body goes on.
  void expired(std::uint64_t guest, payload failure);
  /// The body of a guest has begun. To be told of large ones when it begins, of the others at the latest when they are
  /// suspended or have returned with children left: else what they wait for may wait for their credit. May be repeated.
  void begun(std::uint64_t guest);
  /// Workers or devices are idle. Those which have found something since last time ask anew.
  void starving(const found_work& so_far);
  /// There may be more work than the node's own workers take. Whether somebody was given some.
  bool surplus();
  /// To be called now and then while is_giving(): thieves that have waited since the last call for what is being
  /// encoded are told to look elsewhere meanwhile. They get it when it is encoded.
  void answer_late();
  /// Asks whoever holds it to end a task that has left; cancel_decided tells at once or later, once for all that
  /// asked until then.
  /// False if no task of this name is away.
  bool cancel(std::uint64_t name);
  /// Everywhere; the last of several wins on all nodes. Nothing once it is shutting down.
  void set_stealing(bool is_on);
  /// Everywhere.
  void abandon();
  /// Everywhere, as soon as node 0 has heard it: that node's stop_requested is to call it again. The first signal
  /// counts.
  void stop(std::uint64_t signal);
  /// Ends what waits for credit or places. After the local side has given up what has not begun.
  void give_up_waiting();
  /// The body of the primary task is over, though not what it has started: told everywhere.
  void announce_return();
  /// Sends the value to all other nodes. Its number among this node's.
  std::uint64_t broadcast(payload value);
  void forget(std::uint64_t broadcast_id);
  /// Asks for the turn to run an spmd: spmd_granted tells, at once or later.
  void acquire_spmd();
  void release_spmd();
  /// All bodies of this node's spmd have ended: told to a node whose own has failed. Not to this node itself.
  void settle_spmd(node_id failed);
  /// Asks all other nodes what they do; report_arrived tells. False if it may not: it is asking already, or the session
  /// is ending. end_report is to be called after it, whether all have answered or not.
  bool ask_report(std::uint64_t why);
  void end_report();
  /// Once for each report_asked.
  void answer_report(node_id asker, payload part);
  /// Asks how far all nodes are; surveyed tells, at once or later. False if it may not: such a question is under way,
  /// or the session is ending. Node 0 only.
  bool survey();
  /// Declares a limit, or changes its capacity, which is 1 to largest_capacity; limit_settled tells, at once or later.
  void declare_limit(std::uint64_t request, std::string_view name, std::uint64_t capacity, bool is_per_node);
  /// For a task that is about to begin; units_granted tells, at once or later. The greatest priority first, among equal
  /// ones first come, first served.
  void ask_for_units(std::uint32_t limit, std::uint32_t units, std::uint64_t ticket, double priority = 0);
  void give_units_back(std::uint32_t limit, std::uint32_t units);
  /// The primary task is complete. Node 0 only.
  void shutdown(std::uint64_t status);
  /// Nothing that was submitted here is left, after shutting_down. From now on only guests may ask for anything.
  void drained();

  bool is_stealing() const noexcept { return m_is_stealing; }
  /// Whether something that a thief is given is being encoded.
  bool is_giving() const noexcept { return m_deliveries.size() > 0; }
  bool has_ended() const noexcept { return m_termination.has_ended; }
  /// Tasks of this node that others hold, tasks of others that this node holds, tasks that wait for credit or places.
  std::size_t num_away() const noexcept { return m_away.size(); }
  std::size_t num_guests() const noexcept { return m_guests.size(); }
  std::size_t num_waiting() const noexcept { return m_num_waiting; }
  /// Whether what is placed there has to wait.
  bool is_backlogged(node_id to) const noexcept { return m_credits[index_of(to)].has_waiting(); }
  /// For reports.
  state look();
  /// Whether nobody holds anything of its budget, nor has more of it than its share.
  bool is_budget_whole() const noexcept { return m_budget.is_whole(); }
  /// Whether no units of limits that are counted here are in use, or waited for.
  bool are_units_back() const noexcept;
  /// Whether nobody has or wants a place here for a task with a limit, nor this node one elsewhere.
  bool are_places_whole() const noexcept { return m_places.is_whole() && m_limit_lanes.empty(); }

 private:
  struct away {
    task_ref task{};
    node_id holder = base::no_node;
    std::uint16_t hops = 0;
    bool is_cancelling = false;  ///< its holder, or its next one, is to be asked
    bool is_asked = false;       ///< a question is under way
  };
  struct guest {
    node_id home = base::no_node;
    std::uint64_t name = 0;  ///< at its home
    budget::hold held;
    std::optional<std::uint32_t> limit;  ///< whose place it has
    std::uint16_t hops = 0;
  };
  struct guest_key {
    node_id home;
    std::uint64_t name;
    friend bool operator==(const guest_key&, const guest_key&) = default;
  };
  struct guest_key_hash {
    std::size_t operator()(const guest_key& key) const noexcept {
      return static_cast<std::size_t>((key.name ^ index_of(key.home) << 40U) * 0x9e3779b97f4a7c15U >> 16U);
    }
  };

  // node.cpp: tasks and results.
  void send(node_id to, const message& sent);
  void on_task(node_id from, const message& arrived);
  void on_result(node_id from, const message& arrived);
  void on_expired(node_id from, const message& arrived);
  guest& guest_at(std::uint64_t name);
  void drop_guest(std::uint64_t name);
  [[noreturn]] void fail(node_id from, const char* what) const;

  // crediting.cpp
  static constexpr std::uint64_t no_name = 0;
  static constexpr std::int64_t most_credit_bytes = std::int64_t{1} << 50U;  ///< more than any node has memory
  std::uint64_t depart(const waiting_task& task, node_id to, payload& encoded);
  void send_departed(const waiting_task& task, std::uint64_t name, node_id to, payload encoded);
  std::int64_t send_task(const waiting_task& task, node_id to);
  void hold_back(lane& line, const waiting_task& task, std::uint64_t name, payload encoded);
  packed_task take_head(lane& line);
  void prepare_next(lane& line, const leaving& how);
  bool find_head(lane& line, node_id to);
  void send_waiting(node_id to);
  void return_credit(node_id to);
  void return_grant(node_id to, std::int64_t bytes, std::uint64_t request);
  std::optional<waiting_task> withdraw_movable(credit& there, std::uint64_t& name, std::vector<std::byte>& encoded);
  std::optional<waiting_task> withdraw_movable(std::initializer_list<lane*> lines);
  void settle_withdrawn(const std::vector<node_id>& receivers);
  void keep_waiting();
  struct delivery;
  void give_waiting(delivery& to, std::uint64_t number);
  bool cancel_held(std::uint64_t name, const away& task);
  void on_credit(node_id from, std::uint64_t bytes, std::uint64_t request);
  budget::hold admit(node_id from, const message& arrived);
  void on_ask_credit(node_id from, const message& arrived);
  void on_return_credit(node_id from, const message& arrived);
  void grant_credit();

  // awaiting.cpp
  bool let_inner(credit& there, task_ref task, bool has_departed);
  lane& prepared_lane(credit& there, task_ref task, std::uint8_t& flags);

  // limited_tasks.cpp
  struct lane_key {
    node_id receiver{0};
    std::uint32_t limit = 0;
    friend auto operator<=>(const lane_key&, const lane_key&) = default;
  };
  void place_limited(const waiting_task& task, node_id to, std::uint32_t limit);
  std::size_t num_waiting_for_places() const noexcept;
  void ask_places(const lane_key& key, limit_lane& line);
  void use_places(const lane_key& key);
  void on_places(node_id from, const message& arrived);
  void keep_limited(std::uint32_t& kept);
  void readdress_limited(node_id thief, std::uint32_t workers);
  std::optional<std::uint32_t> admit_limited(node_id from, const message& arrived);
  void want_places(node_id from, const message& arrived);
  void on_return_places(node_id from, const message& arrived);
  void grant_places(std::uint32_t limit);
  void leave_place(guest& of);

  // cancelling.cpp
  void ask_holder(std::uint64_t name, away& task);
  void on_moved(node_id from, const message& arrived);
  void on_cancel(node_id from, const message& arrived);
  void on_cancel_answer(node_id from, const message& arrived);
  std::uint64_t find_guest(node_id home, std::uint64_t name);

  // stealing.cpp
  struct delivery {
    node_id thief = base::no_node;
    bool is_gift = false;
    std::uint64_t most_bytes = 0;     ///< of all of it
    std::uint64_t num_bytes = 0;      ///< of those sent
    std::uint64_t num_given = 0;      ///< that were sent
    std::size_t num_missing = 0;      ///< that are being encoded
    std::size_t left_of_waiting = 0;  ///< most of what waits for credit that it may still get
    bool is_late = false;             ///< it has been there at a call of answer_late
    bool is_answered = false;         ///< before all of it was sent
    bool is_full() const noexcept { return num_bytes >= most_bytes; }
  };
  void give(task_ref task) override;
  void give_guest(std::uint64_t name, payload encoded) override;
  void deliver(std::uint64_t number, task_ref task, std::uint8_t flags);
  void send_given(delivery& to, const waiting_task& given);
  void add_prepared(task_ref task, const leaving& how);
  bool give_up_to_half(node_id thief, const take_limits& limits, bool is_gift);
  void send_answer(const delivery& to);
  void end_delivery(std::uint64_t number);
  bool is_owed(node_id thief);
  void ask_next();
  void wait_at_lifelines(const demand& want);
  message request(message_kind kind, const demand& want) const;
  void on_steal_request(node_id from, const message& arrived);
  void on_steal_reply(node_id from, std::uint64_t count);
  void on_lifeline(node_id from, const message& arrived);
  void on_gift(node_id from);
  bool gives() const noexcept { return m_is_stealing && !m_termination.is_shutting_down; }
  void watch();
  void apply_stealing(bool is_on);
  void on_set_stealing(node_id from, const message& arrived);

  // ending.cpp, and the news that goes along trees
  template <class Function>
  void pass_on(const message& news, node_id root, Function here) {
    tree(m_settings.self, m_settings.num_nodes, root).for_each_child([&](node_id child) {
      message copy = news;
      copy.buffer = nullptr;
      send(child, copy);
    });
    here();
  }
  void check_way(node_id from, node_id root) const;

  // reporting.cpp
  template <class Function>
  void for_each_other(Function function) const;
  void on_report(node_id from, const message& arrived);

  // surveying.cpp
  void open_survey();
  void on_survey(node_id from, const message& arrived);
  void answer_survey();

  // ending.cpp
  void on_stop(node_id from, const message& arrived);
  void on_ending(node_id from, const message& arrived);
  void begin_round();
  void count();
  void end(const message& news);
  void on_spmd_acquire(node_id from);
  void on_spmd_grant(node_id from);
  void on_spmd_release(node_id from);
  void grant_spmd();

  // limits.cpp
  struct requester {
    node_id node = base::no_node;
    std::uint64_t request = 0;  ///< a declaration's, or the ticket of a task
  };
  struct job_limit {
    std::string name;
    bool is_per_node = false;
    base::unit_line<requester> line;
  };
  void on_limit_request(node_id from, const message& arrived);
  void on_limit(node_id from, const message& arrived, const requester& by);
  void confirm_limits();
  void on_limit_heard(node_id from, const message& arrived);
  void settle_limit(const requester& by, bool is_declared);
  void on_limit_settled(node_id from, const message& arrived);
  job_limit& limit_at(node_id from, std::uint64_t number);
  void on_units_request(node_id from, const message& arrived);
  void on_units_back(node_id from, const message& arrived);
  void grant_units(std::uint32_t limit);
  void on_units(node_id from, const message& arrived);

  const node_settings m_settings;
  outbox& m_out;
  local_side& m_local;
  const tree m_tree;

  slot_table<away> m_away;
  slot_table<guest> m_guests;
  std::vector<credit> m_credits;      ///< by receiver
  std::vector<node_id> m_backlogged;  ///< receivers for whose credit tasks wait
  std::size_t m_num_waiting = 0;
  std::size_t m_num_preparing = 0;  ///< tasks that are being encoded, but for thieves
  budget m_budget;
  std::map<lane_key, limit_lane> m_limit_lanes;  ///< those in which something waits, or is to come
  limit_places m_places;

  /// Guests by their names at home; kept only once somebody has cancelled one.
  bool m_is_indexed = false;
  std::unordered_map<guest_key, std::uint64_t, guest_key_hash> m_index;

  // As a thief.
  bool m_is_stealing;
  victims m_victims;
  node_id m_asked = base::no_node;  ///< whose answer to a request is under way
  demand m_quiet;                   ///< for which it has turned to its lifelines
  found_work m_found;               ///< when it last starved
  struct lifeline {
    demand told;         ///< for which it will push something
    int unanswered = 0;  ///< registrations; one push may answer several
  };
  std::vector<lifeline> m_lifelines;
  std::uint64_t m_stealing_decisions = 0;  ///< of node 0, heard of so far

  // As a victim.
  struct waiting_thief {
    node_id thief;
    take_limits limits;
  };
  std::deque<waiting_thief> m_waiting_thieves;
  demand m_watched;                   ///< of those
  slot_table<delivery> m_deliveries;  ///< answered when all that they promise has been sent
  std::uint64_t m_delivery = 0;       ///< to which is being added

  std::deque<node_id> m_spmd_queue;  ///< node 0: whose turn it is, and who waits
  int m_spmd_requests = 0;           ///< sent to node 0 and not granted yet

  std::vector<job_limit> m_limits;  ///< node 0: by number
  /// News of limits that not all below have heard of yet: how many children have not, and who waits for that (node 0).
  std::deque<std::pair<int, requester>> m_limit_news;
  std::uint64_t m_num_limit_news = 0;        ///< heard of so far
  std::uint64_t m_num_limits_confirmed = 0;  ///< of these, those that all below have heard of

  std::uint64_t m_next_broadcast = 0;
  bool m_is_stopped = false;  ///< and all below have been told
  termination m_termination;
  reporting m_reporting;
  surveying m_surveying;
  tally_sums m_counted;
};

}  // namespace torc::protocol
