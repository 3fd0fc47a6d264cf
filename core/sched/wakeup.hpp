// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <semaphore>

#include "core/base/clock.hpp"
#include "core/fiber/fiber.hpp"

namespace torc::sched {

class worker;

/// One wait of one task or thread for one notification, in either order. A task is suspended, another thread blocks.
class wakeup {
 public:
  wakeup() = default;
  wakeup(const wakeup&) = delete;
  wakeup& operator=(const wakeup&) = delete;

  /// Any thread, any number of times. After the first one the waiter may destroy this at once.
  void notify() noexcept;
  /// By one task or thread, once. Throws torc::error where waiting is forbidden or no stack is left, before it has
  /// waited.
  void wait() { wait_until(std::nullopt); }
  /// False if the deadline came first.
  bool wait_until(const std::optional<base::time_point>& deadline);

 private:
  enum class phase { idle, waiting, notified, expired };
  struct expiry;

  std::atomic<phase> m_phase{phase::idle};
  worker* m_worker = nullptr;  ///< of the waiting task; else a thread waits on the semaphore
  fiber::fiber* m_fiber = nullptr;
  std::shared_ptr<std::binary_semaphore>
      m_semaphore;  ///< shared: notify may still touch it when the waiter has gone on
  void wake() noexcept;
};

}  // namespace torc::sched
