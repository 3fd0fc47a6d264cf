// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/base/node_id.hpp"
#include "core/protocol/message.hpp"
#include "core/protocol/surveying.hpp"

namespace torc::protocol {

/// A task as its own node knows it; the state machine only hands it around.
enum class task_ref : std::uintptr_t {};

/// Bytes of a task or a result; with a `buffer` they are all of it, and it may be moved out.
struct payload {
  std::span<const std::byte> bytes;
  std::vector<std::byte>* buffer = nullptr;
};

/// A task that came from another node.
struct arrival {
  std::uint64_t guest = 0;  ///< its name here, for finished() and the rest
  std::uint8_t flags = 0;   ///< message_flags
  node_id home{0};
  bool stays = false;  ///< it has been handed on so often that it may not be given away again
  payload task;
};

/// How much a thief may be given.
struct take_limits {
  std::uint64_t most_bytes = 0;
  std::uint32_t workers = 1;  ///< of the thief: no tasks that need more of them; 0 for device tasks alone
  std::uint64_t spaces = 0;   ///< of the thief, one bit each: no device tasks that need others
};

/// What a node has too little work for.
struct demand {
  bool is_for_workers = false;  ///< some are idle, and there is nothing for them to do
  std::uint64_t spaces = 0;     ///< execution spaces, one bit each, of which slots are free and nothing waits for them
  explicit operator bool() const noexcept { return is_for_workers || spaces != 0; }
  demand without(const demand& other) const noexcept {
    return {is_for_workers && !other.is_for_workers, spaces & ~other.spaces};
  }
  demand with(const demand& other) const noexcept {
    return {is_for_workers || other.is_for_workers, spaces | other.spaces};
  }
  friend bool operator==(const demand&, const demand&) = default;
};

/// How often what was idle has found something to do.
struct found_work {
  std::uint64_t workers = 0;
  std::uint64_t slots = 0;
};

/// How a task is to leave.
struct leaving {
  node_id to{0};
  std::uint8_t flags = 0;      ///< message_flags
  std::uint64_t delivery = 0;  ///< the answer to a thief that it belongs to; 0 for none
  std::uint32_t limit = 0;     ///< whose place it takes there, if it is limited
};

/// Who is given tasks that leave.
class taker {
 public:
  /// A task that was submitted here is to leave; it is in no queue any more.
  virtual void give(task_ref task) = 0;
  /// A guest that has not begun leaves.
  virtual void give_guest(std::uint64_t guest, payload encoded) = 0;

 protected:
  ~taker() = default;
};

/// What the state machine asks of the scheduler of its node. Called from within its own functions; may not call back
/// into it but where said.
class local_side {
 public:
  /// Sees to it that the task is encoded, which may take as long as the user's code takes. True if it is already, and
  /// for what costs nothing; else prepared() is to be called once it is.
  virtual bool prepare(task_ref task, const leaving& how) = 0;
  /// Claims a task that is to leave under this name, encoded. False if it is not to be sent any more: it was cancelled,
  /// or could not be encoded.
  virtual bool depart(task_ref task, std::uint64_t name, payload& encoded) = 0;
  /// Gives up to half of the tasks that may leave, the oldest first, at least one if there is one; but leaves one for
  /// each worker here that is idle and about to take it. Else a task that is stolen faster than a sleeper wakes would
  /// be passed on among idle nodes for ever.
  virtual void take(const take_limits& limits, taker& thief) = 0;
  /// A task that was to leave, or has come back, runs here.
  virtual void keep(task_ref task) = 0;
  /// Queues a guest.
  virtual void arrived(const arrival& task) = 0;
  /// A task that had left is over, and `at` has credit for another. `flags` are message_flags.
  virtual void completed(task_ref task, node_id at, std::uint8_t flags, payload result) = 0;
  /// The future of a task that is away has ended with this failure; completed() comes later.
  virtual void expired(task_ref task, payload failure) = 0;
  /// True if the guest's body has not begun and never will; then it is forgotten here.
  virtual bool cancel_guest(std::uint64_t guest) = 0;
  /// Tells of a task that had left whether it was cancelled; if so, or if it is over, completed() was called before.
  virtual void cancel_decided(task_ref task, bool is_cancelled) = 0;

  virtual demand starving() = 0;
  /// From now on, surplus() is to be called when there is more of such work than the node's own workers and slots take.
  virtual void watch_surplus(const demand& wanted) = 0;
  virtual void stealing_changed(bool is_on) = 0;

  virtual void broadcast_arrived(node_id root, std::uint64_t id, payload value) = 0;
  virtual void broadcast_forgotten(node_id root, std::uint64_t id) = 0;
  virtual void spmd_granted() = 0;
  /// All bodies of that node's spmd have ended, of which the one here has failed.
  virtual void spmd_settled(node_id home) = 0;
  /// Another node asks what this one does: answer_report is to be called, soon.
  virtual void report_asked(node_id asker, std::uint64_t why) = 0;
  virtual void report_arrived(node_id from, payload part) = 0;
  /// That node needs no more answers.
  virtual void report_ended(node_id asker) = 0;
  /// What this node has counted until now.
  virtual job_counts counts() = 0;
  /// What all nodes have: the answer to survey().
  virtual void surveyed(const job_counts& of_all) = 0;
  /// The limit of this number and name has this capacity, from now on.
  virtual void limit_declared(std::uint32_t number, const std::string& name, std::uint64_t capacity,
                              bool is_per_node) = 0;
  /// All nodes know what declare_limit has asked for; or it cannot be, because such a limit is counted in the other
  /// way.
  virtual void limit_settled(std::uint64_t request, bool is_declared) = 0;
  /// Units for the task that was given this ticket. False if it does not want them any more; then they are not its.
  virtual bool units_granted(std::uint64_t ticket, std::uint32_t units) = 0;
  /// Whether tasks with this limit wait here for units: then more of them would do nothing but wait, too.
  virtual bool lacks_units(std::uint32_t limit) = 0;
  virtual void abandoned() = 0;
  /// Node 0: a node wishes that the session stops because of this signal.
  virtual void stop_requested(std::uint64_t signal) = 0;
  /// The session stops because of this signal.
  virtual void stopped(std::uint64_t signal) = 0;
  /// The body of the primary task is over, though not what it has started.
  virtual void primary_returned() = 0;
  /// The primary task is complete. drained() is to be called once nothing that was submitted here is left.
  virtual void shutting_down(std::uint64_t status) = 0;
  /// Nothing is under way between any nodes.
  virtual void ended() = 0;

 protected:
  ~local_side() = default;
};

}  // namespace torc::protocol
