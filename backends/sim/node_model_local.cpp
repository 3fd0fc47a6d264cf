// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <algorithm>

#include "backends/sim/node_model.hpp"

/// What the state machine tells and asks, and checks of it.
namespace torc::sim {
namespace {

record& record_of(protocol::task_ref task) { return *reinterpret_cast<record*>(static_cast<std::uintptr_t>(task)); }

/// What a preparation does.
constexpr std::uint64_t is_prepared = 0;
constexpr std::uint64_t is_late = 1;

std::int64_t cost_of(std::size_t bytes) { return static_cast<std::int64_t>(bytes) + protocol::task_overhead_bytes; }

}  // namespace

/// Some take their time, as users' code does.
bool node_model::prepare(protocol::task_ref task, const protocol::leaving& how) {
  const record& leaving = record_of(task);
  demand(leaving.where == record::place::waiting || leaving.ended_as != outcome::none,
         "a task was to be encoded that does not wait for it", leaving.task.id);
  if (m_random.chance(0.5)) return true;
  auto& made = *m_preparations.emplace_back(std::make_unique<preparation>());
  made.node = this;
  made.task = task;
  made.how = how;
  ++m_all.num_preparing;
  const auto duration = static_cast<std::int64_t>(m_random.below(m_random.chance(0.1) ? 10'000'000 : 10'000));
  m_agenda.after(nanoseconds(duration), made, is_prepared);
  for (const int third : {1, 2}) {
    if (m_random.chance(0.5)) m_agenda.after(nanoseconds(duration / 3 * third), made, is_late);
  }
  return false;
}

void node_model::preparation::act(std::uint64_t what) {
  if (what == is_late) {
    node->m_protocol.answer_late();
    return;
  }
  --node->m_all.num_preparing;
  node->m_protocol.prepared(task, how);
  node->settle();
}

bool node_model::depart(protocol::task_ref task, std::uint64_t name, protocol::payload& encoded) {
  record& leaving = record_of(task);
  if (leaving.ended_as != outcome::none) return false;
  demand(leaving.where == record::place::waiting, "a task left that did not wait for it", leaving.task.id);
  if (leaving.task.cannot_be_encoded) {
    complete(leaving, outcome::failure);
    return false;
  }
  leaving.where = record::place::away;
  leaving.name = name;
  m_encoded = encode(leaving.task);
  encoded = {m_encoded, &m_encoded};
  m_all.most_task_bytes = std::max<std::uint64_t>(m_all.most_task_bytes, m_encoded.size());
  return true;
}

void node_model::keep(protocol::task_ref task) {
  record& kept = record_of(task);
  if (kept.ended_as != outcome::none) return;
  if (m_is_abandoned) return complete(kept, outcome::cancelled);
  kept.where = record::place::queued;
  enqueue({.own = &kept, .task = kept.task, .is_movable = kept.is_movable});
}

void node_model::arrived(const protocol::arrival& task) {
  using namespace protocol::message_flags;
  queued_task queued{.guest = task.guest, .task = decode(task.task.bytes)};
  // Where it is to wait for room at home, a device task is not movable; here it may be.
  queued.is_movable = needs_space(queued.task) ? !queued.task.is_pinned : (task.flags & movable) != 0;
  queued.is_stolen = (task.flags & stolen) != 0;
  demand(queued.task.is_urgent == ((task.flags & urgent) != 0), "urgency came or went on the way", queued.task.id);

  const std::size_t bytes = task.task.bytes.size();
  guest_state state{
      .from = m_from, .bytes = bytes, .is_stolen = queued.is_stolen, .is_inner = (task.flags & inner) != 0};
  const bool is_nested = (task.flags & nested) != 0;
  const bool is_limited = (task.flags & limited) != 0;
  demand(queued.is_stolen || is_nested == is_below_holder(queued.task),
         "what stands below one that holds a slot or units is not known as that", queued.task.id);
  demand(queued.is_stolen || is_limited == (!is_nested && queued.task.limit != no_limit),
         "a task takes a place that needs none, or none", queued.task.id);
  if (is_limited) {
    state.limit = queued.task.limit;
    const auto num_placed = std::count_if(m_guests.begin(), m_guests.end(), [&](const auto& guest) {
      return guest.second.limit == state.limit && !guest.second.has_begun;
    });
    demand(num_placed < 2 * static_cast<std::int64_t>(m_options.protocol.workers),
           "more tasks with a limit wait here than there are places", queued.task.id);
  } else if (!queued.is_stolen && !queued.task.is_urgent && !is_nested) {
    state.charged_bytes = cost_of(bytes);
    (state.is_inner ? m_queued_inner_bytes : m_outer_bytes) += state.charged_bytes;
    const auto workers = static_cast<std::int64_t>(m_options.protocol.workers);
    const std::int64_t budget = m_options.protocol.budget_bytes;
    const std::int64_t largest = cost_of(m_all.most_task_bytes);
    demand(m_outer_bytes <= budget + 4 * workers * largest, "outer tasks hold more than the budget", queued.task.id);
    demand(m_queued_inner_bytes <= budget + 2 * workers * largest, "inner tasks take more than the budget",
           queued.task.id);
  }
  if (queued.is_stolen) {
    m_stolen_bytes += bytes;
    std::uint64_t num_givers = 1;  // the one asked and the lifelines, each once
    for (int step = 1; step < m_options.protocol.num_nodes; step *= 2) ++num_givers;
    for (const auto& nodes : m_options.protocol.with_space) {
      for (std::size_t step = 1; step < nodes.size(); step *= 2) ++num_givers;
    }
    demand(m_stolen_bytes <= num_givers * (m_options.protocol.steal_bytes + m_all.most_task_bytes),
           "a thief was given too much", queued.task.id);
  }
  if (task.task.buffer != nullptr && m_random.chance(0.5))
    const std::vector<std::byte> moved = std::move(*task.task.buffer);
  m_guests.emplace(task.guest, state);
  enqueue(queued);
}

void node_model::expired(protocol::task_ref, protocol::payload) {
  throw broken("a task expired, which no simulated body lets it");
}

void node_model::completed(protocol::task_ref task, base::node_id /*at*/, std::uint8_t flags,
                           protocol::payload result) {
  record& over = record_of(task);
  demand(over.where == record::place::away, "a task completed that was not away", over.task.id);
  if ((flags & protocol::message_flags::cancelled) != 0) {
    ++m_all.num_cancelled_far;
    return complete(over, outcome::cancelled);
  }
  check_result(over.task, result.bytes);
  complete(over, (flags & protocol::message_flags::failed) != 0 ? outcome::failure : outcome::value);
}

bool node_model::cancel_guest(std::uint64_t guest) {
  demand(m_guests.count(guest) == 1, "a guest that is not here was to be cancelled", guest);
  if (!remove_queued(nullptr, guest)) return false;
  drop_guest(guest);
  return true;
}

void node_model::cancel_decided(protocol::task_ref task, bool is_cancelled) {
  record& decided = record_of(task);
  const std::uint64_t id = decided.task.id;
  demand(decided.is_being_cancelled, "a cancellation was decided that nobody wanted, or twice", id);
  demand(is_cancelled == (decided.ended_as == outcome::cancelled), "a cancellation was decided wrongly", id);
  demand(is_cancelled || m_all.has_begun(id), "a task is said to have begun and has not", id);
  decided.is_being_cancelled = false;
  for (execution* canceller : decided.cancellers) {
    canceller->is_blocked = false;
    make_ready(*canceller);
  }
  decided.cancellers.clear();
}

protocol::demand node_model::starving_now() const noexcept {
  protocol::demand found{.is_for_workers = num_idle() > 0 && num_queued() == 0, .spaces = starving_spaces()};
  if (found.is_for_workers) found.spaces |= own_spaces() & m_spaces.of_workers;
  return found;
}

void node_model::watch_surplus(const protocol::demand& wanted) { m_watched = wanted; }

void node_model::stealing_changed(bool is_on) {
  demand(is_on == m_protocol.is_stealing(), "stealing is not as it is said to be");
}

void node_model::broadcast_arrived(node_id root, std::uint64_t id, protocol::payload value) {
  demand(m_broadcasts.emplace(root, id).second, "a broadcast value arrived twice", id);
  for (const std::byte one : value.bytes)
    demand(one == static_cast<std::byte>(value.bytes.size()), "a broadcast value arrived damaged", id);
}

void node_model::broadcast_forgotten(node_id root, std::uint64_t id) {
  demand(m_broadcasts.erase({root, id}) == 1, "a broadcast value was forgotten that is not here", id);
}

void node_model::spmd_granted() {
  demand(!m_spmd_waiters.empty(), "the turn for an spmd came that nobody wanted");
  execution& body = *m_spmd_waiters.front();
  m_spmd_waiters.pop_front();
  demand(++m_all.num_spmds == 1, "two spmds at a time");
  body.spmd = execution::turn::granted;
  body.is_blocked = false;
  make_ready(body);
}

void node_model::spmd_settled(node_id home) {
  demand(home != m_options.protocol.self, "a node settled an spmd with itself");
}

void node_model::report_asked(node_id asker, std::uint64_t /*why*/) { m_askers.push_back(asker); }

void node_model::report_arrived(node_id /*from*/, protocol::payload /*part*/) {
  if (m_num_missing > 0) --m_num_missing;
}

void node_model::report_ended(node_id asker) { demand(asker != m_options.protocol.self, "a node asked itself"); }

protocol::job_counts node_model::counts() { return {.created = 1, .ended = m_num_executed}; }

void node_model::surveyed(const protocol::job_counts& of_all) {
  demand(std::exchange(m_is_surveying, false), "a survey ended that nobody made");
  demand(of_all.created == static_cast<std::uint64_t>(m_options.protocol.num_nodes), "a survey forgot a node");
}

void node_model::abandoned() { m_is_abandoned = true; }

void node_model::stop_requested(std::uint64_t signal) {
  demand(signal == stopping_signal && m_options.protocol.self == base::first_node, "the wish for another stop");
  m_is_stop_requested = true;
}

void node_model::stopped(std::uint64_t signal) {
  demand(signal == stopping_signal && !std::exchange(m_is_stopped, true), "stopped twice, or for another reason");
  m_is_abandoned = true;
}

void node_model::shutting_down(std::uint64_t status) {
  demand(status == 0 && !m_is_shutting_down, "shut down twice, or with another status");
  m_is_shutting_down = true;
}

void node_model::ended() {
  demand(!m_has_ended && m_has_drained, "ended twice, or too early");
  demand(m_all.num_over() == m_all.num_tasks(), "ended before all tasks were over");
  demand(!m_is_surveying, "ended during a survey");
  demand(m_all.num_preparing == 0, "ended while tasks were being encoded");
  if (m_options.protocol.self == base::first_node) {
    const int num_nodes = m_options.protocol.num_nodes;
    demand(m_network.num_under_way() == static_cast<std::uint64_t>(std::min(num_nodes - 1, 2)),
           "messages are under way at the end");
  }
  m_has_ended = true;
}

}  // namespace torc::sim
