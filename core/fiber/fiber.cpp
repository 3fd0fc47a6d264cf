// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/fiber/fiber.hpp"

#include <cxxabi.h>
#include <pthread.h>

#include <boost/context/detail/fcontext.hpp>
#include <cstring>
#include <new>

#include "core/base/check.hpp"
#include "core/fiber/faults.hpp"
#include "core/fiber/overflow.hpp"
#include "core/fiber/sanitizer.hpp"

namespace torc::fiber {
namespace {

constexpr std::uint64_t canary = 0x7042c0de5afe57acU;

/// The exceptions being handled on a stack: the Itanium C++ ABI keeps them per thread (section 2.2.2), so they change
/// hands at a switch.
struct exception_globals {
  void* caught;
  unsigned int uncaught;

  static exception_globals* of_thread() noexcept {
    return reinterpret_cast<exception_globals*>(abi::__cxa_get_globals());
  }
};

}  // namespace

fiber::fiber() : m_tsan(sanitizer::current()) {
  pthread_attr_t attributes;
  void* low = nullptr;
  std::size_t size_bytes = 0;
  TORC_CHECK(pthread_getattr_np(pthread_self(), &attributes) == 0);
  pthread_attr_getstack(&attributes, &low, &size_bytes);
  pthread_attr_destroy(&attributes);
  m_stack.low = static_cast<std::byte*>(low);
  m_stack.high = m_stack.low + size_bytes;
  m_stack.gap_bytes = stack_gaps::narrow_bytes;  // nothing that a task uses lies so close
  overflow_guard::enter(*this);
}

fiber::fiber(stack s, entry run, void* argument)
    : m_stack(s), m_run(run), m_argument(argument), m_tsan(sanitizer::create()), m_is_pooled(true) {}

fiber::~fiber() {
  if (m_is_pooled) {
    sanitizer::destroy(m_tsan);
  } else {
    overflow_guard::leave();
  }
}

fiber* fiber::create(stack_pool& pool, entry run, void* argument) {
  const stack s = pool.take();
  constexpr std::size_t object_bytes = (sizeof(fiber) + 63) / 64 * 64;
  auto* const made = ::new (s.high - object_bytes) fiber(s, run, argument);
  if (s.gap_bytes == 0) std::memcpy(s.low, &canary, sizeof canary);
  const auto size_bytes = static_cast<std::size_t>(s.high - s.low) - object_bytes;
  made->m_context = boost::context::detail::make_fcontext(
      reinterpret_cast<std::byte*>(made), size_bytes,
      [](boost::context::detail::transfer_t from) { start(from.data, from.fctx); });
  return made;
}

void fiber::destroy(fiber* idle, stack_pool& pool) noexcept {
  const stack s = idle->m_stack;
  idle->check_canary();
  idle->~fiber();
  sanitizer::forget(s.low, static_cast<std::size_t>(s.high - s.low));
  pool.give(s);
}

void fiber::switch_to(fiber& target) {
  check_canary();
  if (m_stack.gap_bytes == 0 && __builtin_frame_address(0) < m_stack.low) faults::report_overflow();
  exception_globals* const globals = exception_globals::of_thread();
  const exception_globals saved = *globals;
  overflow_guard::enter(target);
  sanitizer::leave(&m_fake_stack, target.m_stack.low,
                   static_cast<std::size_t>(target.m_stack.high - target.m_stack.low), target.m_tsan);
  const auto from = boost::context::detail::jump_fcontext(target.m_context, this);
  arrived(static_cast<fiber*>(from.data), from.fctx);
  *globals = saved;
}

void fiber::arrived(fiber* from, void* context) noexcept {
  sanitizer::enter(m_fake_stack);
  from->m_context = context;
}

void fiber::start(void* from, void* context) {
  fiber* const self = overflow_guard::running();
  self->arrived(static_cast<fiber*>(from), context);
  *exception_globals::of_thread() = {nullptr, 0};
  self->m_run(self->m_argument);
  constexpr bool has_returned = true;
  TORC_CHECK(!has_returned);
}

void fiber::check_canary() const noexcept {
  if (!m_is_pooled || m_stack.gap_bytes != 0) return;
  std::uint64_t found = 0;
  std::memcpy(&found, m_stack.low, sizeof found);
  if (found != canary) faults::report_overflow();
}

}  // namespace torc::fiber
