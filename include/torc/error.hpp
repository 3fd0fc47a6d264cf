// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <stdexcept>

namespace torc {

/// Base of everything that torc itself throws, so that one handler can catch it all.
/// What a task's body throws is never wrapped in it on the task's own node: `result()` rethrows the very object.
/// A message says what happened, where, and what to do about it.
class error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The configuration cannot be used: a malformed or unknown `TORC_*` variable, an option out of range, zero workers.
/// The message names the variable, its value and what is allowed.
class config_error : public error {
 public:
  using error::error;
};

/// A task failed in a way that has no type of its own, or a task was used where the rules forbid it
/// (submitting outside a running session, waiting for another session's future).
class task_error : public error {
 public:
  using error::error;
};

/// A value could not be turned into bytes, or bytes that arrived are not the value that they claim to be.
class serialization_error : public error {
 public:
  using error::error;
};

/// A device or its runtime reported an error, or no node has the device that a task asks for.
class device_error : public error {
 public:
  using error::error;
};

/// Communication between nodes failed.
class transport_error : public error {
 public:
  using error::error;
};

/// The nodes do not run the same program, so that functions cannot be named between them.
class identity_error : public error {
 public:
  using error::error;
};

/// A time limit passed: a task's `timeout`, or that of a wait for a result.
class timeout_error : public error {
 public:
  using error::error;
};

/// The result of a cancelled task was asked for.
class cancelled_error : public error {
 public:
  using error::error;
};

}  // namespace torc
