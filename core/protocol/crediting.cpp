// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <algorithm>
#include <utility>

#include "core/protocol/node.hpp"

/// Credit: what waits at home until there is credit for it (see credit.hpp), and what the tasks of others hold here
/// (budget.hpp). A task's cost is known once it is encoded, so the next one of each line is, and its home holds it
/// then.
namespace torc::protocol {
namespace {

depth level_of(std::uint8_t flags) noexcept {
  if ((flags & message_flags::inner) == 0) return depth::outer;
  return (flags & message_flags::slotted) != 0 ? depth::inner_with_slot : depth::inner;
}

}  // namespace

// As a sender.

void node::place(task_ref task, node_id to, std::uint8_t flags, std::uint32_t limit) {
  const waiting_task placed{task, flags};
  if ((flags & message_flags::limited) != 0) return place_limited(placed, to, limit);
  if ((flags & (message_flags::urgent | message_flags::nested)) != 0) {
    if (m_local.prepare(task, {to, flags})) {
      send_task(placed, to);
    } else {
      ++m_num_preparing;
    }
    return;
  }
  credit& there = m_credits[index_of(to)];
  lane& joined = there.lane_of(flags);
  const bool is_held_up = there.is_occupied_up_to(joined);
  if (is_held_up || !m_local.prepare(task, {to, flags})) {
    if (!there.has_waiting()) m_backlogged.push_back(to);
    ++m_num_waiting;
    if (!is_held_up) {
      joined.preparing.push_back(placed);
      ++m_num_preparing;
    } else {
      joined.tasks.push(placed);
      if (!joined.head) send_waiting(to);
    }
    return;
  }
  payload encoded;
  const std::uint64_t name = depart(placed, to, encoded);
  if (name == no_name) return;
  const std::int64_t cost = cost_of(encoded);
  if (cost <= there.left_bytes) {
    there.left_bytes -= cost;
    send_departed(placed, name, to, encoded);
    return;
  }
  if (!there.has_waiting()) m_backlogged.push_back(to);
  ++m_num_waiting;
  hold_back(joined, placed, name, encoded);
  send_waiting(to);
}

void node::prepared(task_ref task, const leaving& how) {
  if (how.delivery != 0) return add_prepared(task, how);
  --m_num_preparing;
  if ((how.flags & (message_flags::urgent | message_flags::nested)) != 0) {
    send_task({task, how.flags}, how.to);
  } else {
    const bool is_limited = (how.flags & message_flags::limited) != 0;
    std::uint8_t its_flags = how.flags;
    lane& line = is_limited ? m_limit_lanes.at({how.to, how.limit}).lane_of(how.flags)
                            : prepared_lane(m_credits[index_of(how.to)], task, its_flags);
    std::erase_if(line.preparing, [task](const waiting_task& one) { return one.task == task; });
    line.ready.push({task, its_flags});
    if (is_limited) {
      use_places({how.to, how.limit});
    } else {
      send_waiting(how.to);
    }
  }
  if (m_termination.is_shutting_down) count();  // it may have been cancelled meanwhile, and the last thing to wait for
}

/// Lets as many be encoded as are soon sent. `how`: but for their flags.
void node::prepare_next(lane& line, const leaving& how) {
  while (line.ready.size() + line.preparing.size() < most_prepared && !line.tasks.is_empty()) {
    const waiting_task next = line.tasks.pop();
    leaving its = how;
    its.flags = next.flags;
    if (m_local.prepare(next.task, its)) {
      line.ready.push(next);
    } else {
      line.preparing.push_back(next);
      ++m_num_preparing;
    }
  }
}

/// False if all that waits is being encoded.
bool node::find_head(lane& line, node_id to) {
  while (!line.head) {
    if (!line.packed.empty()) {
      line.head = std::move(line.packed.front());
      line.packed.pop_front();
      break;
    }
    prepare_next(line, {.to = to});
    if (line.ready.is_empty()) return false;
    const waiting_task next = line.ready.pop();
    payload encoded;
    if (const std::uint64_t name = depart(next, to, encoded); name != no_name) {
      hold_back(line, next, name, encoded);
    } else {
      --m_num_waiting;
    }
  }
  return true;
}

/// The task's name, from now on until its result comes; no_name if it is not to be sent any more.
std::uint64_t node::depart(const waiting_task& task, node_id to, payload& encoded) {
  const std::uint64_t name = m_away.insert({.task = task.task, .holder = to});
  if (m_local.depart(task.task, name, encoded)) return name;
  m_away.erase(name);
  return no_name;
}

void node::send_departed(const waiting_task& task, std::uint64_t name, node_id to, payload encoded) {
  send(to, {.kind = message_kind::task,
            .flags = task.flags,
            .home = m_settings.self,
            .id = name,
            .payload = encoded.bytes,
            .buffer = encoded.buffer});
}

/// What it costs there; 0 if it is not to be sent any more.
std::int64_t node::send_task(const waiting_task& task, node_id to) {
  payload encoded;
  const std::uint64_t name = depart(task, to, encoded);
  if (name == no_name) return 0;
  const std::int64_t cost = cost_of(encoded);
  send_departed(task, name, to, encoded);
  return cost;
}

void node::hold_back(lane& line, const waiting_task& task, std::uint64_t name, payload encoded) {
  m_away.find(name)->holder = m_settings.self;
  packed_task& head = line.head.emplace(packed_task{.task = task, .name = name, .bytes = {}});
  if (encoded.buffer != nullptr) {
    head.bytes = std::move(*encoded.buffer);
  } else {
    head.bytes.assign(encoded.bytes.begin(), encoded.bytes.end());
  }
}

packed_task node::take_head(lane& line) {
  packed_task head = std::move(*line.head);
  line.head.reset();
  --m_num_waiting;
  return head;
}

/// Sends what there is credit for, the inner tasks first, and asks for more.
void node::send_waiting(node_id to) {
  credit& there = m_credits[index_of(to)];
  if (!there.has_waiting()) return;
  for (lane* line : there.lanes()) {
    while (find_head(*line, to)) {
      const std::int64_t cost = cost_of({line->head->bytes});
      if (cost > there.left_bytes) {
        if (std::exchange(line->asked_for, line->head->name) == line->head->name) return;
        there.has_ever_asked = true;
        send(to, {.kind = message_kind::ask_credit,
                  .flags = static_cast<std::uint8_t>(line->head->task.flags &
                                                     (message_flags::inner | message_flags::slotted)),
                  .id = line->head->name,
                  .value = static_cast<std::uint64_t>(cost)});
        return;  // what is outer does not take what the inner ones wait for
      }
      there.left_bytes -= cost;
      packed_task head = take_head(*line);
      m_away.find(head.name)->holder = to;
      if (line->asked_for == head.name) line->asked_for = no_name;
      send_departed(head.task, head.name, to, {head.bytes, &head.bytes});
    }
  }
  if (there.has_waiting()) return;  // for what is being encoded
  std::erase(m_backlogged, to);
  return_credit(to);
}

/// Nothing waits: what goes beyond its share is for others, and so is credit that was asked for and is not needed.
void node::return_credit(node_id to) {
  credit& there = m_credits[index_of(to)];
  const std::int64_t share = budget::share_of(m_settings.budget_bytes, m_settings.num_nodes);
  std::uint64_t asked = no_name;
  for (lane* line : there.lanes()) asked |= std::exchange(line->asked_for, no_name);
  if (there.left_bytes <= share && asked == no_name) return;
  const std::int64_t left_over = std::max<std::int64_t>(0, there.left_bytes - share);
  there.left_bytes -= left_over;
  send(to, {.kind = message_kind::return_credit, .value = static_cast<std::uint64_t>(left_over)});
}

/// It was for a task that went elsewhere, and the receiver counts no more with what might be sent for it.
void node::return_grant(node_id to, std::int64_t bytes, std::uint64_t request) {
  credit& there = m_credits[index_of(to)];
  const std::int64_t share = budget::share_of(m_settings.budget_bytes, m_settings.num_nodes);
  const std::int64_t left_over = std::clamp<std::int64_t>(there.left_bytes - share, 0, bytes);
  there.left_bytes -= left_over;
  send(to, {.kind = message_kind::return_credit, .id = request, .value = static_cast<std::uint64_t>(left_over)});
}

/// The oldest task that waits for credit there and may go elsewhere; `encoded` is filled if it has departed already,
/// and then `name` is its name.
std::optional<waiting_task> node::withdraw_movable(credit& there, std::uint64_t& name,
                                                   std::vector<std::byte>& encoded) {
  name = no_name;
  for (lane* line : {&there.outer, &there.inner_with_slot, &there.inner}) {
    if (line->head && (line->head->task.flags & message_flags::movable) != 0) {
      packed_task head = take_head(*line);
      name = head.name;
      encoded = std::move(head.bytes);
      return head.task;
    }
    if (const auto task = withdraw_movable({line})) return task;
  }
  return std::nullopt;
}

/// One that has not departed.
std::optional<waiting_task> node::withdraw_movable(std::initializer_list<lane*> lines) {
  for (lane* line : lines) {
    for (backlog* tasks : {&line->ready, &line->tasks}) {
      if (const auto task = tasks->pop_movable()) {
        --m_num_waiting;
        return task;
      }
    }
  }
  return std::nullopt;
}

/// After tasks were withdrawn: the next ones ask, or what is left goes back.
void node::settle_withdrawn(const std::vector<node_id>& receivers) {
  for (const node_id to : receivers) {
    if (m_credits[index_of(to)].has_waiting()) {
      send_waiting(to);
    } else {
      std::erase(m_backlogged, to);
      return_credit(to);
    }
  }
}

/// What waits for credit or places elsewhere is done here.
void node::keep_waiting() {
  const std::vector<node_id> receivers = m_backlogged;
  std::uint32_t kept = 0;
  for (const node_id to : receivers) {
    while (kept < m_settings.workers) {
      std::uint64_t name = no_name;
      std::vector<std::byte> encoded;
      const auto task = withdraw_movable(m_credits[index_of(to)], name, encoded);
      if (!task) break;
      if (name != no_name) m_away.erase(name);
      ++kept;
      m_local.keep(task->task);
    }
  }
  if (kept > 0) settle_withdrawn(receivers);
  keep_limited(kept);
}

/// Of what waits for credit, and what waits for the thief's own credit first; one that is to be encoded after the
/// other, so that it is known how many bytes there are.
void node::give_waiting(delivery& to, std::uint64_t number) {
  const auto give_from = [&](node_id receiver) {
    while (to.left_of_waiting > 0 && to.num_missing == 0 && !to.is_full() && gives()) {
      std::uint64_t name = no_name;
      std::vector<std::byte> encoded;
      const auto task = withdraw_movable(m_credits[index_of(receiver)], name, encoded);
      if (!task) break;
      --to.left_of_waiting;
      const waiting_task given{task->task, static_cast<std::uint8_t>(task->flags | message_flags::stolen)};
      if (name == no_name) {
        deliver(number, given.task, given.flags);
        continue;
      }
      m_away.find(name)->holder = to.thief;
      ++to.num_given;
      to.num_bytes += static_cast<std::uint64_t>(cost_of({encoded}));
      send_departed(given, name, to.thief, {encoded, &encoded});
    }
  };
  if (to.left_of_waiting == 0) return;
  const std::vector<node_id> receivers = m_backlogged;
  if (m_credits[index_of(to.thief)].has_waiting()) give_from(to.thief);
  for (const node_id receiver : receivers) give_from(receiver);
  settle_withdrawn(receivers);
}

/// A task that its home holds for want of credit is cancelled there.
bool node::cancel_held(std::uint64_t name, const away& task) {
  if (task.holder != m_settings.self) return false;
  for (const node_id to : m_backlogged) {
    credit& there = m_credits[index_of(to)];
    for (lane* line : there.lanes()) {
      const auto packed = std::find_if(line->packed.begin(), line->packed.end(),
                                       [&](const packed_task& one) { return one.name == name; });
      const bool is_head = line->head && line->head->name == name;
      if (!is_head && packed == line->packed.end()) continue;
      const task_ref cancelled = task.task;
      if (is_head) {
        take_head(*line);
      } else {
        line->packed.erase(packed);
        --m_num_waiting;
      }
      m_away.erase(name);
      m_local.completed(cancelled, m_settings.self, message_flags::cancelled, {});
      m_local.cancel_decided(cancelled, true);
      settle_withdrawn({to});
      return true;
    }
  }
  throw violation("a task is said to be held here and is not");
}

void node::on_credit(node_id from, std::uint64_t bytes, std::uint64_t request) {
  credit& there = m_credits[index_of(from)];
  // Compared before it is added: the sum might be too much for 64 bits. Who never asked has at most its share.
  const std::int64_t share = budget::share_of(m_settings.budget_bytes, m_settings.num_nodes);
  const std::int64_t most = there.has_ever_asked ? most_credit_bytes : share - there.left_bytes;
  if (bytes > static_cast<std::uint64_t>(most) || there.left_bytes > most_credit_bytes)
    fail(from, "more credit than it had used");
  there.left_bytes += static_cast<std::int64_t>(bytes);
  const auto lanes = there.lanes();
  const auto is_for = [request](const lane* line) { return line->head && line->head->name == request; };
  if (request != no_name && std::none_of(lanes.begin(), lanes.end(), is_for))
    return_grant(from, static_cast<std::int64_t>(bytes), request);
  if (there.has_waiting()) {
    send_waiting(from);
  } else {
    return_credit(from);
  }
}

// As a receiver.

budget::hold node::admit(node_id from, const message& arrived) {
  if ((arrived.flags & (needs_nothing | message_flags::limited)) != 0) return {};
  const auto held = m_budget.admit(from, cost_of({arrived.payload}), level_of(arrived.flags));
  if (!held) fail(from, "a task for which it had no credit");
  return *held;
}

void node::begun(std::uint64_t guest_name) {
  guest* const waiting = m_guests.find(guest_name);
  if (waiting == nullptr) return;  // over meanwhile
  const node_id home = waiting->home;
  const std::int64_t returned = m_budget.begin(home, waiting->held);
  if (returned > 0) send(home, {.kind = message_kind::credit, .value = static_cast<std::uint64_t>(returned)});
  leave_place(*waiting);
  grant_credit();
}

void node::on_ask_credit(node_id from, const message& arrived) {
  if (arrived.value == 0 || arrived.value > static_cast<std::uint64_t>(most_credit_bytes))
    fail(from, "a wish for room that cannot be");
  m_budget.ask(from, static_cast<std::int64_t>(arrived.value), level_of(arrived.flags), arrived.id);
  grant_credit();
}

void node::on_return_credit(node_id from, const message& arrived) {
  const bool can_be = arrived.id == no_name ? m_budget.give_back(from, arrived.value)
                                            : m_budget.give_grant_back(from, arrived.value, arrived.id);
  if (!can_be) fail(from, "more credit than it had");
  grant_credit();
}

void node::grant_credit() {
  while (const auto granted = m_budget.next_grant())
    send(granted->to,
         {.kind = message_kind::credit, .id = granted->request, .value = static_cast<std::uint64_t>(granted->bytes)});
}

}  // namespace torc::protocol
