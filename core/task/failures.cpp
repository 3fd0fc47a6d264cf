// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/task/failures.hpp"

#include <cxxabi.h>
#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <torc/error.hpp>
#include <typeinfo>
#include <utility>

#include "core/base/demangle.hpp"

namespace torc::task {

std::shared_ptr<failure> failure_list::add(std::exception_ptr exception, std::string task_name, std::string place) {
  auto added = std::make_shared<failure>();
  added->exception = std::move(exception);
  added->task_name = std::move(task_name);
  added->place = std::move(place);
  const std::scoped_lock lock(m_mutex);
  if (m_failures.size() >= m_next_sweep) {
    // Those looked at need no report: so a million of them take no room.
    std::erase_if(m_failures, [](const auto& f) { return f->is_looked_at.load(std::memory_order_relaxed); });
    m_next_sweep = std::max<std::size_t>(64, 2 * m_failures.size());
  }
  m_failures.push_back(added);
  return added;
}

std::string failure_list::place_of(const std::exception_ptr& exception) {
  const std::scoped_lock lock(m_mutex);
  const auto is_it = [&](const auto& f) { return f->exception == exception && !f->place.empty(); };
  const auto found = std::find_if(m_failures.begin(), m_failures.end(), is_it);
  return found != m_failures.end() ? (*found)->place : std::string();
}

std::vector<std::shared_ptr<failure>> failure_list::take_unseen() {
  const std::scoped_lock lock(m_mutex);
  std::erase_if(m_failures, [](const auto& f) { return f->is_looked_at.load(std::memory_order_relaxed); });
  return std::exchange(m_failures, {});
}

namespace {

std::string describe_one(const std::exception_ptr& exception, bool with_place) {
  try {
    std::rethrow_exception(exception);
  } catch (const remote_failure& f) {
    const char* const separator = f.message().empty() ? "" : ": ";
    const std::string place = with_place ? fmt::format(" ({})", f.place()) : "";
    return fmt::format("{}{}{}{}", f.type_name(), separator, f.message(), place);
  } catch (const std::exception& e) {
    return fmt::format("{}: {}", name_of_thrown(typeid(e)), e.what());
  } catch (...) {
    const std::type_info* const type = abi::__cxa_current_exception_type();
    const std::string text = text_of_thrown(exception);
    return fmt::format("an exception of type {}{}{}", type != nullptr ? name_of_thrown(*type) : "unknown",
                       text.empty() ? "" : ": ", text);
  }
}

}  // namespace

std::string describe(const std::exception_ptr& exception, bool with_place) {
  constexpr int most_nested = 8;
  std::string text = describe_one(exception, with_place);
  std::exception_ptr inner = nested_in(exception);
  for (int count = 0; count < most_nested && inner != nullptr; ++count) {
    text += ", because of " + describe_one(inner, with_place);
    inner = nested_in(inner);
  }
  return text;
}

std::string place_in(const std::exception_ptr& exception) {
  try {
    std::rethrow_exception(exception);
  } catch (const remote_failure& f) {
    return f.place();
  } catch (...) {
    return {};
  }
}

std::exception_ptr nested_in(const std::exception_ptr& exception) noexcept {
  try {
    std::rethrow_exception(exception);
  } catch (const std::nested_exception& outer) {
    return outer.nested_ptr();
  } catch (...) {
    return nullptr;
  }
}

bool is_stopped_error(const std::exception_ptr& exception) noexcept {
  try {
    std::rethrow_exception(exception);
  } catch (const stopped_error&) {
    return true;
  } catch (...) {
    return false;
  }
}

std::string text_of_thrown(const std::exception_ptr& exception) {
  try {
    std::rethrow_exception(exception);
  } catch (const char* text) {
    return text != nullptr ? text : "";
  } catch (const std::string& text) {
    return text;
  } catch (...) {
    return {};
  }
}

std::string name_of_thrown(const std::type_info& type) {
  constexpr std::string_view wrapper = "std::_Nested_exception<";  // by std::throw_with_nested, in libstdc++
  std::string name = base::demangle(type.name());
  if (!name.starts_with(wrapper) || !name.ends_with('>')) return name;
  name.pop_back();
  name.erase(0, wrapper.size());
  if (name.ends_with(' ')) name.pop_back();
  if (constexpr std::string_view qualifier = " const"; name.ends_with(qualifier))
    name.resize(name.size() - qualifier.size());
  return name;
}

}  // namespace torc::task
