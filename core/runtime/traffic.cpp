// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <torc/detail/archive.hpp>
#include <torc/error.hpp>

#include <algorithm>
#include <exception>

#include "core/base/check.hpp"
#include "core/runtime/progress.hpp"
#include "core/runtime/task_bytes.hpp"
#include "core/sched/queue/claims.hpp"
#include "core/sched/queue/turn.hpp"
#include "core/sched/worker/completion.hpp"
#include "core/sched/worker/devices.hpp"
#include "core/sched/worker/late_result.hpp"
#include "core/task/extras.hpp"
#include "core/task/failure_codec.hpp"

/// How tasks leave and come, and their results. All but the first part is called by the holder of the role.
namespace torc::runtime {
namespace {

using base::node_id;
using detail::record;
namespace bits = detail::state_bits;
namespace flags = detail::record_flags;
namespace message_flags = protocol::message_flags;

protocol::task_ref ref_of(record& task) noexcept { return protocol::task_ref{reinterpret_cast<std::uintptr_t>(&task)}; }
record& task_of(protocol::task_ref ref) noexcept { return *reinterpret_cast<record*>(ref); }

/// Bytes in a vector, which may be moved out if they are worth that.
protocol::payload payload_in(std::vector<std::byte>& bytes) noexcept {
  return {bytes, bytes.size() >= task::bytes_worth_moving ? &bytes : nullptr};
}

/// Results up to this size that no code of the user's reads are read at once: that costs no more than keeping them.
constexpr std::size_t most_read_at_once = 4096;

}  // namespace

// By any thread.

bool progress::send_away(record& task) {
  const task_options* const options = (task.flags & flags::has_options) != 0 ? &task.extras->options : nullptr;
  node_id to = m_nodes.self();
  if (options != nullptr && options->worker >= 0) {
    to = m_nodes.node_of(options->worker);
  } else if ((task.flags & flags::device) != 0 && !task.extras->is_for_host_too) {
    to = m_placement.next_with_space(task, task.extras->space, m_is_stealing.load(std::memory_order_relaxed));
  } else {
    to = m_placement.next(task, options != nullptr ? options->cores : 1, m_is_stealing.load(std::memory_order_relaxed));
  }
  return send_to(task, to);
}

bool progress::send_to(record& task, node_id to) {
  if (to == m_nodes.self() || m_scheduler->is_abandoned()) return false;
  task.node = number_of(to);
  // What waits for room is not to take twice the memory. Who completes a task for this progress is no submitter.
  const bool leaves_at_once = !m_has_backlog[index_of(to)].load(std::memory_order_relaxed);
  const bool may_wait = !leaves_at_once || (task.flags & flags::limited) != 0;
  if (!may_wait && !is_inside() && !task.type->codec->are_arguments_flat) encode_ahead(task, limits_above(task));
  queue(task);
  return true;
}

void progress::guest_is_over(record& over) noexcept {
  sched::guest_record& guest = sched::guest_of(over);
  if (guest.result_kind == detail::outcome::failed) {
    task::failure& failure = *guest.extras->failure;
    failure.is_looked_at.store(true, std::memory_order_relaxed);  // its home reports it
    guest.result.clear();
    detail::output_archive archive(guest.result);
    task::encode_failure(failure.exception, number_of(m_nodes.self()), failure.task_name, failure.place, archive);
  }
  queue(guest);
}

void progress::guest_begins(record& guest) noexcept {
  sched::guest_record& begun = sched::guest_of(guest);
  if (begun.has_begun) return;
  begun.has_begun = true;
  post([this, name = begun.name] { m_node.begun(name); });
}

void progress::guest_expired(record& guest) noexcept {
  std::vector<std::byte> bytes;
  detail::output_archive archive(bytes);
  task::failure& failure = *guest.extras->failure;
  failure.is_looked_at.store(true, std::memory_order_relaxed);
  task::encode_failure(failure.exception, number_of(m_nodes.self()), failure.task_name, failure.place, archive);
  post([this, name = sched::guest_of(guest).name, kept = std::move(bytes)]() mutable { m_node.expired(name, {kept}); });
}

// Leaving.

void progress::place(record& task) {
  std::uint8_t properties = 0;
  if ((task.flags & flags::spmd_body) != 0) {
    properties = message_flags::urgent;
  } else {
    const bool is_with_options = (task.flags & flags::has_options) != 0;
    const bool needs_space = (task.flags & flags::device) != 0 && !task.extras->is_for_host_too;
    if (!is_with_options || (!task.extras->options.pinned && task.extras->options.cores == 1 && !needs_space))
      properties = message_flags::movable;
  }
  if ((task.flags & flags::device) != 0 && !task.extras->is_for_host_too) properties |= message_flags::slotted;
  // Where they go there may be only tasks that wait for what those above these hold: slots, or units of a limit.
  std::uint32_t limit = 0;
  if ((task.flags & (flags::in_device | flags::in_limit)) != 0) {
    properties |= message_flags::nested;
  } else if ((task.flags & flags::limited) != 0) {
    properties |= message_flags::limited;
    limit = m_scheduler->limits().number_of(task.extras->options.limit.name);
  }
  if ((task.flags & flags::of_primary) == 0 || m_awaited_scopes.contains(task.parent))
    properties |= message_flags::inner;
  const node_id to{task.node};
  task.outstanding = 0;
  m_node.place(ref_of(task), to, properties, limit);
  if (m_node.is_backlogged(to)) note_backlog(to);
}

/// What runs no code of the user's. False if it cannot be: then it is over, with that failure.
bool progress::encode(record& task, protocol::payload& encoded) {
  m_bytes.clear();
  try {
    encode_task(task, limits_above(task), m_bytes);
  } catch (...) {
    cannot_leave(task, std::current_exception());
    return false;
  }
  encoded = payload_in(m_bytes);
  return true;
}

void progress::cannot_leave(record& task, std::exception_ptr failure) {
  task.ran_at = index_of(m_nodes.self());
  m_scheduler->rare_counts().unbegun.fetch_add(1, std::memory_order_relaxed);
  fail(task, std::move(failure));
  if ((task.flags & flags::spmd_body) != 0) spmd_body_failed(task);
}

/// Cancelled, if that was wished here; else its session ends early.
void progress::end_without_body(record& task) {
  const bool is_cancelled = (task.state.load(std::memory_order_relaxed) & bits::cancel_requested) != 0;
  task.result_kind = is_cancelled ? detail::outcome::cancelled : detail::outcome::stopped;
  if (is_cancelled) m_scheduler->rare_counts().unbegun.fetch_add(1, std::memory_order_relaxed);
}

bool progress::depart(protocol::task_ref ref, std::uint64_t name, protocol::payload& encoded) {
  record& task = task_of(ref);
  task::kept_bytes::free(std::exchange(m_departing, std::exchange(task.kept, nullptr)));
  if (!sched::claim_for_departure(task)) {
    drop(task);  // cancelled
    return false;
  }
  task.away_name = name;
  if (m_scheduler->gives_up(task)) {
    task.ran_at = index_of(m_nodes.self());
    end_without_body(task);
    over(task);
    return false;
  }
  if (m_departing == nullptr) return encode(task, encoded);
  if (m_departing->failure()) {
    cannot_leave(task, m_departing->failure());
    return false;
  }
  encoded = {m_departing->bytes(), m_departing->buffer()};
  return true;
}

/// It is in no queue any more.
void progress::give(record& task, protocol::taker& thief, std::uint64_t& bytes) {
  if ((task.flags & flags::guest) != 0) {
    if (!sched::claim_for_departure(task)) {
      drop(task);
      return;
    }
    sched::guest_record& guest = sched::guest_of(task);
    bytes += guest.bytes.size();
    thief.give_guest(guest.name, {guest.bytes, guest.buffer.empty() ? nullptr : &guest.buffer});
    sched::release_reference(guest);
  } else {
    const std::size_t block_bytes = detail::block_bytes_of(task.size_class);
    bytes += task.type->codec->are_arguments_flat ? block_bytes : std::max<std::uint64_t>(block_bytes, m_typical_bytes);
    thief.give(ref_of(task));
  }
  bytes += static_cast<std::uint64_t>(protocol::task_overhead_bytes);
}

void progress::take(const protocol::take_limits& limits, protocol::taker& thief) {
  std::uint64_t bytes = 0;
  const auto give_up_to = [&](std::int64_t most, auto next) {
    for (std::int64_t given = 0; given < most && bytes < limits.most_bytes;) {
      record* const task = next();
      if (task == nullptr) return;
      give(*task, thief, bytes);
      ++given;
    }
  };
  for (int space = 0; space < m_spaces.size(); ++space) {
    if ((limits.spaces & sched::space_map::bit_of(space)) == 0) continue;
    const std::int64_t waiting = m_scheduler->num_waiting_for_slots(space);
    give_up_to((waiting + 1) / 2, [&] { return m_scheduler->take_waiting_for_slot(space); });
  }
  if (limits.workers == 0) return;
  // Those with a priority leave one by one, so that the greatest of all nodes run first.
  const std::int64_t movable = m_scheduler->num_movable();
  const std::int64_t half = m_scheduler->leaves_by_priority() ? 1 : (movable + 1) / 2;
  give_up_to(std::min(half, movable - m_scheduler->num_idle()),
             [&] { return m_scheduler->take_movable(static_cast<int>(limits.workers), limits.spaces); });
}

void progress::keep(protocol::task_ref ref) {
  record& task = task_of(ref);
  if (task.started.load(std::memory_order_relaxed) == detail::start_state::away) {
    m_scheduler->take_back(task);
  } else {
    task::kept_bytes::free(std::exchange(task.kept, nullptr));
    m_scheduler->enqueue(task, true);
  }
}

// Coming.

void progress::arrived(const protocol::arrival& arrival) {
  const auto slot = static_cast<std::uint32_t>(arrival.guest);
  if (slot >= m_guests.size()) m_guests.resize(std::size_t{slot} + 1);
  m_guests[slot] = nullptr;
  task_head head;
  try {
    head = decode_head(arrival.task.bytes);
    check_head(head, m_nodes, m_spaces.size());
    if (head.options && !head.options->limit.empty() && !m_scheduler->limits().capacity_of(head.options->limit.name))
      throw serialization_error("a task arrived with a limit that nobody has set: " + head.options->limit.name);
  } catch (...) {
    m_refused.emplace_back(arrival.guest, std::current_exception());
    if ((arrival.flags & message_flags::urgent) != 0)
      m_watch->spmd_failed(arrival.home, "unknown", std::current_exception());
    return;
  }
  sched::guest_record& guest = sched::make_guest(*head.codec, arrival.task.bytes, head.size_bytes, arrival.task.buffer);
  guest.peers = this;
  guest.home = arrival.home;
  guest.name = arrival.guest;
  guest.path = head.path;
  guest.session = static_cast<std::uint16_t>(m_scheduler->config().session);
  if (head.is_in_spmd) guest.flags |= flags::in_spmd;
  if (head.is_of_primary) guest.flags |= flags::of_primary;
  if (head.priority > sched::no_priority) sched::set_priority(guest, head.priority);
  if (head.options) {
    task::extras_of(guest).options = std::move(*head.options);
    guest.flags |= flags::has_options | flags::never_inline;
    if (!guest.extras->options.limit.empty()) guest.flags |= flags::limited;
  }
  if (head.is_in_device) guest.flags |= flags::in_device;
  guest.limits_above = std::move(head.limits_above);
  if (!guest.limits_above.empty()) guest.flags |= flags::in_limit;
  if (head.space >= 0) {
    detail::task_extras& extras = task::extras_of(guest);
    extras.space = head.space;
    extras.is_for_host_too = head.is_for_host_too;
    guest.flags |= flags::device | flags::has_options | flags::never_inline;
  }
  if ((arrival.flags & message_flags::urgent) != 0) guest.flags |= flags::spmd_body | flags::never_inline;
  if (arrival.stays) guest.flags |= flags::home_bound;
  m_guests[slot] = &guest;
  m_scheduler->enqueue(guest, true);
}

/// Tells the homes of those that could not be taken.
void progress::refuse_guests() {
  for (const auto& [guest, failure] : std::exchange(m_refused, {})) {
    m_scheduler->rare_counts().unbegun.fetch_add(1, std::memory_order_relaxed);
    m_bytes.clear();
    detail::output_archive archive(m_bytes);
    task::encode_failure(failure, number_of(m_nodes.self()), "unknown", {}, archive);
    m_node.finished(guest, message_flags::failed, {m_bytes});
  }
}

void progress::finish_guest(sched::guest_record& guest) {
  switch (guest.result_kind) {
    case detail::outcome::value: {
      const bool has_failures = guest.extras != nullptr && guest.extras->has_failed.load(std::memory_order_relaxed);
      m_node.finished(guest.name, has_failures ? message_flags::partly_failed : 0, payload_in(guest.result));
      break;
    }
    case detail::outcome::cancelled:
    case detail::outcome::stopped:
      m_node.finished(guest.name, message_flags::cancelled, {});
      break;
    default:
      m_node.finished(guest.name, message_flags::failed, payload_in(guest.result));
  }
  sched::release_reference(guest);
}

// Results.

/// Its outcome is set, and is published once the role is free.
void progress::over(record& task) {
  sched::end_elsewhere(task);
  m_aftermath.done.push_back(&task);
}

void progress::fail(record& task, std::exception_ptr failure) {
  m_scheduler->fail(task, std::move(failure));
  over(task);
}

void progress::completed(protocol::task_ref ref, node_id at, std::uint8_t result_flags, protocol::payload result) {
  record& task = task_of(ref);
  task.ran_at = index_of(at);
  if (const auto expiring = m_expiring.find(&task); expiring != m_expiring.end()) {
    expiring->second = true;
    return;
  }
  if ((task.state.load(std::memory_order_acquire) & bits::done) != 0) {
    over(task);  // its time-out has ended the future before
    return;
  }
  try {
    if ((result_flags & message_flags::partly_failed) != 0) m_scheduler->note_failed(task);
    detail::input_archive archive(result.bytes);
    if ((result_flags & message_flags::cancelled) != 0) {
      end_without_body(task);
    } else if ((result_flags & message_flags::failed) != 0) {
      fail(task, task::decode_failure(archive));
      return;
    } else {
      const detail::task_codec& codec = *task.type->codec;
      if (codec.is_result_plain && result.bytes.size() <= most_read_at_once) {
        codec.decode_result(task, archive);
        task.result_kind = detail::outcome::value;
      } else {
        task::kept_bytes* const kept = task::kept_bytes::make(result.bytes, result.buffer);
        over(task);
        sched::keep_result(task, *kept);
        return;
      }
    }
    over(task);
  } catch (...) {
    fail(task, std::current_exception());
  }
}

void progress::expired(protocol::task_ref ref, protocol::payload failure) {
  record& task = task_of(ref);
  std::exception_ptr decoded;
  try {
    detail::input_archive archive(failure.bytes);
    decoded = task::decode_failure(archive);
  } catch (...) {
    decoded = std::current_exception();
  }
  m_scheduler->fail(task, std::move(decoded));
  m_aftermath.expired.push_back(&task);
  m_expiring.emplace(&task, false);
}

}  // namespace torc::runtime
