// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/os/inquiry.hpp"

#include <dlfcn.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <system_error>

#include "core/os/signal_handler.hpp"

namespace torc::os {
namespace {

constexpr std::array asking_signals{SIGUSR1, SIGQUIT};
constexpr std::int64_t again_ns = 2'000'000'000;

/// The descriptor counts both: so many times it was asked, and, above that, woken.
constexpr std::uint64_t one_question = 1;
constexpr std::uint64_t one_waking = std::uint64_t{1} << 32U;

// What the handlers need, of the one object.
std::atomic<int> g_descriptor{-1};
std::atomic<pid_t> g_process{0};
std::atomic<std::int64_t> g_last_quit_ns{0};

std::array<std::atomic<signal_handler>, NSIG> g_replaced{};  ///< by signal: what is called too

void write_to(int descriptor, std::uint64_t what) noexcept {
  static_cast<void>(!::write(descriptor, &what, sizeof what));
}

/// What has been written since; 0 for nothing.
std::uint64_t read_from(int descriptor) noexcept {
  std::uint64_t what = 0;
  return ::read(descriptor, &what, sizeof what) == sizeof what ? what : 0;
}

/// It is never closed: a handler that runs on another thread may be about to write to it, and its number would be
/// another file's.
int descriptor_of_process() {
  static const int descriptor = [] {
    const int made = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (made < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
    return made;
  }();
  return descriptor;
}

void on_signal(int signal);

/// As if there had never been a handler. Nothing where another handler has called this one.
void have_old_effect(int signal) noexcept {
  if (handler_of(signal) == on_signal) have_default_effect(signal);
}

void on_signal(int signal) {
  const int kept_errno = errno;
  const int descriptor = g_descriptor.load();
  // A child of fork has the handlers and the descriptor, but nobody who would answer.
  if (descriptor < 0 || ::getpid() != g_process.load()) {
    have_old_effect(signal);
  } else if (const std::int64_t now = monotonic_ns();
             signal == SIGQUIT && now - g_last_quit_ns.exchange(now) < again_ns) {
    have_old_effect(signal);
  } else {
    write_to(descriptor, one_question);
    if (const signal_handler replaced = g_replaced[static_cast<std::size_t>(signal)].load(); replaced != nullptr)
      replaced(signal);
  }
  errno = kept_errno;
}

const void* module_of(const void* address) noexcept {
  Dl_info info{};
  return address != nullptr && ::dladdr(address, &info) != 0 ? info.dli_fbase : nullptr;
}

/// MPICH has a handler for SIGUSR1, which calls the one that it has found. So this one is set before MPI is
/// initialised; where the application has done that itself, this one calls MPICH's.
bool is_of_mpi(signal_handler found) noexcept {
  const void* const mpi = module_of(::dlsym(RTLD_DEFAULT, "MPI_Init"));
  return mpi != nullptr && mpi == module_of(reinterpret_cast<const void*>(found)) &&
         mpi != module_of(reinterpret_cast<const void*>(&on_signal));
}

void install_for(int signal) noexcept {
  const signal_handler found = handler_of(signal);
  if (found != SIG_DFL && (found == SIG_IGN || !is_of_mpi(found))) return;
  g_replaced[static_cast<std::size_t>(signal)].store(found == SIG_DFL ? nullptr : found);
  set_handler(signal, on_signal);
}

void remove_for(int signal) noexcept {
  const signal_handler replaced = g_replaced[static_cast<std::size_t>(signal)].exchange(nullptr);
  if (handler_of(signal) == on_signal) ::signal(signal, replaced != nullptr ? replaced : SIG_DFL);
}

}  // namespace

inquiry::inquiry() : m_descriptor(descriptor_of_process()) {
  read_from(m_descriptor);  // what the one before has left
  g_last_quit_ns.store(-again_ns);
  g_process.store(::getpid());
  g_descriptor.store(m_descriptor);
  for (const int signal : asking_signals) install_for(signal);
}

inquiry::~inquiry() {
  for (const int signal : asking_signals) remove_for(signal);
  g_descriptor.store(-1);
}

inquiry::event inquiry::wait(std::chrono::milliseconds longest) {
  pollfd watched{m_descriptor, POLLIN, 0};
  const int found = ::poll(&watched, 1, longest.count() < 0 ? -1 : static_cast<int>(longest.count()));
  if (found == 0) return event::timed_out;
  const std::uint64_t what = found > 0 ? read_from(m_descriptor) : 0;
  return what % one_waking != 0 ? event::asked : event::woken;
}

void inquiry::wake() noexcept { write_to(m_descriptor, one_waking); }

void inquiry::wake_process() noexcept {
  if (const int descriptor = g_descriptor.load(); descriptor >= 0) write_to(descriptor, one_waking);
}

}  // namespace torc::os
