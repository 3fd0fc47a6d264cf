// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/fiber/faults.hpp"

#include <ucontext.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>

#include "core/base/check.hpp"
#include "core/base/safe_text.hpp"
#include "core/fiber/fiber.hpp"
#include "core/fiber/overflow.hpp"

namespace torc::fiber {
namespace {

struct caught_signal {
  int number;
  const char* name;
  struct sigaction before;
};
std::array<caught_signal, 5> g_caught{{{SIGSEGV, "SIGSEGV", {}},
                                       {SIGBUS, "SIGBUS", {}},
                                       {SIGFPE, "SIGFPE", {}},
                                       {SIGILL, "SIGILL", {}},
                                       {SIGABRT, "SIGABRT", {}}}};
faults::naming g_namer{};
std::size_t g_stack_bytes = 0;
pid_t g_process = 0;

const caught_signal& caught(int signal) noexcept {
  return *std::find_if(g_caught.begin(), g_caught.end(), [&](const caught_signal& c) { return c.number == signal; });
}

/// Stack for the handler, which cannot run on the one that overflowed.
struct signal_stack {
  static constexpr std::size_t size_bytes = 32 * 1024;
  signal_stack() : memory(std::make_unique<std::byte[]>(size_bytes)) {
    stack_t description{};
    description.ss_sp = memory.get();
    description.ss_size = size_bytes;
    stack_t before{};
    // A sanitizer may have installed one: keep it.
    if (sigaltstack(nullptr, &before) == 0 && (before.ss_flags & SS_DISABLE) == 0) return;
    is_installed = sigaltstack(&description, nullptr) == 0;
  }
  signal_stack(const signal_stack&) = delete;
  signal_stack& operator=(const signal_stack&) = delete;
  ~signal_stack() {
    if (!is_installed) return;
    stack_t none{};
    none.ss_flags = SS_DISABLE;
    sigaltstack(&none, nullptr);
  }
  std::unique_ptr<std::byte[]> memory;
  bool is_installed = false;
};

/// Null on machines where nobody has looked it up.
const void* stack_pointer_of([[maybe_unused]] const ucontext_t& interrupted) noexcept {
#if defined(__x86_64__)
  return reinterpret_cast<const void*>(interrupted.uc_mcontext.gregs[REG_RSP]);
#elif defined(__aarch64__)
  return reinterpret_cast<const void*>(interrupted.uc_mcontext.sp);
#else
  return nullptr;
#endif
}

/// The text of a namer. To look a name up may need a lock that the interrupted code holds: the alarm ends the process
/// then.
struct named {
  explicit named(void (*write)(char*, std::size_t)) noexcept {
    if (write == nullptr) return;
    const unsigned before_seconds = alarm(5);
    write(text.data(), text.size());
    alarm(before_seconds);
  }
  std::array<char, 512> text{};
};

/// What a line about the running task begins with, if there is one: the place of its thread, and its name.
base::safe_text beginning_of(const named& task) noexcept {
  const bool is_known = task.text.front() != '\0';
  base::safe_text text;
  text << "TORC: ";
  if (const named place(is_known ? g_namer.place : nullptr); place.text.front() != '\0')
    text << place.text.data() << ": ";
  text << "task '" << (is_known ? task.text.data() : "none") << "'";
  return text;
}

/// Whether the thread has done it by itself: what others send says nothing of the task that runs.
bool is_own(const siginfo_t& info) noexcept { return info.si_code > 0 || info.si_pid == g_process; }

}  // namespace

void faults::install(const naming& namer, std::size_t stack_bytes) {
  g_stack_bytes = stack_bytes;
  if (g_namer.task != nullptr) return;
  g_namer = namer;
  g_process = ::getpid();
  struct sigaction action {};
  action.sa_sigaction = handle;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
  sigemptyset(&action.sa_mask);
  for (caught_signal& each : g_caught) sigaction(each.number, &action, &each.before);
}

void faults::prepare_thread() {
  static thread_local const signal_stack t_stack;
  static_cast<void>(t_stack);
}

void faults::handle(int signal, siginfo_t* info, void* context) {
  const void* const top = stack_pointer_of(*static_cast<ucontext_t*>(context));
  if ((signal == SIGSEGV || signal == SIGBUS) && overflow_guard::has_overflown(info->si_addr, top)) report_overflow();
  if (is_own(*info)) tell(signal, *info);
  const struct sigaction& before = caught(signal).before;
  if ((before.sa_flags & SA_SIGINFO) != 0) {
    before.sa_sigaction(signal, info, context);
  } else if (before.sa_handler != SIG_DFL && before.sa_handler != SIG_IGN) {
    before.sa_handler(signal);
  } else if (before.sa_handler == SIG_DFL || is_own(*info)) {
    // Returning repeats what has failed, and the process ends as it would have. What was sent is not repeated.
    ::signal(signal, SIG_DFL);
    if (info->si_code <= 0) ::raise(signal);
  }
}

void faults::tell(int signal, const siginfo_t& info) noexcept {
  if (overflow_guard::running() == nullptr || base::is_death_told || ::getpid() != g_process) return;
  base::is_death_told = true;
  const named task(g_namer.task);
  if (task.text.front() == '\0') return;
  base::safe_text text = beginning_of(task);
  text << " crashes with " << caught(signal).name;
  if ((signal == SIGSEGV || signal == SIGBUS) && info.si_code > 0) {
    text << ", at address " << static_cast<const void*>(info.si_addr);
  } else if (signal == SIGABRT) {
    text << ": it has called abort or std::terminate, or something that it uses has";
  }
  text << "\n";
  text.write();
}

void faults::report_overflow() noexcept {
  const named task(g_namer.task);
  const fiber* const running = overflow_guard::running();
  base::safe_text text = beginning_of(task);
  text << " has overflown ";
  if (running == nullptr || running->is_pooled()) {
    text << "its stack of " << g_stack_bytes / 1024
         << " KiB: set TORC_STACK_SIZE to more, or use less local memory or recursion in it\n";
  } else {
    text << "the stack of its thread, of " << running->stack_bytes() / 1024
         << " KiB: raise `ulimit -s`, or use less local memory or recursion in it\n";
  }
  text.write();
  ::signal(SIGABRT, SIG_DFL);
  std::abort();
}

}  // namespace torc::fiber
