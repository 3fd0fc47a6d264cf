// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/time_span.hpp>

#include <optional>
#include <string>
#include <utility>

namespace torc {

/// So many units of a counting limit, such as licences or gigabytes; by default one. Converts from a name:
/// `.limit = "licence"`, `.limit = {"memory_gb", 6}`.
struct limit_units {
  limit_units() = default;
  limit_units(const char* limit, int count = 1) : name(limit), units(count) {}             // NOLINT(*-explicit-*)
  limit_units(std::string limit, int count = 1) : name(std::move(limit)), units(count) {}  // NOLINT(*-explicit-*)
  bool empty() const noexcept { return name.empty(); }
  friend bool operator==(const limit_units&, const limit_units&) = default;

  std::string name = {};
  int units = 1;
};

/// How one task is to be run; given to submit before the function: `submit({.priority = 3.0}, f, x)`.
struct task_options {
  /// Global id of the worker whose node the task goes to; -1 lets torc choose. Out of range: submit throws
  /// std::out_of_range.
  int worker = -1;
  /// Never moved: with `worker` set, that very worker runs it. For a task that stays at home (torc::local) it must be
  /// one of that node: else submit throws std::invalid_argument.
  bool pinned = false;
  /// Shown in messages, traces and statistics; by default the function's own name.
  std::string name = {};
  /// Greater ones run before smaller ones, and those before tasks without; but never before what is below a task that
  /// has begun, so that few are open at one time. Tasks below one with a priority and without their own count with its.
  /// An expected run time is a good one.
  std::optional<double> priority = {};
  /// How many more times a body that throws is run, with the arguments as they were submitted.
  int retries = 0;
  /// From when the body starts, `3` seconds or `500ms`; 0 is none. Then the future fails with timeout_error and
  /// stop_requested() turns true. The body itself cannot be ended: one that does not return is named after another
  /// `TORC_TEAM_GRACE`, and what waits for the same worker does not go on (as main does with `TORC_PRIMARY=worker`, on
  /// worker 0).
  time_span timeout = {};
  /// Workers of one node that the body occupies, for bodies with threads of their own. A body that waits lends them out
  /// meanwhile.
  int cores = 1;
  /// Units of a counting limit that set_limit has declared; none by default. The task takes them before its body
  /// begins, on whatever node that is, and gives them back when the body ends; it holds no worker while it waits for
  /// them. Greater priorities are served first on one node; among nodes it is first come, first served, and nobody is
  /// passed by one that wants fewer units. More units than the capacity, or an unknown limit: submit throws
  /// std::out_of_range. Not for tasks below a device task, nor below one with the same limit (torc::error).
  limit_units limit = {};

  friend bool operator==(const task_options&, const task_options&) = default;
};

/// When wait on several futures returns (PEP 3148).
enum class return_when {
  all_completed,    ///< all are done
  first_completed,  ///< one is done
  first_exception   ///< one has failed or was cancelled, or all are done
};
inline constexpr return_when all_completed = return_when::all_completed;
inline constexpr return_when first_completed = return_when::first_completed;
inline constexpr return_when first_exception = return_when::first_exception;

/// Who counts the units of a limit.
enum class limit_scope {
  whole_job,  ///< all nodes together have so many
  per_node    ///< each node has so many
};
inline constexpr limit_scope per_node = limit_scope::per_node;

/// Declares that the tasks submitted with this limit hold at most `capacity` units of it while their bodies run, or
/// changes the capacity: bodies that run meanwhile keep their units, and a task that wants more than there are now gets
/// all of them instead. When it returns, all nodes know the limit. Waits for that, as result does. Throws
/// std::invalid_argument for a capacity below 1, an empty name, or a limit that exists with the other scope,
/// torc::error outside a session. Thread-safe.
void set_limit(const std::string& name, int capacity, limit_scope scope = limit_scope::whole_job);

}  // namespace torc
