// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

namespace torc {

/// Seconds since the session opened, on a clock that never steps back. Thread-safe, as all of this file.
double gettime() noexcept;

/// Position of this node among the session's nodes; 0 outside a session.
int node_id() noexcept;
int num_nodes() noexcept;
/// Global number of the worker that runs the calling task; -1 on a thread that is no worker's. The primary task's is 0,
/// also where it has a thread of its own: then it may run at the same time as a body on worker 0.
int worker_id() noexcept;
/// Workers of all nodes; 0 outside a session.
int num_workers() noexcept;
/// The same within this node.
int worker_local_id() noexcept;
int num_local_workers() noexcept;

/// Stealing between nodes, from now on, also for what is already queued. They wait for nothing. Throw torc::error
/// outside a session.
void enable_stealing();
void disable_stealing();

/// Whether the calling task should end early: its timeout has passed, or the session ends early, because of a signal
/// such as Ctrl-C or because the primary task has failed. On a thread that runs no task, only the latter.
bool stop_requested() noexcept;

}  // namespace torc
