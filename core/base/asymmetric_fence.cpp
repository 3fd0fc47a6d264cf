// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/base/asymmetric_fence.hpp"

#include "core/base/check.hpp"

#if defined(__linux__)
#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace torc::base {

namespace detail {
bool is_asymmetric = false;
}

namespace {

#if defined(__linux__) && defined(SYS_membarrier)
long membarrier(int command) noexcept { return ::syscall(SYS_membarrier, command, 0, 0); }

bool register_membarrier() noexcept {
  const long commands = membarrier(MEMBARRIER_CMD_QUERY);
  return commands >= 0 && (commands & MEMBARRIER_CMD_PRIVATE_EXPEDITED) != 0 &&
         membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED) == 0;
}

void barrier_on_all_cores() noexcept {
  // A failure would break the promise without a sign: a registered process cannot have one.
  TORC_CHECK(membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED) == 0);
}
#else
bool register_membarrier() noexcept { return false; }

void barrier_on_all_cores() noexcept {}
#endif

[[maybe_unused]] const bool is_enabled_at_start = enable_asymmetric_fences();

}  // namespace

bool enable_asymmetric_fences() noexcept {
  if (!detail::is_asymmetric) detail::is_asymmetric = register_membarrier();
  return detail::is_asymmetric;
}

void heavy_fence() noexcept {
  // Also with membarrier: the caller's own store must be before its system call for the compiler and the core.
  full_fence();
  if (detail::is_asymmetric) barrier_on_all_cores();
}

}  // namespace torc::base
