// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/protocol/node.hpp"

namespace torc::protocol {
namespace {

/// Bits that messages of this kind may have.
std::uint8_t flags_of(message_kind kind) noexcept {
  if (kind == message_kind::task)
    return message_flags::movable | message_flags::stolen | message_flags::urgent | message_flags::nested |
           message_flags::inner | message_flags::limited | message_flags::slotted;
  if (kind == message_kind::ask_credit) return message_flags::inner | message_flags::slotted;
  if (kind == message_kind::result)
    return message_flags::failed | message_flags::cancelled | message_flags::partly_failed;
  if (kind == message_kind::limit_request || kind == message_kind::limit) return message_flags::per_node;
  return 0;
}

bool is_counted(message_kind kind) noexcept {
  return kind != message_kind::shutdown && kind != message_kind::tally_request && kind != message_kind::tally &&
         kind != message_kind::end;
}

/// Owed, and so counted, before it is sent; see reporting.hpp.
bool is_counted_before(message_kind kind) noexcept {
  return kind == message_kind::report_part || kind == message_kind::report_end;
}

payload payload_of(const message& arrived) noexcept { return {arrived.payload, arrived.buffer}; }

}  // namespace

node::node(const node_settings& settings, outbox& out, local_side& local)
    : m_settings(settings),
      m_out(out),
      m_local(local),
      m_tree(settings.self, settings.num_nodes),
      m_credits(static_cast<std::size_t>(settings.num_nodes)),
      m_budget(settings.budget_bytes, settings.workers, settings.num_nodes),
      m_places(settings.workers),
      m_is_stealing(settings.is_stealing),
      m_victims(settings.self, settings.num_nodes, settings.near, settings.with_space, settings.seed),
      m_lifelines(m_victims.lifelines().size()) {
  for (credit& r : m_credits) r.left_bytes = budget::share_of(settings.budget_bytes, settings.num_nodes);
}

void node::fail(node_id from, const char* what) const {
  throw violation("node " + std::to_string(number_of(m_settings.self)) + " got from node " +
                  std::to_string(number_of(from)) + " " + what);
}

void node::send(node_id to, const message& sent) {
  if (is_counted(sent.kind) && !is_counted_before(sent.kind)) ++m_counted.sent;
  m_out.send(to, sent);
}

void node::receive(node_id from, const message& arrived) {
  if (is_counted(arrived.kind)) ++m_counted.received;
  if (m_termination.has_ended) fail(from, "a message after the end");
  if (number_of(arrived.home) < 0 || number_of(arrived.home) >= m_settings.num_nodes)
    fail(from, "the number of a node that does not exist");
  if ((arrived.flags & ~flags_of(arrived.kind)) != 0) fail(from, "flags that do not exist");
  switch (arrived.kind) {
    case message_kind::task:
      return on_task(from, arrived);
    case message_kind::result:
      return on_result(from, arrived);
    case message_kind::expired:
      return on_expired(from, arrived);
    case message_kind::credit:
      return on_credit(from, arrived.value, arrived.id);
    case message_kind::ask_credit:
      return on_ask_credit(from, arrived);
    case message_kind::return_credit:
      return on_return_credit(from, arrived);
    case message_kind::ask_places:
      return want_places(from, arrived);
    case message_kind::places:
      return on_places(from, arrived);
    case message_kind::return_places:
      return on_return_places(from, arrived);
    case message_kind::moved:
      return on_moved(from, arrived);
    case message_kind::cancel:
      return on_cancel(from, arrived);
    case message_kind::cancel_answer:
      return on_cancel_answer(from, arrived);
    case message_kind::steal_request:
      return on_steal_request(from, arrived);
    case message_kind::steal_reply:
      return on_steal_reply(from, arrived.value);
    case message_kind::lifeline:
      return on_lifeline(from, arrived);
    case message_kind::gift:
      return on_gift(from);
    case message_kind::set_stealing:
      return on_set_stealing(from, arrived);
    case message_kind::abandon:
      check_way(from, base::first_node);
      return pass_on(arrived, base::first_node, [&] { m_local.abandoned(); });
    case message_kind::stop:
      return on_stop(from, arrived);
    case message_kind::returned:
      check_way(from, base::first_node);
      return pass_on(arrived, base::first_node, [&] { m_local.primary_returned(); });
    case message_kind::broadcast:
      check_way(from, arrived.home);
      return pass_on(arrived, arrived.home,
                     [&] { m_local.broadcast_arrived(arrived.home, arrived.id, payload_of(arrived)); });
    case message_kind::forget:
      check_way(from, arrived.home);
      return pass_on(arrived, arrived.home, [&] { m_local.broadcast_forgotten(arrived.home, arrived.id); });
    case message_kind::spmd_acquire:
      return on_spmd_acquire(from);
    case message_kind::spmd_grant:
      return on_spmd_grant(from);
    case message_kind::spmd_release:
      return on_spmd_release(from);
    case message_kind::spmd_settled:
      return m_local.spmd_settled(from);
    case message_kind::report_ask:
    case message_kind::report_part:
    case message_kind::report_end:
      return on_report(from, arrived);
    case message_kind::survey:
    case message_kind::survey_part:
      return on_survey(from, arrived);
    case message_kind::limit_request:
      return on_limit_request(from, arrived);
    case message_kind::limit:
      return on_limit(from, arrived, {});
    case message_kind::limit_heard:
      return on_limit_heard(from, arrived);
    case message_kind::limit_settled:
      return on_limit_settled(from, arrived);
    case message_kind::units_request:
      return on_units_request(from, arrived);
    case message_kind::units:
      return on_units(from, arrived);
    case message_kind::units_back:
      return on_units_back(from, arrived);
    case message_kind::shutdown:
    case message_kind::tally_request:
    case message_kind::tally:
    case message_kind::end:
      return on_ending(from, arrived);
  }
  fail(from, "a message of an unknown kind");
}

node::guest& node::guest_at(std::uint64_t name) {
  guest* const found = m_guests.find(name);
  if (found == nullptr) throw violation("a guest that is not there was named");
  return *found;
}

void node::drop_guest(std::uint64_t name) {
  if (m_is_indexed) {
    const guest& dropped = guest_at(name);
    m_index.erase({dropped.home, dropped.name});
  }
  m_guests.erase(name);
}

void node::on_task(node_id from, const message& arrived) {
  const bool is_stolen = (arrived.flags & message_flags::stolen) != 0;
  if ((arrived.hops == 0) != (arrived.home == from) || (arrived.hops > 0 && !is_stolen))
    fail(from, "a task with a past that cannot be");
  if ((arrived.flags & message_flags::limited) != 0 && (arrived.flags & needs_nothing) != 0)
    fail(from, "a task that takes a place and is to take none");
  if (arrived.home == m_settings.self) {
    // One of its own comes back from a node that it had gone to.
    away* const own = m_away.find(arrived.id);
    if (own == nullptr || own->holder != from) fail(from, "a task as its own that was not there");
    const away back = *own;
    m_away.erase(arrived.id);
    if (back.is_cancelling) {
      m_local.completed(back.task, m_settings.self, message_flags::cancelled, {});
      m_local.cancel_decided(back.task, true);
    } else {
      m_local.keep(back.task);
    }
    return;
  }
  const std::uint64_t name = m_guests.insert({.home = arrived.home,
                                              .name = arrived.id,
                                              .held = admit(from, arrived),
                                              .limit = admit_limited(from, arrived),
                                              .hops = arrived.hops});
  if (m_is_indexed && !m_index.emplace(guest_key{arrived.home, arrived.id}, name).second)
    fail(from, "a task that is here already");
  if (arrived.hops > 0) {
    // Its home sent it somewhere else. Told on arrival, not on departure: so whom home asks has the task, or had it.
    send(arrived.home, {.kind = message_kind::moved, .hops = arrived.hops, .id = arrived.id});
  }
  // One hop more, and its home would not know any more which of its holders is the last one.
  const bool stays = arrived.hops == most_hops;
  std::uint8_t flags = arrived.flags;
  if (stays) flags &= static_cast<std::uint8_t>(~message_flags::movable);
  m_local.arrived({.guest = name, .flags = flags, .home = arrived.home, .stays = stays, .task = payload_of(arrived)});
  grant_credit();  // what has come was perhaps what somebody had asked credit for
}

void node::finished(std::uint64_t guest_name, std::uint8_t flags, payload result) {
  guest done = guest_at(guest_name);
  drop_guest(guest_name);
  const std::int64_t returned = m_budget.end(done.home, done.held);
  send(done.home, {.kind = message_kind::result,
                   .flags = flags,
                   .id = done.name,
                   .value = static_cast<std::uint64_t>(returned),
                   .payload = result.bytes,
                   .buffer = result.buffer});
  leave_place(done);
  grant_credit();
}

void node::expired(std::uint64_t guest_name, payload failure) {
  const guest* const late = m_guests.find(guest_name);
  if (late == nullptr) return;  // over meanwhile
  send(late->home, {.kind = message_kind::expired, .id = late->name, .payload = failure.bytes});
}

void node::on_expired(node_id from, const message& arrived) {
  const away* const task = m_away.find(arrived.id);
  if (task == nullptr || task->holder != from) fail(from, "the time-out of a task that it does not hold");
  m_local.expired(task->task, payload_of(arrived));
}

void node::on_result(node_id from, const message& arrived) {
  away* const found = m_away.find(arrived.id);
  if (found == nullptr) fail(from, "the result of a task that is not away");
  if (found->holder != from) fail(from, "the result of a task that another node holds");
  const away done = *found;
  m_away.erase(arrived.id);
  m_local.completed(done.task, from, arrived.flags, payload_of(arrived));
  if (done.is_cancelling) m_local.cancel_decided(done.task, (arrived.flags & message_flags::cancelled) != 0);
  if (arrived.value != 0) on_credit(from, arrived.value, no_name);
}

}  // namespace torc::protocol
