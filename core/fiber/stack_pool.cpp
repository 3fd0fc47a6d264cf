// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/fiber/stack_pool.hpp"

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <torc/error.hpp>

namespace torc::fiber {
namespace {

/// Below each stack: wide enough that a large frame does not step over it. Address space only.
constexpr std::size_t guard_bytes = std::size_t{64} << 10U;

std::size_t page_bytes() { return static_cast<std::size_t>(sysconf(_SC_PAGESIZE)); }

/// A guarded stack takes two mappings; guards may use up half of a quarter of what the process may have of them.
std::size_t max_guards() {
  std::size_t limit = 65530;
  std::ifstream("/proc/sys/vm/max_map_count") >> limit;
  return limit / 4 / 2;
}

}  // namespace

stack_pool::stack_pool(std::size_t stack_bytes)
    : m_stack_bytes((stack_bytes + page_bytes() - 1) / page_bytes() * page_bytes()), m_max_guards(max_guards()) {}

stack_pool::~stack_pool() {
  for (std::byte* slab : m_slabs) munmap(slab, (m_stack_bytes + guard_bytes) * stacks_per_slab);
}

stack stack_pool::take() {
  const std::scoped_lock lock(m_mutex);
  if (!m_idle.empty()) {
    const stack s = m_idle.back().memory;
    m_idle.pop_back();
    return s;
  }
  if (m_clean.empty()) reserve_slab();
  const stack s = m_clean.back();
  m_clean.pop_back();
  return s;
}

void stack_pool::reserve_slab() {
  const std::size_t pitch_bytes = m_stack_bytes + guard_bytes;
  void* const memory = mmap(nullptr, pitch_bytes * stacks_per_slab, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
  if (memory == MAP_FAILED) {
    throw error(fmt::format(
        "no address space for more task stacks: {} of {} KiB are in use; a smaller TORC_STACK_SIZE makes room",
        m_slabs.size() * stacks_per_slab, m_stack_bytes / 1024));
  }
  // Where the system gives huge pages unasked, each pair of stacks would take one.
  madvise(memory, pitch_bytes * stacks_per_slab, MADV_NOHUGEPAGE);
  auto* const first = static_cast<std::byte*>(memory);
  m_slabs.push_back(first);
  for (std::size_t i = stacks_per_slab; i-- != 0;) {
    std::byte* const guard = first + i * pitch_bytes;
    const bool is_guarded = m_guards < m_max_guards && mprotect(guard, guard_bytes, PROT_NONE) == 0;
    if (is_guarded) ++m_guards;
    m_clean.push_back({guard + guard_bytes, guard + pitch_bytes, is_guarded});
  }
}

void stack_pool::give(stack s) {
  const std::scoped_lock lock(m_mutex);
  m_idle.push_back({s, base::now()});
}

bool stack_pool::trim(base::time_point before) {
  const std::scoped_lock lock(m_mutex);
  const auto recent = std::find_if(m_idle.begin(), m_idle.end(), [&](const idle_stack& s) { return s.since > before; });
  for (auto it = m_idle.begin(); it != recent; ++it) {
    madvise(it->memory.low, m_stack_bytes, MADV_DONTNEED);
    m_clean.push_back(it->memory);
  }
  m_idle.erase(m_idle.begin(), recent);
  return !m_idle.empty();
}

}  // namespace torc::fiber
