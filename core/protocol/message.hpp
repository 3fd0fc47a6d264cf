// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <vector>

#include "core/base/node_id.hpp"

namespace torc::protocol {

using base::node_id;

/// What nodes say to each other. Between two nodes messages arrive in the order in which they were sent.
enum class message_kind : std::uint8_t {
  task,        ///< run this task; payload: the task
  result,      ///< the task `id` of the receiver is over; payload: its result or failure; value: credit in bytes
  expired,     ///< the future of the task `id` of the receiver has ended, its result is to follow; payload: the failure
  credit,      ///< value: so many bytes more the receiver may send here; id: the ask_credit that this answers, if any
  ask_credit,  ///< the sender has a task that costs `value` bytes and not enough credit; flags: inner, slotted; id: its
  return_credit,  ///< value: bytes of credit that the sender does not need; nothing waits for credit any more, or, with
                  ///< an id, this answer to ask_credit came when that task had gone elsewhere
  ask_places,     ///< the sender wants `value` places more for tasks with the limit number `workers`
  places,         ///< `value` such tasks with the limit number `workers` may be sent to the sender
  return_places,  ///< the sender does not need `value` of its places for tasks with the limit number `workers`
  moved,          ///< the task `id` of the receiver is held by the sender now
  cancel,         ///< end the receiver's guest `id` of the sender if its body has not begun
  cancel_answer,  ///< value: a cancel_verdict on the task `id` of the receiver
  steal_request,  ///< value: most bytes; workers: of the thief, 0 if they are busy; id: spaces that it wants work for
  steal_reply,    ///< value: number of tasks that were sent just before
  lifeline,       ///< push such tasks to the sender when there are any; value, workers and id as in steal_request
  gift,           ///< value: number of tasks that were pushed just before; the lifeline is used up
  set_stealing,   ///< value: 1 or 0; id: 0 to ask node 0, else its number among node 0's decisions
  abandon,        ///< the primary task failed: begin no more bodies
  stop,           ///< a signal, whose number is `value`, ends the session early: begin no more bodies but callbacks; to
                  ///< node 0 a request, from it passed on along the tree
  returned,       ///< the primary task's body is over, what it started goes on; passed on along the tree
  broadcast,      ///< payload: value `id` of node `home`, to be passed on along the tree
  forget,         ///< the value `id` of node `home` is not needed any more; passed on likewise
  spmd_acquire,   ///< to node 0: the sender wants to run an spmd
  spmd_grant,     ///< from node 0: it is the receiver's turn
  spmd_release,   ///< to node 0: it is over
  spmd_settled,   ///< all bodies of the sender's spmd have ended; the one that ran on the receiver has failed
  report_ask,     ///< what does the receiver do? value: why it is asked
  report_part,    ///< the answer; payload: what it does
  report_end,     ///< the sender has made its report of the answers
  survey,         ///< how far are the receiver and all below it? passed on along the tree
  survey_part,    ///< to the node above; payload: the job_counts of the sender and all below it
  limit_request,  ///< to node 0: a limit with the name in the payload is to have the capacity `value`; id: the
                  ///< request's
  limit,          ///< the limit number `workers` has the capacity `value`; payload: its name; passed on along the tree;
                  ///< id: number of this news
  limit_heard,    ///< to the node above: all nodes below the sender know the news `id` of a limit
  limit_settled,  ///< from node 0: all nodes know what the request `id` declared (value 1), or it cannot be (0)
  units_request,  ///< to node 0: a task wants so many (`workers`) units of the limit number `id`; value: its ticket;
                  ///< payload: its priority
  units,          ///< from node 0: the task with the ticket `value` has so many (`workers`) units of the limit `id`
  units_back,     ///< to node 0: so many (`workers`) units of the limit number `id` are free again
  shutdown,       ///< the primary task is complete; value: the job's status; passed on along the tree
  tally_request,  ///< count again; value: number of the round; passed on
  tally,          ///< value: messages sent, id: messages received, by the nodes below the sender
  end,            ///< nothing is under way any more; passed on
};
inline constexpr std::uint8_t num_message_kinds = static_cast<std::uint8_t>(message_kind::end) + 1;

/// The most often that a task is handed on.
inline constexpr std::uint16_t most_hops = 0xffff;

/// The most units that a limit may have.
inline constexpr std::uint64_t largest_capacity = 0x7fffffff;

/// Answers to cancel.
enum class cancel_verdict : std::uint8_t { too_late, cancelled, not_here };

/// Bits of message::flags.
namespace message_flags {
// Of a task.
inline constexpr std::uint8_t movable = 1;  ///< may be stolen
inline constexpr std::uint8_t stolen = 2;   ///< given to a thief: it takes no credit that the sender counts
inline constexpr std::uint8_t urgent = 4;   ///< an spmd body: for worker 0, before anything else
// Of a result.
inline constexpr std::uint8_t failed = 8;          ///< the payload is a failure
inline constexpr std::uint8_t cancelled = 16;      ///< no body was run
inline constexpr std::uint8_t partly_failed = 32;  ///< the payload is a value with failures in it
// Of a task again: bits mean something by the kind of their message.
inline constexpr std::uint8_t limited = 8;  ///< takes a place for tasks with the limit number `workers`, and no credit;
                                            ///< the sender wants `value` more of them
inline constexpr std::uint8_t slotted = 16;  ///< waits for a slot of a device, and not for a worker
inline constexpr std::uint8_t nested = 32;   ///< below those who hold what others wait for: it needs no credit there
inline constexpr std::uint8_t inner = 64;    ///< below a begun task other than the primary one
// Of a limit.
inline constexpr std::uint8_t per_node = 1;  ///< each node has so many units, and counts them itself
inline constexpr std::uint8_t known = 127;
}  // namespace message_flags

/// One message. The payload belongs to whoever made it and is read before the call that passes it on returns. With a
/// `buffer` it is all of that, and whoever gets the message may move it out.
struct message {
  message_kind kind = message_kind::end;
  std::uint8_t flags = 0;
  std::uint16_t hops = 0;     ///< how often a task has been handed on
  node_id home{0};            ///< whose task it is (task, cancel), whose value (broadcast)
  std::uint32_t workers = 0;  ///< of the sender (steal_request, lifeline)
  std::uint64_t id = 0;       ///< the task's name at its home
  std::uint64_t value = 0;
  std::span<const std::byte> payload;
  std::vector<std::byte>* buffer = nullptr;
};

/// What arrived cannot be: it was damaged, or the other node is not of this program.
class violation : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace torc::protocol
