// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/base/log.hpp"

#include <poll.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <span>

namespace torc::base::log {

namespace {

constexpr std::string_view prefix = "TORC: ";
/// Back to the beginning of the terminal's line, which becomes empty.
constexpr std::string_view clear_line = "\r\033[K";

iovec piece(std::string_view s) noexcept { return {const_cast<char*>(s.data()), s.size()}; }

/// Drops the first n bytes of the pieces.
void advance(std::span<iovec> pieces, std::size_t n) noexcept {
  for (iovec& one : pieces) {
    const std::size_t taken = n < one.iov_len ? n : one.iov_len;
    one.iov_base = static_cast<char*>(one.iov_base) + taken;
    one.iov_len -= taken;
    n -= taken;
  }
}

/// One writev for all of it: what several threads and ranks write does not mix. No memory is allocated, because this
/// also reports that there is none left.
void write_whole(std::span<iovec> pieces) noexcept {
  std::size_t left = 0;
  for (const iovec& one : pieces) left += one.iov_len;
  while (left > 0) {
    const ssize_t n = ::writev(STDERR_FILENO, pieces.data(), static_cast<int>(pieces.size()));
    if (n > 0) {
      left -= static_cast<std::size_t>(n);
      advance(pieces, static_cast<std::size_t>(n));
    } else if (n < 0 && errno == EAGAIN) {
      // Some launchers hand down a non-blocking pipe.
      pollfd full{STDERR_FILENO, POLLOUT, 0};
      if (::poll(&full, 1, -1) < 0 && errno != EINTR) return;
    } else if (n == 0 || errno != EINTR) {
      return;
    }
  }
}

/// Whether texts are to be shown in the terminal's last line, and whether one is.
std::atomic<bool> g_is_status_wanted{false};
std::atomic<bool> g_has_status{false};
std::array<char, 256> g_status;  ///< guarded
std::size_t g_status_bytes = 0;  ///< likewise
std::atomic_flag g_is_status_used;

/// Guards the status. Gives up soon: a line may be about the very thread that holds it.
class status_lock {
 public:
  status_lock() noexcept {
    constexpr int tries = 1000;
    for (int i = 0; i < tries && !m_is_owned; ++i) {
      m_is_owned = !g_is_status_used.test_and_set(std::memory_order_acquire);
      if (!m_is_owned) ::sched_yield();
    }
  }
  status_lock(const status_lock&) = delete;
  status_lock& operator=(const status_lock&) = delete;
  ~status_lock() {
    if (m_is_owned) g_is_status_used.clear(std::memory_order_release);
  }
  bool is_owned() const noexcept { return m_is_owned; }

 private:
  bool m_is_owned = false;
};

/// That the status may use: a terminal that has written to its last column goes on in the next line.
std::size_t columns_left() noexcept {
  winsize size{};
  constexpr std::size_t usual = 80;
  const std::size_t all = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : usual;
  return std::min(g_status.size(), all - 1);
}

}  // namespace

void write_error_line(std::string_view text) noexcept {
  if (!g_has_status.load(std::memory_order_acquire)) {
    std::array pieces{piece(prefix), piece(text), piece("\n")};
    write_whole(pieces);
    return;
  }
  const status_lock lock;
  const bool is_kept = lock.is_owned() && g_is_status_wanted.load(std::memory_order_acquire);
  const std::string_view status(g_status.data(), is_kept ? g_status_bytes : 0);
  std::array pieces{piece(clear_line), piece(prefix), piece(text), piece("\n"), piece(status)};
  write_whole(pieces);
}

std::size_t status_columns() noexcept {
  const std::size_t all = columns_left();
  return all - std::min(all, prefix.size());
}

void begin_status() noexcept { g_is_status_wanted.store(true, std::memory_order_release); }

void end_status() noexcept { g_is_status_wanted.store(false, std::memory_order_release); }

void show_status(std::string_view text) noexcept {
  const status_lock lock;
  if (!lock.is_owned() || !g_is_status_wanted.load(std::memory_order_acquire)) return;
  std::size_t left = columns_left();
  g_status_bytes = 0;
  for (const std::string_view part : {prefix, text}) {
    const std::size_t taken = std::min(part.size(), left);
    std::copy_n(part.data(), taken, g_status.data() + g_status_bytes);
    g_status_bytes += taken;
    left -= taken;
  }
  g_has_status.store(true, std::memory_order_release);
  std::array pieces{piece(clear_line), piece({g_status.data(), g_status_bytes})};
  write_whole(pieces);
}

void clear_status() noexcept {
  end_status();
  if (!g_has_status.exchange(false, std::memory_order_acq_rel)) return;
  const status_lock lock;
  if (lock.is_owned()) g_status_bytes = 0;
  std::array pieces{piece(clear_line)};
  write_whole(pieces);
}

void flush_output() noexcept {
  if (::ftrylockfile(stdout) != 0) return;
  std::fflush(stdout);
  ::funlockfile(stdout);
}

}  // namespace torc::base::log
