// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/runtime/uncaught_errors.hpp"

#include <atomic>
#include <cstdlib>
#include <exception>
#include <torc/error.hpp>

#include "core/runtime/end_job.hpp"
#include "core/sched/worker/calling_task.hpp"

namespace torc::runtime {
namespace {

void end_alone(const char* what) noexcept { end_job(nullptr, what); }

/// Before the first session there is no job yet that torc knows of.
std::atomic<void (*)(const char* what) noexcept> g_end{end_alone};
std::terminate_handler g_before = nullptr;

/// A thread of torc's own is no exception: what it lets go is what it was told in code of the application, which ends
/// the process by throwing, as the destructor of an argument that waits does. The message says what to change.
[[noreturn]] void terminate() noexcept {
  const std::exception_ptr uncaught = std::current_exception();
  if (uncaught != nullptr && sched::calling_task() == nullptr) {
    try {
      std::rethrow_exception(uncaught);
    } catch (const error& e) {
      g_end.load()(e.what());
    } catch (...) {  // NOLINT(*-empty-catch): it is not torc's
    }
  }
  if (g_before != nullptr) g_before();
  std::abort();
}

/// Torc may be called before a session, too. Earlier than the static initialisers of the program, of which one may set
/// a handler: that goes first then.
[[gnu::constructor(101)]] void install() noexcept { g_before = std::set_terminate(terminate); }

}  // namespace

void end_on_uncaught_errors(void (*end)(const char* what) noexcept) noexcept { g_end.store(end); }

}  // namespace torc::runtime
