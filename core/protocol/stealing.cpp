// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <algorithm>

#include "core/protocol/node.hpp"

/// Stealing between nodes: a starving node has one request under way; refused by a few, it registers with its lifelines
/// and goes quiet. Then they push work to it as soon as they have some.
namespace torc::protocol {
namespace {

take_limits limits_of(const message& request) noexcept {
  return {.most_bytes = request.value, .workers = request.workers, .spaces = request.id};
}

}  // namespace

// As a thief.

void node::starving(const found_work& so_far) {
  if (!m_is_stealing || m_termination.is_shutting_down) return;
  const demand renewed{so_far.workers != m_found.workers, so_far.slots != m_found.slots ? m_settings.spaces : 0};
  m_found = so_far;
  m_quiet = m_quiet.without(renewed);
  m_victims.restart(renewed);
  if (m_num_waiting > 0 && m_local.starving().is_for_workers) keep_waiting();
  const bool is_all_quiet = m_quiet.is_for_workers && (m_settings.spaces & ~m_quiet.spaces) == 0;
  if (m_asked == base::no_node && !is_all_quiet) ask_next();
}

void node::ask_next() {
  const demand all = m_local.starving();
  const demand want = all.without(m_quiet);
  if (!want) return;
  const node_id victim = m_victims.next(want);
  if (victim == base::no_node) {
    wait_at_lifelines(want);
    return;
  }
  m_asked = victim;
  send(victim, request(message_kind::steal_request, all));
}

/// Tells what it starves for and nothing else: tasks that were pushed to a busy node would be pushed on to the next
/// one, for ever.
void node::wait_at_lifelines(const demand& want) {
  m_quiet = m_quiet.with(want);
  m_victims.for_each_lifeline(want, [&](std::size_t i) {
    lifeline& asked = m_lifelines[i];
    if (!want.without(asked.told)) return;
    asked.told = asked.told.with(want);
    ++asked.unanswered;
    send(m_victims.lifelines()[i], request(message_kind::lifeline, asked.told));
  });
}

message node::request(message_kind kind, const demand& want) const {
  return {.kind = kind,
          .workers = want.is_for_workers ? m_settings.workers : 0,
          .id = want.spaces,
          .value = m_settings.steal_bytes};
}

void node::on_steal_reply(node_id from, std::uint64_t count) {
  if (from != m_asked) fail(from, "an answer to a steal request that it did not make");
  m_asked = base::no_node;
  if (count > 0) {
    m_victims.restart();
  } else if (m_is_stealing && !m_termination.is_shutting_down) {
    ask_next();
  }
  if (m_termination.is_shutting_down) this->count();
}

void node::on_gift(node_id from) {
  const auto& lifelines = m_victims.lifelines();
  const auto i = static_cast<std::size_t>(std::find(lifelines.begin(), lifelines.end(), from) - lifelines.begin());
  if (i == lifelines.size() || m_lifelines[i].unanswered == 0) fail(from, "a gift that it did not wait for");
  --m_lifelines[i].unanswered;
  m_lifelines[i].told = {};  // if it knows more, from a registration that the gift has crossed, it will push once more
  // What was pushed may be cancelled or stolen before anything begins here: then it must register again.
  m_quiet = {};
  m_victims.restart();
}

// As a victim.

void node::give(task_ref task) { deliver(m_delivery, task, message_flags::movable | message_flags::stolen); }

/// Adds a task to the delivery, at once or, if it is to be encoded before, later.
void node::deliver(std::uint64_t number, task_ref task, std::uint8_t flags) {
  delivery& to = *m_deliveries.find(number);
  const leaving how{to.thief, flags, number};
  if (m_local.prepare(task, how)) {
    send_given(to, {task, flags});
  } else {
    ++to.num_missing;
  }
}

void node::send_given(delivery& to, const waiting_task& given) {
  if (!gives()) {
    m_local.keep(given.task);  // nobody steals any more
  } else if (const std::int64_t cost = send_task(given, to.thief); cost > 0) {
    ++to.num_given;
    to.num_bytes += static_cast<std::uint64_t>(cost);
  }
}

void node::add_prepared(task_ref task, const leaving& how) {
  delivery& to = *m_deliveries.find(how.delivery);
  --to.num_missing;
  send_given(to, {task, how.flags});
  give_waiting(to, how.delivery);
  end_delivery(how.delivery);
}

void node::send_answer(const delivery& to) {
  const message_kind kind = to.is_gift ? message_kind::gift : message_kind::steal_reply;
  send(to.thief, {.kind = kind, .value = to.num_given});
}

void node::answer_late() {
  m_deliveries.for_each([&](std::uint64_t, delivery& late) {
    if (!std::exchange(late.is_late, true) || late.is_answered) return;
    late.is_answered = true;
    late.left_of_waiting = 0;
    send_answer(late);
  });
}

/// Whether it gets something later. Until then it gets nothing more: it would have all that is here encoded, half by
/// half, and the workers here would have nothing.
bool node::is_owed(node_id thief) {
  bool is_found = false;
  m_deliveries.for_each([&](std::uint64_t, const delivery& to) { is_found |= to.is_answered && to.thief == thief; });
  return is_found;
}

/// Answers the thief, if all that was promised has been sent.
void node::end_delivery(std::uint64_t number) {
  const delivery& ended = *m_deliveries.find(number);
  if (ended.num_missing > 0) return;
  const bool was_answered = ended.is_answered;
  if (!was_answered) send_answer(ended);
  m_deliveries.erase(number);
  if (was_answered) surplus();
  if (m_termination.is_shutting_down) count();
}

void node::give_guest(std::uint64_t name, payload encoded) {
  guest given = guest_at(name);
  if (given.hops == most_hops) throw violation("a guest that has to stay was given away");
  drop_guest(name);
  delivery& to = *m_deliveries.find(m_delivery);
  ++to.num_given;
  to.num_bytes += static_cast<std::uint64_t>(cost_of(encoded));
  send(to.thief, {.kind = message_kind::task,
                  .flags = message_flags::movable | message_flags::stolen,
                  .hops = static_cast<std::uint16_t>(given.hops + 1),
                  .home = given.home,
                  .id = given.name,
                  .payload = encoded.bytes,
                  .buffer = encoded.buffer});
  const std::int64_t returned = m_budget.end(given.home, given.held);
  if (returned > 0) send(given.home, {.kind = message_kind::credit, .value = static_cast<std::uint64_t>(returned)});
  leave_place(given);
  grant_credit();
}

/// False, and nothing has happened, if there is nothing for it; else the answer follows what it is given.
bool node::give_up_to_half(node_id thief, const take_limits& limits, bool is_gift) {
  if (is_owed(thief)) return false;
  m_delivery = m_deliveries.insert({.thief = thief, .is_gift = is_gift, .most_bytes = limits.most_bytes});
  delivery& to = *m_deliveries.find(m_delivery);
  if (limits.workers > 0) to.left_of_waiting = (m_num_waiting - num_waiting_for_places() + 1) / 2;
  give_waiting(to, m_delivery);
  if (limits.workers > 0) readdress_limited(thief, limits.workers);
  if (to.num_missing == 0 && !to.is_full()) {
    to.left_of_waiting = 0;
    take_limits left = limits;
    left.most_bytes -= to.num_bytes;
    m_local.take(left, *this);
  }
  if (to.num_given == 0 && to.num_missing == 0) {
    m_deliveries.erase(m_delivery);
    return false;
  }
  end_delivery(m_delivery);
  return true;
}

void node::on_steal_request(node_id from, const message& arrived) {
  if (!gives() || !give_up_to_half(from, limits_of(arrived), false))
    send(from, {.kind = message_kind::steal_reply, .value = 0});
}

void node::on_lifeline(node_id from, const message& arrived) {
  const auto known = std::find_if(m_waiting_thieves.begin(), m_waiting_thieves.end(),
                                  [&](const waiting_thief& h) { return h.thief == from; });
  if (known != m_waiting_thieves.end()) {
    known->limits = limits_of(arrived);
  } else {
    m_waiting_thieves.push_back({from, limits_of(arrived)});
  }
  surplus();
}

bool node::surplus() {
  bool has_given = false;
  // What is not for one thief may be right for the next one, but not if that has nothing more.
  std::uint32_t refused_workers = 0;
  std::uint64_t refused_spaces = 0;
  std::uint64_t refused_slots = 0;  // spaces for which those without idle workers got nothing
  for (auto next = m_waiting_thieves.begin(); next != m_waiting_thieves.end() && gives();) {
    if (is_owed(next->thief)) {
      ++next;
      continue;
    }
    const take_limits& limits = next->limits;
    const std::uint64_t refused = limits.workers > 0 ? refused_spaces : refused_spaces | refused_slots;
    const bool has_more = limits.workers > refused_workers || (limits.spaces & ~refused) != 0;
    if (!has_more || !give_up_to_half(next->thief, limits, true)) {
      refused_workers = std::max(refused_workers, limits.workers);
      (limits.workers > 0 ? refused_spaces : refused_slots) |= limits.spaces;
      ++next;
      continue;
    }
    has_given = true;
    next = m_waiting_thieves.erase(next);
  }
  watch();
  return has_given;
}

void node::watch() {
  demand wanted;
  if (gives()) {
    for (const waiting_thief& h : m_waiting_thieves) {
      if (!is_owed(h.thief)) wanted = wanted.with({h.limits.workers > 0, h.limits.spaces});
    }
  }
  if (m_watched == wanted) return;
  m_watched = wanted;
  m_local.watch_surplus(wanted);
}

// Switching it on and off: node 0 decides in which order, so that all end with the same.

void node::set_stealing(bool is_on) {
  if (m_termination.is_shutting_down) return;  // nobody steals any more
  if (m_tree.is_root()) {
    apply_stealing(is_on);
    const message news{.kind = message_kind::set_stealing, .id = ++m_stealing_decisions, .value = is_on ? 1U : 0U};
    m_tree.for_each_child([&](node_id child) { send(child, news); });
  } else {
    apply_stealing(is_on);  // here at once
    send(base::first_node, {.kind = message_kind::set_stealing, .value = is_on ? 1U : 0U});
  }
}

void node::on_set_stealing(node_id from, const message& arrived) {
  if (arrived.value > 1) fail(from, "a wish for stealing that is neither on nor off");
  if (m_tree.is_root()) {
    if (arrived.id != 0) fail(from, "a decision about stealing that is node 0's to make");
    set_stealing(arrived.value != 0);
  } else {
    check_way(from, base::first_node);
    if (arrived.id != ++m_stealing_decisions) fail(from, "a decision about stealing out of order");
    pass_on(arrived, base::first_node, [&] { apply_stealing(arrived.value != 0); });
  }
}

void node::apply_stealing(bool is_on) {
  if (m_is_stealing == is_on) return;
  m_is_stealing = is_on;
  m_quiet = {};
  m_victims.restart();
  m_local.stealing_changed(is_on);
  // Whoever has registered stays so: it was told nothing else.
  surplus();
}

}  // namespace torc::protocol
