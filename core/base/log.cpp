// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/base/log.hpp"

#include <poll.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdio>

namespace torc::base::log {

namespace {
constexpr std::string_view prefix = "TORC: ";

/// Drops the first n bytes of the pieces.
void advance(std::array<iovec, 3>& pieces, std::size_t n) noexcept {
  for (iovec& piece : pieces) {
    const std::size_t taken = n < piece.iov_len ? n : piece.iov_len;
    piece.iov_base = static_cast<char*>(piece.iov_base) + taken;
    piece.iov_len -= taken;
    n -= taken;
  }
}
}  // namespace

void write_error_line(std::string_view text) noexcept {
  // One writev for the whole line: what several threads and ranks write does not mix. No memory is allocated, because
  // this also reports that there is none left.
  const auto piece = [](std::string_view s) { return iovec{const_cast<char*>(s.data()), s.size()}; };
  std::array<iovec, 3> pieces{piece(prefix), piece(text), piece("\n")};
  std::size_t left = prefix.size() + text.size() + 1;
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

void flush_output() noexcept {
  if (::ftrylockfile(stdout) != 0) return;
  std::fflush(stdout);
  ::funlockfile(stdout);
}

}  // namespace torc::base::log
