// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/record.hpp>

#include <cstddef>
#include <vector>

#include "core/fiber/fiber.hpp"
#include "core/sched/device/device.hpp"
#include "core/sched/device/scratch.hpp"

namespace torc::sched {

class mailbox;
class worker;
struct lease;

/// One instance of an execution space, and the memory that goes with it.
struct slot {
  slot(device& where, int number, const worker* thread)
      : of(where), index(number), runner(thread), memory(where, number) {}
  device& of;
  const int index;
  const worker* const runner;  ///< whose thread alone may use it; null for any
  scratch_pool memory;
  lease* top = nullptr;  ///< who has it; the slot_queue's lock
};

/// What a device task holds while its body runs. Others may fill the time in which it waits: then they are on top of
/// it.
struct lease {
  slot* held = nullptr;
  scratch memory;
  bool is_idle = true;  ///< nothing was enqueued since the slot was found idle; its own thread's

  // The slot_queue's lock.
  lease* below = nullptr;
  bool is_lent = false;             ///< its task waits for others
  mailbox* owner = nullptr;         ///< of the task that wants to go on and cannot yet
  fiber::fiber* waiting = nullptr;  ///< and its fiber
};

}  // namespace torc::sched
