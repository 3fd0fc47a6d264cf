// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <atomic>
#include <cstdint>
#include <initializer_list>

#include "core/base/cache_line.hpp"

namespace torc::metrics {

/// A number that one thread advances and any thread reads.
/// A relaxed load and store rather than fetch_add: no locked instruction, which the single writer does not need.
/// Two writers would lose counts.
class counter {
 public:
  void add(std::uint64_t n = 1) noexcept { m_value.store(value() + n, std::memory_order_relaxed); }
  void reset() noexcept { m_value.store(0, std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t value() const noexcept { return m_value.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> m_value{0};
};

/// What one or more workers did, at one moment.
struct totals {
  std::uint64_t created = 0;
  std::uint64_t begun = 0;
  std::uint64_t executed = 0;
  std::uint64_t stolen = 0;
  std::uint64_t suspended = 0;
  std::uint64_t idle_ns = 0;

  totals& operator+=(const totals& other) noexcept {
    created += other.created;
    begun += other.begun;
    executed += other.executed;
    stolen += other.stolen;
    suspended += other.suspended;
    idle_ns += other.idle_ns;
    return *this;
  }
  friend bool operator==(const totals&, const totals&) = default;
};

/// What one worker did. Only the worker's own thread writes; others read values that may be a moment old.
struct alignas(base::cache_line_bytes) counters {
  counter created;    ///< tasks submitted by tasks of this worker
  counter begun;      ///< bodies that began here
  counter executed;   ///< bodies that ended here
  counter stolen;     ///< tasks taken from another worker's deque
  counter suspended;  ///< times that a fiber gave up the worker
  counter idle_ns;    ///< time without a task to run

  [[nodiscard]] totals read() const noexcept {
    return {created.value(), begun.value(), executed.value(), stolen.value(), suspended.value(), idle_ns.value()};
  }
  void reset() noexcept {
    for (counter* c : {&created, &begun, &executed, &stolen, &suspended, &idle_ns}) c->reset();
  }
};

}  // namespace torc::metrics
