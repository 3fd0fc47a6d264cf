// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/protocol/node.hpp"

/// Cancelling a task that has left: its home asks whoever holds it. A thief tells the home when the task has arrived
/// (moved), so the home knows one holder after the other, perhaps late. A holder that has given the task on, or has
/// sent its result, answers not_here: the result is there before that answer (messages of one pair keep their order),
/// or the next holder's `moved` is, or is still to come; then the question is put again.
namespace torc::protocol {

bool node::cancel(std::uint64_t name) {
  away* const task = m_away.find(name);
  if (task == nullptr) return false;
  if (task->is_cancelling || cancel_held(name, *task)) return true;
  task->is_cancelling = true;
  ask_holder(name, *task);
  return true;
}

void node::ask_holder(std::uint64_t name, away& task) {
  task.is_asked = true;
  send(task.holder, {.kind = message_kind::cancel, .home = m_settings.self, .id = name});
}

void node::on_moved(node_id from, const message& arrived) {
  away* const task = m_away.find(arrived.id);
  if (task == nullptr || arrived.hops <= task->hops) return;  // overtaken by what came after it
  task->holder = from;
  task->hops = arrived.hops;
  if (task->is_cancelling && !task->is_asked) ask_holder(arrived.id, *task);
}

std::uint64_t node::find_guest(node_id home, std::uint64_t name) {
  if (!m_is_indexed) {
    m_guests.for_each([this](std::uint64_t here, const guest& g) { m_index.emplace(guest_key{g.home, g.name}, here); });
    m_is_indexed = true;
  }
  const auto found = m_index.find({home, name});
  return found != m_index.end() ? found->second : 0;
}

void node::on_cancel(node_id from, const message& arrived) {
  if (arrived.home != from) fail(from, "the wish to cancel a task of another node");
  const std::uint64_t found = find_guest(from, arrived.id);
  if (found != 0 && m_local.cancel_guest(found)) {
    finished(found, message_flags::cancelled, {});
    return;
  }
  const cancel_verdict verdict = found != 0 ? cancel_verdict::too_late : cancel_verdict::not_here;
  send(from, {.kind = message_kind::cancel_answer, .id = arrived.id, .value = static_cast<std::uint64_t>(verdict)});
}

void node::on_cancel_answer(node_id from, const message& arrived) {
  away* const task = m_away.find(arrived.id);
  if (task == nullptr) return;  // its result was faster
  if (!task->is_asked) fail(from, "an answer to a question that it did not ask");
  // That it was cancelled, the result says.
  const auto verdict = static_cast<cancel_verdict>(arrived.value);
  if (arrived.value > static_cast<std::uint64_t>(cancel_verdict::not_here) || verdict == cancel_verdict::cancelled)
    fail(from, "a verdict that does not exist");
  task->is_asked = false;
  if (verdict == cancel_verdict::not_here) {
    if (task->holder != from) ask_holder(arrived.id, *task);
    return;
  }
  task->is_cancelling = false;
  m_local.cancel_decided(task->task, false);
}

}  // namespace torc::protocol
