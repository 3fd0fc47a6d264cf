// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <semaphore>

#include "core/base/clock.hpp"
#include "core/fiber/fiber.hpp"
#include "core/sched/wait/suspended.hpp"

namespace torc::sched {

class worker;

/// One wait of one task or thread for one notification, in either order. A task is suspended, another thread blocks.
/// All that a wait needs it has from the beginning, so that a wait which would be refused cannot even be announced:
/// whoever has been told where to notify finds somebody who waits there.
class baton {
 public:
  /// By the task or thread that will wait. What the cause lists must live until the wait is over. Throws torc::error
  /// where waiting is forbidden or no stack is left.
  explicit baton(const wait_cause& cause = {});
  baton(const baton&) = delete;
  baton& operator=(const baton&) = delete;
  ~baton();

  /// Any thread, any number of times. After the first one the waiter may destroy this at once.
  void notify() noexcept;
  /// Once.
  void wait() noexcept { wait_until(std::nullopt); }
  /// False if the deadline came first.
  bool wait_until(const std::optional<base::time_point>& deadline) noexcept;

 private:
  enum class phase { idle, waiting, notified, expired };
  struct expiry;

  std::atomic<phase> m_phase{phase::idle};
  const wait_cause m_cause;
  worker* m_worker = nullptr;  ///< of the waiting task; else a thread waits on the semaphore
  fiber::fiber* m_fiber = nullptr;
  fiber::fiber* m_spare = nullptr;  ///< what the worker goes on with meanwhile
  std::shared_ptr<std::binary_semaphore>
      m_semaphore;  ///< shared: notify may still touch it when the waiter has gone on
  void put_back_spare() noexcept;
  void block_thread(const std::optional<base::time_point>& deadline) noexcept;
  void wake() noexcept;
};

}  // namespace torc::sched
