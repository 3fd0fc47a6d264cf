// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "unit_tests/storm/watchdog.hpp"

#include <utility>

#include "core/base/process_exit.hpp"
#include "unit_tests/storm/command_line.hpp"

namespace storm {
namespace {

constexpr std::chrono::milliseconds between_looks{100};

}  // namespace

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
  m_most_still = static_cast<std::int64_t>(longest / between_looks);
  m_num_still = 0;
  m_last_moves = 0;
  m_changed.notify_all();
}

void watchdog::stop() {
  const std::scoped_lock lock(m_mutex);
  m_is_watching = false;
  m_changed.notify_all();
}

void watchdog::run() {
  std::unique_lock lock(m_mutex);
  while (!m_is_over) {
    if (!m_is_watching) {
      m_changed.wait(lock);
    } else if (m_changed.wait_for(lock, between_looks) == std::cv_status::no_timeout) {
      continue;  // another program, or none
    } else if (const std::uint64_t moves = m_num_moves(); moves != m_last_moves) {
      m_last_moves = moves;
      m_num_still = 0;
    } else if (++m_num_still >= m_most_still) {
      m_bark();
      torc::base::exit_now(status_stuck);  // std::_Exit would be told of as the program's own
    }
  }
}

}  // namespace storm
