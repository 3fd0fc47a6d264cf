// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/runtime/uncaught_errors.hpp"

#include <cstdlib>
#include <exception>
#include <torc/error.hpp>

#include "core/sched/calling_task.hpp"

namespace torc::runtime {
namespace {

/// The standard library's: looked at before the static initialisers of the program may have set another one.
struct first_handler {
  std::terminate_handler handler = std::get_terminate();
};
[[gnu::init_priority(101)]] const first_handler g_default;
void (*g_end)(const char* what) = nullptr;

/// A thread of torc's own is no exception: what it lets go is what it was told in code of the application, which ends
/// the process by throwing, as the destructor of an argument that waits does. The message says what to change.
[[noreturn]] void terminate() noexcept {
  const std::exception_ptr uncaught = std::current_exception();
  if (uncaught != nullptr && sched::calling_task() == nullptr) {
    try {
      std::rethrow_exception(uncaught);
    } catch (const error& e) {
      g_end(e.what());
    } catch (...) {  // NOLINT(*-empty-catch): it is not torc's
    }
  }
  g_default.handler();
  std::abort();
}

}  // namespace

void end_on_uncaught_errors(void (*end)(const char* what)) noexcept {
  g_end = end;
  if (std::get_terminate() == g_default.handler) std::set_terminate(terminate);
}

}  // namespace torc::runtime
