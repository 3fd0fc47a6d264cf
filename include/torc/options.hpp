// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/time_span.hpp>

#include <cstddef>
#include <cstdint>
#include <string>

namespace torc {

/// Where tasks go that name no worker (`TORC_PLACEMENT`).
enum class placement_policy {
  automatic,  ///< round the nodes, except nested tasks while stealing between nodes is on: those stay at home
  cyclic,     ///< round the nodes in proportion to their workers, starting at home
  local,      ///< always at home
};

/// What runs the primary task (`TORC_PRIMARY`).
enum class primary_place {
  automatic,  ///< `thread`, but `worker` where an execution space may only be used by the thread that initialised it
  worker,     ///< worker 0, among its other tasks: it is late by the body that runs there
  thread,     ///< the thread that it was started on, beside the workers: results, time-outs and callbacks come in time
};

/// A choice that torc can make itself (`TORC_BIND`, `TORC_PROGRESS`).
enum class toggle { automatic, on, off };

/// What is done when nothing goes on (`TORC_STALL`).
struct stall_limit {
  /// So long nothing may complete while tasks are open; 0 for as long as it likes.
  time_span after{0};
  /// Ends the job with status 3 after the report.
  bool is_to_abort = false;

  friend bool operator==(const stall_limit&, const stall_limit&) = default;
};

/// The configuration of a session, one member for each environment variable.
/// A variable that is set in the environment wins over the member.
/// The values are checked when the session starts, which throws torc::config_error for one that is not allowed.
struct options {
  /// As `workers`: one worker for each core that the process may use.
  static constexpr int auto_workers = -1;

  /// Workers of each node: at least 1, or auto_workers (`TORC_WORKERS`).
  int workers = 1;

  /// Steal between nodes from the start (`TORC_STEALING`). Within a node workers always share.
  bool stealing = false;

  /// The longest that the idle server thread sleeps (`TORC_SERVER_YIELDTIME`, in seconds).
  time_span server_yieldtime{0.01};

  /// The longest that an idle worker sleeps (`TORC_WORKER_YIELDTIME`, in seconds). Local work wakes it at once.
  time_span worker_yieldtime{0.01};

  /// Where tasks go that name no worker (`TORC_PLACEMENT`).
  placement_policy placement = placement_policy::automatic;

  /// What runs the primary task (`TORC_PRIMARY`).
  primary_place primary = primary_place::automatic;

  /// Stack of a task in bytes, committed as it is used (`TORC_STACK_SIZE`).
  std::size_t stack_size_bytes = std::size_t{1} << 20;

  /// Slots of each GPU: device tasks that run on it at one time (`TORC_DEVICE_SLOTS`).
  int device_slots = 4;

  /// Threads that drive each GPU (`TORC_DEVICE_DRIVERS`).
  int device_drivers = 1;

  /// Seed of all random streams (`TORC_SEED`).
  std::uint64_t seed = 0;

  /// Bind workers to cores (`TORC_BIND`).
  toggle bind = toggle::automatic;

  /// How long bodies may go on where that keeps the program from going on (`TORC_TEAM_GRACE`, in seconds). If one of an
  /// spmd has failed, for which the others may wait in a collective call for ever, or the primary task has, or a signal
  /// has stopped the session, the job is ended then; if the primary task has returned, they are named.
  time_span team_grace{60};

  /// A state report, once, when tasks are open and nothing at all has completed for so long (`TORC_STALL`).
  stall_limit stall{};

  /// Lines at shutdown: 0 none, 1 one for each node, 2 a table of the workers too (`TORC_STATS`).
  int stats = 1;

  /// File that gets the trace; empty for none (`TORC_TRACE`).
  std::string trace{};

  /// The progress line; automatic shows it on a terminal only (`TORC_PROGRESS`).
  toggle progress = toggle::automatic;

  /// Print at the start what torc found and chose (`TORC_VERBOSE`).
  bool verbose = false;

  friend bool operator==(const options&, const options&) = default;
};

}  // namespace torc
