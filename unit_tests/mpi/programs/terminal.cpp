// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

/// Somebody at a terminal: `terminal once|twice COMMAND...` runs the command in one of its own, presses Ctrl-\ when it
/// says "ready", and, if twice, again and again once there is a report. Status 0 if there was one, and the command has
/// ended: well after one; after a second one somehow, for MPICH's mpiexec of one rank that the signal kills says 0.
namespace {

constexpr char quit_key = '\x1c';

class terminal {
 public:
  explicit terminal(char** command) {
    m_child = ::forkpty(&m_keys, nullptr, nullptr, nullptr);
    if (m_child < 0) std::abort();
    if (m_child > 0) return;
    ::execvp(command[0], command);
    ::_exit(127);
  }
  void press(char key) const { static_cast<void>(!::write(m_keys, &key, 1)); }
  /// Reads what is shown until nothing has come for a moment; false if the command has ended.
  bool watch() {
    for (pollfd shown{m_keys, POLLIN, 0}; ::poll(&shown, 1, 100) != 0;) {
      char some[4096];
      const ssize_t size = ::read(m_keys, some, sizeof some);
      if (size <= 0 && errno != EINTR) return false;
      if (size <= 0) continue;
      m_shown.append(some, static_cast<std::size_t>(size));
      std::fwrite(some, 1, static_cast<std::size_t>(size), stdout);
    }
    return true;
  }
  bool shows(const char* text) const { return m_shown.find(text) != std::string::npos; }
  int status() const {
    int status = 0;
    ::waitpid(m_child, &status, 0);
    return status;
  }

 private:
  int m_keys = -1;
  pid_t m_child = -1;
  std::string m_shown;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const bool is_twice = std::strcmp(argv[1], "twice") == 0;
  terminal shown(argv + 2);
  int num_pressed = 0;
  while (shown.watch()) {
    const bool is_to_press = num_pressed > 0 ? is_twice && shown.shows(": state, on ") : shown.shows("ready");
    if (!is_to_press) continue;
    shown.press(quit_key);
    ++num_pressed;
  }
  const int status = shown.status();
  std::printf("\nthe command ended with %d\n", status);
  return shown.shows(": state, on ") && (is_twice ? num_pressed > 1 : status == 0) ? 0 : 1;
}
