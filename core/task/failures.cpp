// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/task/failures.hpp"

#include <cxxabi.h>
#include <fmt/format.h>

#include <algorithm>
#include <torc/error.hpp>
#include <typeinfo>
#include <utility>

#include "core/base/demangle.hpp"

namespace torc::task {

std::shared_ptr<failure> failure_list::add(std::exception_ptr exception, std::string task_name) {
  auto added = std::make_shared<failure>();
  added->exception = std::move(exception);
  added->task_name = std::move(task_name);
  const std::scoped_lock lock(m_mutex);
  if (m_failures.size() >= m_next_sweep) {
    // Those looked at need no report: so a million of them take no room.
    std::erase_if(m_failures, [](const auto& f) { return f->is_looked_at.load(std::memory_order_relaxed); });
    m_next_sweep = std::max<std::size_t>(64, 2 * m_failures.size());
  }
  m_failures.push_back(added);
  return added;
}

std::vector<std::shared_ptr<failure>> failure_list::take_unseen() {
  const std::scoped_lock lock(m_mutex);
  std::erase_if(m_failures, [](const auto& f) { return f->is_looked_at.load(std::memory_order_relaxed); });
  return std::exchange(m_failures, {});
}

std::string describe(const std::exception_ptr& exception) {
  try {
    std::rethrow_exception(exception);
  } catch (const remote_failure& f) {
    const char* const separator = f.message().empty() ? "" : ": ";
    return fmt::format("{}{}{} (on node {})", f.type_name(), separator, f.message(), f.node());
  } catch (const std::exception& e) {
    return fmt::format("{}: {}", base::demangle(typeid(e).name()), e.what());
  } catch (...) {
    const std::type_info* const type = abi::__cxa_current_exception_type();
    return fmt::format("an exception of type {}", type != nullptr ? base::demangle(type->name()) : "unknown");
  }
}

}  // namespace torc::task
