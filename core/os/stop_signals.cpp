// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/os/stop_signals.hpp"

#include <signal.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <thread>

#include "core/os/inquiry.hpp"
#include "core/os/signal_handler.hpp"

namespace torc::os {
namespace {

constexpr std::array stopping_signals{SIGINT, SIGTERM};
/// Some launchers send what they are asked to send in two ways at once; nobody presses a key twice so soon.
constexpr std::int64_t one_request_ns = 200'000'000;

// What the handler needs.
std::atomic<pid_t> g_stoppable{0};        ///< 0: nobody heeds signals
std::atomic<std::int64_t> g_first_ns{0};  ///< 0: none has come
std::atomic<int> g_first{0};

/// Async-signal-safe.
void on_stop_signal(int signal) noexcept {
  const int kept_errno = errno;
  const std::int64_t now = monotonic_ns();
  std::int64_t first_ns = 0;
  // A child of fork has the handler, but nobody who would heed it; and so has one that release() did not find begun.
  const auto is_heeded = [] { return ::getpid() == g_stoppable.load(); };
  const bool was_heeded = is_heeded();
  const bool is_first = was_heeded && g_first_ns.compare_exchange_strong(first_ns, now);
  if (is_first) {
    g_first.store(signal);
    inquiry::wake_process();
  }
  const bool is_to_end = is_first ? !is_heeded() : !was_heeded || now - first_ns >= one_request_ns;
  // A handler of the program that has called this one does what it likes.
  const auto is_mine = [signal] { return handler_of(signal) == on_stop_signal || handler_of(signal) == SIG_DFL; };
  if (is_to_end && is_mine()) have_default_effect(signal);
  errno = kept_errno;
}

}  // namespace

void stop_signals::catch_them() noexcept {
  g_first.store(0);
  g_first_ns.store(0);
  g_stoppable.store(::getpid());
  for (const int signal : stopping_signals) {
    if (handler_of(signal) == SIG_DFL) set_handler(signal, on_stop_signal);
  }
  m_are_caught = true;
}

void stop_signals::release(bool was_heeded) noexcept {
  if (!m_are_caught) return;
  m_are_caught = false;
  // Both seq_cst: a handler that takes itself for the first one sees this, or its signal is seen below.
  g_stoppable.store(0);
  for (const int signal : stopping_signals) {
    if (handler_of(signal) == on_stop_signal) ::signal(signal, SIG_DFL);
  }
  // A handler that has begun on another thread has said so, and is about to say which signal it was.
  while (g_first_ns.load() != 0 && g_first.load() == 0) std::this_thread::yield();
  if (const int late = first(); late != 0 && !was_heeded) ::raise(late);
}

int stop_signals::first() const noexcept { return g_first.load(); }

}  // namespace torc::os
