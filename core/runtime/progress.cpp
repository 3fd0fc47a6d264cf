// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/runtime/progress.hpp"

#include <torc/error.hpp>

#include <algorithm>
#include <cstdlib>
#include <mutex>

#include "core/base/clock.hpp"
#include "core/sched/thread_start.hpp"
#include "core/sched/worker/completion.hpp"
#include "core/sched/worker/devices.hpp"

namespace torc::runtime {
namespace {

using base::node_id;
using detail::record;

/// A worker that has queued something does not send it at once if somebody has sent just before: small messages travel
/// together. One in so many of its tasks it sends what there is.
constexpr std::uint64_t together_ns = 5'000;
constexpr std::uint32_t together_tasks = 32;

/// How long the server sleeps after traffic; then twice as long each time, up to TORC_SERVER_YIELDTIME. Longer sleeps
/// than this are to be interrupted by whoever queues something.
constexpr std::chrono::nanoseconds shortest_sleep = std::chrono::microseconds(50);
constexpr std::chrono::nanoseconds short_sleep = std::chrono::microseconds(200);

/// Stands for a thread that is no worker.
const sched::worker* const no_worker = reinterpret_cast<const sched::worker*>(alignof(sched::worker));

/// The thread is in a turn, or completes what came of it: it must not begin another one within.
constinit thread_local bool t_is_inside = false;

protocol::node_settings settings_for(const protocol::transport& network, const sched::node_map& nodes,
                                     const sched::space_map& spaces, const progress_settings& chosen) {
  protocol::node_settings settings;
  settings.self = nodes.self();
  settings.num_nodes = nodes.num_nodes();
  settings.workers = static_cast<std::uint32_t>(nodes.workers_of(nodes.self()));
  settings.spaces = spaces.spaces_of(nodes.self());
  settings.with_space.resize(static_cast<std::size_t>(spaces.size()));
  for (int space = 0; space < spaces.size(); ++space) {
    if (spaces.has(nodes.self(), space))
      settings.with_space[static_cast<std::size_t>(space)] = spaces.nodes_with(space);
  }
  const auto& hosts = network.hosts();
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    const node_id other{static_cast<std::int32_t>(i)};
    if (other != nodes.self() && hosts[i] == hosts[index_of(nodes.self())]) settings.near.push_back(other);
  }
  settings.budget_bytes = network.budget_bytes();
  settings.is_stealing = chosen.is_stealing;
  settings.seed = chosen.seed;
  return settings;
}

}  // namespace

progress::progress(protocol::transport& network, const sched::node_map& nodes, const sched::space_map& spaces,
                   broadcasts& values, const progress_settings& chosen)
    : m_network(network),
      m_nodes(nodes),
      m_spaces(spaces),
      m_settings(chosen),
      m_placement(chosen.placement, nodes, spaces),
      m_broadcasts(values),
      m_has_backlog(static_cast<std::size_t>(nodes.num_nodes())),
      m_is_stealing(chosen.is_stealing),
      m_node(settings_for(network, nodes, spaces, chosen), network, *this),
      m_encoders([this] {  // whoever needs the first of them may be bound to its core
        if (const auto use_cores = m_scheduler->config().use_cores; use_cores != nullptr) use_cores({});
      }) {}

progress::~progress() { task::kept_bytes::free(m_departing); }

void progress::start_server(sched::scheduler& scheduler, grace_watch& watch, stop_order& stop,
                            report::report_listener* listener) {
  m_scheduler = &scheduler;
  m_watch = &watch;
  m_stop = &stop;
  m_listener = listener;
  scheduler.set_keeps_nested(m_placement.keeps_nested(m_settings.is_stealing));
  scheduler.work_event().set_watcher([this] { has_surplus(); });
  sched::start_thread("messages", scheduler.num_workers(), [this] { m_server = std::thread([this] { serve(); }); });
}

void progress::stop_server() {
  m_network.ring();
  if (m_server.joinable()) m_server.join();
  m_encoders.stop();
}

// Queueing.

void progress::queue(record& task) noexcept {
  m_records.push(task);
  const std::uint32_t queued = m_num_queued.fetch_add(1, std::memory_order_relaxed);
  const bool is_due = queued == 0 ? base::now_ns() - m_last_turn_ns.load(std::memory_order_relaxed) > together_ns
                                  : queued % together_tasks == together_tasks - 1;
  if (is_due) send_now(false);
  wake_server();
}

void progress::add_command(std::function<void()> command) {
  const std::scoped_lock lock(m_commands_lock);
  m_commands.push_back(std::move(command));
  m_has_commands.store(true, std::memory_order_seq_cst);
}

void progress::post(std::function<void()> command) {
  add_command(std::move(command));
  send_now(true);
  wake_server();
}

/// For which there might be work on other nodes. Spaces whose tasks go the way of all tasks starve with the workers.
std::uint64_t progress::wanted_spaces() const noexcept {
  std::uint64_t spaces = m_scheduler->starving_spaces();
  if (m_scheduler->is_starving()) {
    const std::uint64_t own = m_spaces.spaces_of(m_nodes.self());
    for (int space = 0; space < m_spaces.size(); ++space) {
      const std::uint64_t bit = sched::space_map::bit_of(space);
      if ((own & bit) != 0 && m_scheduler->devices().queue_of(space) == nullptr) spaces |= bit;
    }
  }
  return spaces;
}

void progress::has_surplus() noexcept {
  m_is_surplus_due.store(true, std::memory_order_seq_cst);
  send_now(false);
  wake_server();
}

/// If something is left in the queue and nobody would look at it soon.
void progress::wake_server() noexcept {
  if (m_is_server_resting.load(std::memory_order_seq_cst) && has_queued() &&
      m_is_server_resting.exchange(false, std::memory_order_seq_cst))
    m_network.ring();
}

// The role.

bool progress::is_inside() noexcept { return t_is_inside; }

bool progress::take_role() noexcept {
  if (t_is_inside || !m_role.try_lock()) return false;
  note_holder();
  return true;
}

void progress::note_holder() noexcept {
  const sched::worker* const here = sched::worker::current();
  m_holder.store(here != nullptr ? here : no_worker, std::memory_order_relaxed);
}

/// Gives the role up; true if something was queued meanwhile, which is to be looked at.
bool progress::leave_role() noexcept {
  m_holder.store(nullptr, std::memory_order_relaxed);
  m_role.unlock();
  std::atomic_thread_fence(std::memory_order_seq_cst);
  return has_queued();
}

/// Sends what is queued, but receives and completes nothing, since that could go on with any other code: the caller may
/// be in the middle of a submission, and hold locks.
void progress::send_now(bool with_commands) noexcept {
  while (take_role()) {
    t_is_inside = true;
    try {
      if (with_commands) run_commands();
      send_queued();
      give_surplus_if_due();
      m_network.flush();
    } catch (const std::exception& e) {
      abort(e.what());
    }
    m_has_done.store(!m_aftermath.is_empty(), std::memory_order_seq_cst);
    t_is_inside = false;
    const bool has_more = leave_role();
    if (!has_more || !(m_records.has_items() || m_has_units.load(std::memory_order_relaxed) ||
                       (with_commands && m_has_commands.load(std::memory_order_relaxed))))
      return;
  }
}

bool progress::poll() noexcept {
  bool is_active = false;
  bool is_to_go_on = true;
  while (is_to_go_on && take_role()) {
    t_is_inside = true;
    try {
      is_active |= turn();
    } catch (const std::exception& e) {
      abort(e.what());
    }
    aftermath left = std::exchange(m_aftermath, {});
    m_has_done.store(false, std::memory_order_relaxed);
    is_to_go_on = leave_role();
    settle(left);
    t_is_inside = false;
  }
  return is_active;
}

bool progress::turn() {
  bool is_active = run_commands();
  is_active |= send_queued();
  if (!m_has_ended.load(std::memory_order_relaxed)) {
    is_active |= m_network.poll(*this);
    refuse_guests();
    if (!m_backlogged.empty()) look_for_credit();
    if (m_node.is_giving()) answer_late_thieves();
    if (m_is_stealing.load(std::memory_order_relaxed) && starving())
      m_node.starving({m_scheduler->times_busy(), m_scheduler->devices().times_busy()});
  }
  give_surplus_if_due();
  m_network.flush();
  if (is_active) m_last_turn_ns.store(base::now_ns(), std::memory_order_relaxed);
  return is_active;
}

bool progress::run_commands() {
  if (!m_has_commands.load(std::memory_order_relaxed)) return false;
  {
    const std::scoped_lock lock(m_commands_lock);
    m_running_commands.swap(m_commands);
    m_has_commands.store(false, std::memory_order_seq_cst);
  }
  for (const auto& command : m_running_commands) command();
  m_running_commands.clear();
  return true;
}

/// The units of limits that a task has given back go out before the news that it is over, whatever is queued meanwhile:
/// so none are under way at the end of the session but those that somebody still waits for.
bool progress::send_queued() {
  bool is_active = send_units();
  if (!m_records.has_items()) return is_active;
  m_num_queued.store(0, std::memory_order_relaxed);
  m_may_wait.store(true, std::memory_order_relaxed);
  while (record* const task = m_records.pop()) {
    is_active = true;
    send_units();
    if ((task->flags & detail::record_flags::guest) != 0) {
      finish_guest(sched::guest_of(*task));
    } else {
      place(*task);
    }
  }
  m_may_wait.store(m_node.num_waiting() > 0, std::memory_order_relaxed);
  return is_active;
}

bool progress::end_polling() noexcept { return m_network.end_polling() && poll(); }

/// The server thread: sends and receives when all workers are busy, or asleep.
void progress::serve() {
  std::chrono::nanoseconds pause = shortest_sleep;
  for (;;) {
    if (has_wanted()) {
      m_is_surplus_due.store(true, std::memory_order_relaxed);
    } else {
      watch();
    }
    if (poll()) pause = shortest_sleep;
    if (m_has_ended.load(std::memory_order_acquire)) {
      const std::unique_lock role(m_role, std::try_to_lock);
      if (role.owns_lock()) {
        m_network.flush();
        if (m_network.is_flushed()) return;
      }
      pause = shortest_sleep;
    }
    if (m_encoders.is_behind()) {
      m_encoders.relieve();
      pause = std::min(pause, encoders::patience);
    }
    const bool is_long = pause > short_sleep;
    if (is_long) {
      m_is_server_resting.store(true, std::memory_order_seq_cst);
      if (has_queued()) {
        m_is_server_resting.store(false, std::memory_order_relaxed);
        continue;
      }
    }
    m_network.sleep(pause);
    if (is_long) m_is_server_resting.store(false, std::memory_order_seq_cst);
    pause = std::min(2 * pause, m_settings.longest_sleep);
  }
}

// What the session and the public functions ask for.

void progress::set_stealing(bool is_on) {
  stealing_changed(is_on);
  post([this, is_on] { m_node.set_stealing(is_on); });
}

void progress::abandon() {
  m_scheduler->abandon(sched::abandonment::callbacks);
  post([this] { m_node.abandon(); });  // which has it heard here, too
}

void progress::announce_return() {
  post([this] { m_node.announce_return(); });
}

void progress::shut_down() {
  sched::baton end({sched::wait_kind::others});
  post([this, &end] {
    m_end_waiter = &end;
    m_node.shutdown(static_cast<std::uint64_t>(m_status.load()));
  });
  end.wait();
}

void progress::abort(const std::string& reason) noexcept {
  m_network.abort(reason, EXIT_FAILURE);
  __builtin_unreachable();  // compilers do not believe it of a virtual function
}

std::uint64_t progress::send_broadcast(std::vector<std::byte> value) {
  sched::baton sent({sched::wait_kind::broadcast});
  std::uint64_t id = 0;
  post([&] {
    id = m_node.broadcast({value, &value});
    sent.notify();
  });
  sent.wait();
  return id;
}

void progress::broadcast_forgotten(node_id root, std::uint64_t id) {
  m_aftermath.broadcasts.push_back(m_broadcasts.forgotten({root, id}));
}

void progress::forget_broadcast(std::uint64_t id) {
  post([this, id] { m_node.forget(id); });
}

}  // namespace torc::runtime
