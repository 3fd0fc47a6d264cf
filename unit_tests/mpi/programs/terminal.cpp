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

/// Somebody at a terminal: `terminal WHAT COMMAND...` runs the command in one of its own, presses a key when it says
/// "ready", and, if that is wanted, again and again once there is an answer. Status 0 if there was one, and the command
/// has ended, with the due status if there is one. MPICH's mpiexec may say 0 of whatever these keys end, most often of
/// one rank.
namespace {

struct wish {
  const char* name;
  char key;
  const char* answer;
  bool is_repeated;
  int status;
};

constexpr int any = -1;

constexpr wish wishes[] = {{"once", '\x1c', ": state, on ", false, 0},
                           {"twice", '\x1c', ": state, on ", true, any},
                           {"stop_once", '\x03', "TORC: SIGINT: ", false, 130},
                           {"stop_once_below_mpiexec", '\x03', "start returns 130", false, any},
                           {"stop_twice", '\x03', "TORC: SIGINT: ", true, any}};

const wish* find_wish(const char* name) {
  for (const wish& one : wishes) {
    if (std::strcmp(one.name, name) == 0) return &one;
  }
  return nullptr;
}

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
  const wish* const wanted = argc < 3 ? nullptr : find_wish(argv[1]);
  if (wanted == nullptr) return 2;
  terminal shown(argv + 2);
  bool has_pressed = false;
  while (shown.watch()) {
    const bool is_to_press = has_pressed ? wanted->is_repeated && shown.shows(wanted->answer) : shown.shows("ready");
    if (!is_to_press) continue;
    shown.press(wanted->key);
    has_pressed = true;
  }
  const int status = shown.status();
  std::printf("\nthe command ended with %d\n", status);
  const bool has_due_status = WIFEXITED(status) && WEXITSTATUS(status) == wanted->status;
  return shown.shows(wanted->answer) && (wanted->status == any || has_due_status) ? 0 : 1;
}
