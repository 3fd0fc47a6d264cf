// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

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

/// The result of a task was asked for that had not begun when the session began to end early: because of a signal such
/// as Ctrl-C, or because the primary task has failed. Whoever lets it pass ends soon, as is wished; it never counts as
/// a failure that nobody has looked at, and is never retried.
class stopped_error : public cancelled_error {
 public:
  using cancelled_error::cancelled_error;
};

/// What a failure that comes from another node is besides its own type: `catch (const torc::remote_failure& f)`, or a
/// dynamic_cast from std::exception. These types arrive as themselves, with the what() that they had:
/// std::logic_error, invalid_argument, domain_error, length_error, out_of_range, runtime_error, range_error,
/// overflow_error, underflow_error, system_error (with its code), bad_alloc, and torc's own. A type that is derived
/// from one of these, such as one of the program, arrives as the nearest of them. Whatever else a task throws arrives
/// as a task_error whose what() begins with "task 'NAME' on node N threw TYPE: WHAT". No exception by itself. A failure
/// that travels on keeps where it came from first.
class remote_failure {
 public:
  virtual ~remote_failure() = default;

  /// Node on which it was thrown.
  int node() const noexcept { return m_origin->node; }
  /// Name of the task that threw it there.
  const std::string& task_name() const noexcept { return m_origin->task_name; }
  /// Name of the type that was thrown.
  const std::string& type_name() const noexcept { return m_origin->type_name; }
  /// What its what() was; empty if it was no std::exception.
  const std::string& message() const noexcept { return m_origin->message; }
  /// In words, which run of the task it was: the element of a map and its input, the attempt if it was not the first,
  /// node and worker.
  const std::string& place() const noexcept { return m_origin->place; }

 protected:
  remote_failure(int node, std::string task_name, std::string type_name, std::string message, std::string place)
      : m_origin(std::make_shared<const origin>(
            origin{node, std::move(task_name), std::move(type_name), std::move(message), std::move(place)})) {}
  remote_failure(const remote_failure&) noexcept = default;
  remote_failure& operator=(const remote_failure&) noexcept = default;

 private:
  struct origin {
    int node;
    std::string task_name;
    std::string type_name;
    std::string message;
    std::string place;
  };
  std::shared_ptr<const origin> m_origin;  ///< shared, because copying an exception must not throw
};

}  // namespace torc
