// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "unit_tests/storm/watchdog.hpp"

#include <cstdlib>
#include <utility>

#include "unit_tests/storm/command_line.hpp"

namespace storm {

watchdog::watchdog(std::function<std::uint64_t()> num_moves, std::function<void()> bark)
    : m_num_moves(std::move(num_moves)), m_bark(std::move(bark)), m_thread([this] { run(); }) {}

watchdog::~watchdog() {
  {
    const std::scoped_lock lock(m_mutex);
    m_is_over = true;
  }
  m_changed.notify_all();
  m_thread.join();
}

void watchdog::start(std::chrono::duration<double> longest) {
  const std::scoped_lock lock(m_mutex);
  m_is_watching = true;
  m_longest = std::chrono::duration_cast<std::chrono::nanoseconds>(longest);
  m_until = std::chrono::steady_clock::now() + m_longest;
  m_last_moves = 0;
  m_changed.notify_all();
}

void watchdog::stop() {
  const std::scoped_lock lock(m_mutex);
  m_is_watching = false;
}

void watchdog::run() {
  std::unique_lock lock(m_mutex);
  while (!m_is_over) {
    if (!m_is_watching) {
      m_changed.wait(lock);
    } else if (std::chrono::steady_clock::now() < m_until) {
      m_changed.wait_until(lock, m_until);
    } else if (const std::uint64_t moves = m_num_moves(); moves != m_last_moves) {
      m_last_moves = moves;
      m_until = std::chrono::steady_clock::now() + m_longest;
    } else {
      m_bark();
      std::_Exit(status_stuck);
    }
  }
}

}  // namespace storm
