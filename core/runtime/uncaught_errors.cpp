// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/runtime/uncaught_errors.hpp"

#include <cstdlib>
#include <exception>
#include <torc/error.hpp>

#include "core/sched/calling_task.hpp"

namespace torc::runtime {
namespace {

/// The standard library's, unless another static initialiser has set one: which then goes first anyway.
const std::terminate_handler g_default = std::get_terminate();
void (*g_end)(const char* what) = nullptr;

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
  g_default();
  std::abort();
}

}  // namespace

void end_on_uncaught_errors(void (*end)(const char* what)) noexcept {
  g_end = end;
  if (std::get_terminate() == g_default) std::set_terminate(terminate);
}

}  // namespace torc::runtime
