// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/base/check.hpp"

#include <atomic>
#include <cstdlib>

#include "core/base/log.hpp"

namespace torc::base {

namespace {
std::atomic<check_handler> current_handler{nullptr};
std::atomic<check_context> current_context{nullptr};
}  // namespace

check_handler set_check_handler(check_handler handler) noexcept { return current_handler.exchange(handler); }

void set_check_context(check_context context) noexcept { current_context.store(context); }

void check_failed(const char* expression, const char* file, int line) {
  // A context that breaks an invariant itself must not be asked again.
  static thread_local bool is_asking = false;
  std::string doing;
  const check_context context = current_context.load();
  if (context != nullptr && !is_asking) {
    is_asking = true;
    doing = context();
    is_asking = false;
  }
  std::string message = fmt::format("broken invariant: {} at {}:{}", expression, file, line);
  if (!doing.empty()) message += " in " + doing;
  if (const check_handler handler = current_handler.load(); handler != nullptr) handler(message);
  log::write_error_line(message);
  is_death_told = true;
  std::abort();
}

}  // namespace torc::base
