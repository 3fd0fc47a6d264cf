// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/sched/driver.hpp"

#include <algorithm>

#include "core/base/clock.hpp"

namespace torc::sched {
namespace {

/// What a launch and a short kernel take: within it a sleep would cost more than it saves.
constexpr std::uint64_t awake_ns = 20'000;
/// Then it sleeps for a part of what has passed, so that a kernel is noticed late by that part of its time at most.
constexpr std::uint64_t part = 8;
constexpr std::chrono::nanoseconds longest_pause = std::chrono::microseconds(500);

}  // namespace

void driver::add(wait& w) {
  m_waits.push_back(&w);
  has_changed();
}

void driver::has_changed() noexcept { m_changed_ns = base::now_ns(); }

bool driver::is_over(wait& w) noexcept {
  try {
    return m_device.is_ready(w.where->index);
  } catch (...) {
    w.failure = std::current_exception();
    return true;
  }
}

std::chrono::nanoseconds driver::pause() const noexcept {
  const std::uint64_t waited_ns = base::now_ns() - m_changed_ns;
  if (waited_ns < awake_ns) return {};
  return std::min(longest_pause, std::chrono::nanoseconds(waited_ns / part));
}

}  // namespace torc::sched
