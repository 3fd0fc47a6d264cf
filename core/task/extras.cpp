// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/task/extras.hpp"

#include <errno.h>
#include <fmt/format.h>

#include <atomic>
#include <optional>
#include <string_view>

#include "core/base/demangle.hpp"
#include "core/task/symbols.hpp"

namespace torc::task {
namespace {

std::string function_name(const void* address) {
  const std::optional<symbol> found = symbol_at(address);
  if (!found) return fmt::format("function at {}", address);
  if (!found->name.empty()) return base::demangle(found->name.c_str());
  // The program is stripped.
  const std::string_view path = found->module.empty() ? program_invocation_name : found->module.c_str();
  return fmt::format("function at {}+{:#x}", path.substr(path.rfind('/') + 1), found->offset);
}

/// As a reader looks for it: "lambda at file.cpp:12" for clang's "(lambda at /path/file.cpp:12:3)".
std::string readable(std::string_view type) {
  constexpr std::string_view begin = "(lambda at ";
  if (!type.starts_with(begin) || !type.ends_with(')')) return std::string(type);
  std::string_view place = type.substr(begin.size(), type.size() - begin.size() - 1);
  place = place.substr(0, place.rfind(':'));
  return fmt::format("lambda at {}", place.substr(place.rfind('/') + 1));
}

/// The callable's type out of the compiler's description of a function template: "… [with F = TYPE; …]".
std::string callable_name(std::string_view description) {
  // g++ writes "[with F = ", clang "[F = ".
  const auto at = description.find("F = ");
  if (at == std::string_view::npos) return std::string(description);
  const std::string_view type = description.substr(at + 4);
  int depth = 0;
  for (std::size_t i = 0; i < type.size(); ++i) {
    const char c = type[i];
    if (c == '<' || c == '(' || c == '{') ++depth;
    if (c == '>' || c == ')' || c == '}') --depth;
    if ((c == ';' || c == ',' || c == ']') && depth <= 0) return readable(type.substr(0, i));
  }
  return readable(type);
}

/// Null if it has none.
const std::string* given_name(const detail::record& task) noexcept {
  // atomic_ref takes no const object, though it only reads this one.
  const auto* const extras =
      std::atomic_ref(const_cast<detail::task_extras*&>(task.extras)).load(std::memory_order_acquire);
  return extras != nullptr && !extras->options.name.empty() ? &extras->options.name : nullptr;
}

}  // namespace

detail::task_extras& extras_of(detail::record& task) {
  // Another thread may want the task's name at this moment.
  if (task.extras == nullptr) std::atomic_ref(task.extras).store(new detail::task_extras, std::memory_order_release);
  return *task.extras;
}

naming naming_of(const detail::record& task) {
  if (const std::string* const given = given_name(task); given != nullptr)
    return {.given = given->substr(0, naming::most_bytes)};
  return {.given = {}, .function = task.type->function(task), .type = task.type->type_name(task)};
}

std::string name_of(const detail::record& task) {
  const std::string* const given = given_name(task);
  return given != nullptr ? *given : name_of(naming_of(task));
}

std::string name_of(const naming& task) {
  if (!task.given.empty()) return task.given;
  return task.function != nullptr ? function_name(task.function) : callable_name(task.type);
}

}  // namespace torc::task
