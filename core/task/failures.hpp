// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstddef>
#include <exception>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <typeinfo>
#include <vector>

#include "core/task/extras.hpp"

namespace torc::task {

/// The failures of a session, until somebody has looked at them. Thread-safe.
class failure_list {
 public:
  std::shared_ptr<failure> add(std::exception_ptr exception, std::string task_name, std::string place = {});
  /// Where an exception was thrown first, if it is among the latest failures; else empty.
  std::string place_of(const std::exception_ptr& exception);
  /// Those that nobody has looked at; forgets all.
  std::vector<std::shared_ptr<failure>> take_unseen();

 private:
  std::mutex m_mutex;
  std::vector<std::shared_ptr<failure>> m_failures;
  std::size_t m_next_sweep = 64;
};

/// "type: what" of an exception, and of those nested in it; with the places of those that came from another node.
std::string describe(const std::exception_ptr& exception, bool with_place = true);
/// The place of one that came from another node; else empty.
std::string place_in(const std::exception_ptr& exception);

/// Whether it is a stopped_error.
bool is_stopped_error(const std::exception_ptr& exception) noexcept;

/// The exception nested in it (see std::nested_exception), or null.
std::exception_ptr nested_in(const std::exception_ptr& exception) noexcept;
/// What a thrown literal or string says; empty for anything else.
std::string text_of_thrown(const std::exception_ptr& exception);
/// The name of an exception's type, as it was given to std::throw_with_nested if it came from there.
std::string name_of_thrown(const std::type_info& type);

}  // namespace torc::task
