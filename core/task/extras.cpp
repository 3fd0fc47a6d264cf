// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/task/extras.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include <atomic>
#include <string_view>

#include "core/base/demangle.hpp"

namespace torc::task {
namespace {

std::string function_name(const void* address) {
  Dl_info info{};
  if (dladdr(address, &info) == 0) return fmt::format("function at {}", address);
  if (info.dli_sname != nullptr && info.dli_saddr == address) return base::demangle(info.dli_sname);
  // A program exports its functions only if it is linked with -rdynamic.
  const std::string_view path = info.dli_fname != nullptr ? info.dli_fname : "program";
  const auto offset = static_cast<const char*>(address) - static_cast<const char*>(info.dli_fbase);
  return fmt::format("function at {}+{:#x}", path.substr(path.rfind('/') + 1), offset);
}

/// The callable's type out of the compiler's description of a member function of its record: "… [with F = TYPE; …]".
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
    if ((c == ';' || c == ',' || c == ']') && depth <= 0) return std::string(type.substr(0, i));
  }
  return std::string(type);
}

}  // namespace

detail::task_extras& extras_of(detail::record& task) {
  // Another thread may want the task's name at this moment.
  if (task.extras == nullptr) std::atomic_ref(task.extras).store(new detail::task_extras, std::memory_order_release);
  return *task.extras;
}

naming naming_of(const detail::record& task) {
  // atomic_ref takes no const object, though it only reads this one.
  const auto* const extras =
      std::atomic_ref(const_cast<detail::task_extras*&>(task.extras)).load(std::memory_order_acquire);
  if (extras != nullptr && !extras->options.name.empty()) return {.given = extras->options.name};
  return {.given = {}, .function = task.type->function(task), .type = task.type->type_name(task)};
}

std::string name_of(const naming& task) {
  if (!task.given.empty()) return task.given;
  return task.function != nullptr ? function_name(task.function) : callable_name(task.type);
}

}  // namespace torc::task
