// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/fiber/overflow.hpp"

#include <signal.h>
#include <ucontext.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "core/fiber/fiber.hpp"

namespace torc::fiber {

constinit thread_local fiber* overflow_guard::t_running = nullptr;

namespace {

/// How far from the stack pointer a failed access may be for a frame that has left all that lies below its stack: a
/// page and what calls push, or what probes skip.
constexpr std::ptrdiff_t reach_bytes = 64 * 1024;

overflow_guard::task_namer g_namer = nullptr;
std::size_t g_stack_bytes = 0;
struct sigaction g_before_segv;
struct sigaction g_before_bus;

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

class safe_text {
 public:
  safe_text& operator<<(const char* text) noexcept {
    const std::size_t n = std::min(std::strlen(text), m_text.size() - m_used);
    std::memcpy(m_text.data() + m_used, text, n);
    m_used += n;
    return *this;
  }
  safe_text& operator<<(std::size_t number) noexcept {
    std::array<char, 24> digits{};
    std::size_t at = digits.size() - 1;
    do {
      digits[--at] = static_cast<char>('0' + number % 10);
      number /= 10;
    } while (number != 0);
    return *this << (digits.data() + at);
  }
  void write() const noexcept { static_cast<void>(!::write(STDERR_FILENO, m_text.data(), m_used)); }

 private:
  std::array<char, 1024> m_text{};
  std::size_t m_used = 0;
};

}  // namespace

void overflow_guard::install(task_namer namer, std::size_t stack_bytes) {
  g_stack_bytes = stack_bytes;
  if (g_namer != nullptr) return;
  g_namer = namer;
  struct sigaction action {};
  action.sa_sigaction = handle;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
  sigemptyset(&action.sa_mask);
  sigaction(SIGSEGV, &action, &g_before_segv);
  sigaction(SIGBUS, &action, &g_before_bus);
}

void overflow_guard::handle(int signal, siginfo_t* info, void* context) {
  if (t_running != nullptr &&
      is_overflow(t_running->m_stack, info->si_addr, stack_pointer_of(*static_cast<ucontext_t*>(context)))) {
    report();
  }
  const struct sigaction& before = signal == SIGSEGV ? g_before_segv : g_before_bus;
  if ((before.sa_flags & SA_SIGINFO) != 0) {
    before.sa_sigaction(signal, info, context);
  } else if (before.sa_handler == SIG_DFL || before.sa_handler == SIG_IGN) {
    ::signal(signal, SIG_DFL);  // returning repeats the access, which then ends the process as it would have
  } else {
    before.sa_handler(signal);
  }
}

void overflow_guard::prepare_thread() {
  static thread_local const signal_stack t_stack;
  static_cast<void>(t_stack);
}

bool overflow_guard::is_overflow(const stack& running, const void* address, const void* top) noexcept {
  const auto* const at = static_cast<const std::byte*>(address);
  const auto* const pointer = static_cast<const std::byte*>(top);
  const std::byte* const gap = running.low - running.gap_bytes;
  if (at >= gap && at < running.low) return true;
  if (pointer == nullptr || pointer >= running.low) return false;
  // Farther below, it may be on a stack that the task has made for itself.
  return pointer >= gap || (at < running.low && at >= pointer - reach_bytes);
}

void overflow_guard::report() noexcept {
  std::array<char, 512> name{};
  if (g_namer != nullptr) g_namer(name.data(), name.size());
  safe_text text;
  text << "TORC: task '" << name.data() << "' has overflown ";
  if (t_running == nullptr || t_running->m_is_pooled) {
    text << "its stack of " << g_stack_bytes / 1024
         << " KiB: set TORC_STACK_SIZE to more, or use less local memory or recursion in it\n";
  } else {
    text << "the stack of its thread, of "
         << static_cast<std::size_t>(t_running->m_stack.high - t_running->m_stack.low) / 1024
         << " KiB: raise `ulimit -s`, or use less local memory or recursion in it\n";
  }
  text.write();
  ::signal(SIGABRT, SIG_DFL);
  std::abort();
}

}  // namespace torc::fiber
