// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <atomic>

#include "core/base/sanitizers.hpp"

/// A pair of fences for store/load (Dekker) pairs of which one side is hot and the other rare.
///
///   hot side                          rare side
///   X.store(1, relaxed)               Y.store(1, relaxed)
///   light_fence()                     heavy_fence()
///   y = Y.load(relaxed)               x = X.load(relaxed)
///
/// Promise: x == 1 or y == 1 (or both).
///
/// With two seq_cst fences that is the standard's own guarantee. With membarrier the hot side has a compiler barrier
/// only, which keeps its store before its load in program order, and the promise holds because of this: between the
/// start and the end of the rare side's system call every thread of the process passes at least one point where it
/// executes a full barrier (one that runs is interrupted; one that does not run passes through the scheduler, which
/// is a full barrier too). Take such a point P of the hot thread.
///  - P after the hot store: the store is visible to all before the system call returns, and the rare load comes
///    after that: x == 1.
///  - P before the hot store: the hot load comes after P, and the rare store was visible to all before the system
///    call began, hence before P: y == 1.
///
/// Both sides must take the same way. is_asymmetric therefore changes only inside enable_asymmetric_fences(), before
/// there are threads that use the fences. Under TSan, which models neither way, both sides use seq_cst fences; data
/// must be handed over by acquire and release operations in any case.
namespace torc::base {

namespace detail {
/// True once membarrier is registered. Never changes while threads use the fences.
extern bool is_asymmetric;
}  // namespace detail

/// Registers the process with membarrier. Static initialisation calls it; a runtime that can be started by a static
/// initialiser itself calls it again before its first thread. Repeating it does nothing.
/// Returns whether light_fence is now as light as a compiler barrier; it is not where the kernel has no membarrier.
bool enable_asymmetric_fences() noexcept;

/// seq_cst fence, without GCC's warning that TSan does not model it.
inline void full_fence() noexcept {
#if TORC_TSAN && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wtsan"
#endif
  std::atomic_thread_fence(std::memory_order_seq_cst);
#if TORC_TSAN && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
}

/// The hot side: no instruction of its own but a load of a constant and a predicted branch.
inline void light_fence() noexcept {
#if !TORC_TSAN
  if (__builtin_expect(static_cast<int>(detail::is_asymmetric), 1) != 0) {
    std::atomic_signal_fence(std::memory_order_seq_cst);
    return;
  }
#endif
  full_fence();
}

/// The rare side: a system call that interrupts the cores on which the process runs, of the order of a microsecond.
void heavy_fence() noexcept;

}  // namespace torc::base
