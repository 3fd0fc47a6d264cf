// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <string>
#include <thread>

namespace tests {

/// A terminal that the process's standard error becomes, and what has been written to it. On a terminal a line's end
/// becomes "\r\n".
class terminal {
 public:
  terminal() : m_master(::posix_openpt(O_RDWR | O_NOCTTY)), m_standard_error(::dup(STDERR_FILENO)) {
    if (m_master < 0 || ::grantpt(m_master) != 0 || ::unlockpt(m_master) != 0) std::abort();
    const int slave = ::open(::ptsname(m_master), O_RDWR | O_NOCTTY);
    const winsize wide{.ws_row = 24, .ws_col = 200, .ws_xpixel = 0, .ws_ypixel = 0};
    if (::ioctl(slave, TIOCSWINSZ, &wide) != 0) std::abort();
    ::dup2(slave, STDERR_FILENO);
    ::close(slave);
    m_reader = std::thread([this] { read(); });
  }
  terminal(const terminal&) = delete;
  terminal& operator=(const terminal&) = delete;

  /// Returns once the text has been shown.
  void wait_for(const std::string& text) {
    std::unique_lock lock(m_mutex);
    m_has_more.wait(lock, [&] { return m_shown.find(text) != std::string::npos; });
  }
  /// Gives standard error back, and all that was shown.
  std::string end() {
    ::dup2(m_standard_error, STDERR_FILENO);  // nobody else has the terminal open: the reader finds its end
    m_reader.join();
    ::close(m_master);
    return m_shown;
  }

 private:
  void read() {
    std::array<char, 1024> buffer{};
    for (ssize_t n = 0; (n = ::read(m_master, buffer.data(), buffer.size())) > 0;) {
      const std::scoped_lock lock(m_mutex);
      m_shown.append(buffer.data(), static_cast<std::size_t>(n));
      m_has_more.notify_all();
    }
  }

  const int m_master;
  const int m_standard_error;
  std::mutex m_mutex;
  std::condition_variable m_has_more;
  std::string m_shown;  ///< guarded
  std::thread m_reader;
};

}  // namespace tests
