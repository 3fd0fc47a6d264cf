// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "unit_tests/storm/last_words.hpp"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>

#include "core/base/sanitizers.hpp"

#if TORC_ASAN || TORC_TSAN
#include <sanitizer/common_interface_defs.h>
#endif

namespace storm {
namespace {

std::array<char, 1024> g_text{};
std::atomic<std::size_t> g_size{0};

struct crash {
  int signal;
  struct sigaction before;
};
std::array<crash, 5> g_crashes{{{SIGSEGV, {}}, {SIGBUS, {}}, {SIGABRT, {}}, {SIGFPE, {}}, {SIGILL, {}}}};

void on_crash(int signal, siginfo_t*, void*) {
  print_last_words();
  for (const crash& c : g_crashes)
    if (c.signal == signal) sigaction(signal, &c.before, nullptr);
  // Of a fault returning repeats it; an abort has to be repeated.
  if (signal == SIGABRT) raise(signal);
}

}  // namespace

void install_last_words() {
#if TORC_ASAN || TORC_TSAN
  __sanitizer_set_death_callback(print_last_words);
#endif
  struct sigaction action {};
  action.sa_sigaction = on_crash;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
  sigemptyset(&action.sa_mask);
  for (crash& c : g_crashes) sigaction(c.signal, &action, &c.before);
}

void set_last_words(const std::string& text) {
  g_size = 0;
  const std::size_t size = std::min(text.size(), g_text.size());
  std::memcpy(g_text.data(), text.data(), size);
  g_size = size;
}

void print_last_words() noexcept {
  const std::size_t size = g_size.exchange(0);
  if (size > 0) static_cast<void>(!::write(STDERR_FILENO, g_text.data(), size));
}

}  // namespace storm
