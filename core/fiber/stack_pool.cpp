// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/fiber/stack_pool.hpp"

#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <limits>
#include <torc/error.hpp>

namespace torc::fiber {
namespace {

std::size_t page_bytes() { return static_cast<std::size_t>(sysconf(_SC_PAGESIZE)); }

/// So that pushing `more` cannot fail.
template <class T>
void make_room(std::vector<T>& in, std::size_t more) {
  if (in.capacity() < in.size() + more) in.reserve(std::max(in.size() + more, 2 * in.capacity()));
}

/// What a process may have of memory that it can write to, and of address space; the smaller of them.
double allowed_bytes() {
  double least = std::numeric_limits<double>::infinity();
  for (const auto resource : {RLIMIT_AS, RLIMIT_DATA}) {
    rlimit limit{};
    if (getrlimit(resource, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
      least = std::min(least, static_cast<double>(limit.rlim_cur));
  }
  return least;
}

/// Stacks are seldom what fills the memory: then the message must not send its reader to them.
std::string describe_shortage(std::size_t stack_bytes, std::size_t num_stacks, int problem) {
  const std::string text =
      fmt::format("no memory for another task's stack of {} KiB, beside the {} that there are ({})", stack_bytes >> 10U,
                  num_stacks, std::strerror(problem));
  const double stacks_bytes = static_cast<double>(stack_bytes) * static_cast<double>(num_stacks + 1);
  const double allowed = allowed_bytes();
  if (2 * stacks_bytes < allowed && std::isfinite(allowed)) {
    return text +
           fmt::format(": other data than stacks take most of the {:.0f} MiB that ulimit -v or -d allows the process",
                       allowed / (1U << 20U));
  }
  return text + ": a smaller TORC_STACK_SIZE makes room, and so do fewer tasks that wait at a time";
}

}  // namespace

stack_pool::stack_pool(std::size_t stack_bytes, const stack_gaps& gaps)
    : m_stack_bytes((stack_bytes + page_bytes() - 1) / page_bytes() * page_bytes()), m_gaps(gaps) {}

stack_pool::~stack_pool() {
  for (const slab& s : m_slabs) munmap(s.memory, s.size_bytes);
}

stack stack_pool::take() {
  const std::scoped_lock lock(m_mutex);
  for (const gap_kind kind : {wide, narrow, open}) {
    shelf& from = m_shelves[kind];
    if (!from.idle.empty()) {
      const stack s = from.idle.back().memory;
      from.idle.pop_back();
      return s;
    }
    if (from.clean.empty() && !reserve(kind)) continue;
    const stack s = from.clean.back();
    from.clean.pop_back();
    return s;
  }
  const int problem = errno;
  std::size_t num_stacks = 0;
  for (const shelf& s : m_shelves) num_stacks += s.num_stacks;
  throw error(describe_shortage(m_stack_bytes, num_stacks, problem));
}

bool stack_pool::reserve(gap_kind kind) {
  shelf& into = m_shelves[kind];
  const std::size_t num_trapping = m_shelves[wide].num_stacks + m_shelves[narrow].num_stacks;
  std::size_t most = stacks_per_slab;
  if (kind != open) most = std::min(most, m_gaps.num_trapping - std::min(m_gaps.num_trapping, num_trapping));
  if (kind == wide) most = std::min(most, m_gaps.num_wide - into.num_stacks);
  if (into.is_full) return false;
  // A slab with fewer stacks may fit where memory is scarce. Scarce address space is not for wide gaps.
  for (std::size_t count = most; count != 0; count = kind == wide ? 0 : count / 2) {
    if (reserve_slab(kind, count)) return true;
  }
  into.is_full = kind != open;
  return false;
}

bool stack_pool::reserve_slab(gap_kind kind, std::size_t num_stacks) {
  shelf& into = m_shelves[kind];
  make_room(into.clean, num_stacks);
  make_room(into.idle, into.num_stacks + num_stacks - into.idle.size());
  make_room(m_slabs, 1);
  const std::size_t gap_bytes = kind == wide ? stack_gaps::wide_bytes : stack_gaps::narrow_bytes;
  // An odd number of pages apart, stacks do not meet in the same few lines of the page tables.
  const std::size_t pages = (gap_bytes + m_stack_bytes) / page_bytes() | 1U;
  const std::size_t pitch_bytes = pages * page_bytes();
  const std::size_t size_bytes = pitch_bytes * num_stacks;
  constexpr int accessible = PROT_READ | PROT_WRITE;
  void* const memory = mmap(nullptr, size_bytes, kind == open ? accessible : PROT_NONE,
                            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
  if (memory == MAP_FAILED) return false;
  // Where the system gives huge pages unasked, each pair of stacks would take one.
  madvise(memory, size_bytes, MADV_NOHUGEPAGE);
  auto* const first = static_cast<std::byte*>(memory);
  for (std::size_t i = 0; kind != open && i < num_stacks; ++i) {
    if (mprotect(first + (i + 1) * pitch_bytes - m_stack_bytes, m_stack_bytes, accessible) == 0) continue;
    const int problem = errno;
    munmap(memory, size_bytes);
    errno = problem;
    return false;
  }
  m_slabs.push_back({memory, size_bytes});
  into.num_stacks += num_stacks;
  for (std::size_t i = num_stacks; i-- != 0;) {
    std::byte* const high = first + (i + 1) * pitch_bytes;
    into.clean.push_back({high - m_stack_bytes, high, kind == open ? 0 : gap_bytes});
  }
  return true;
}

stack_pool::shelf& stack_pool::shelf_of(const stack& s) noexcept {
  return m_shelves[s.gap_bytes == 0 ? open : s.gap_bytes <= stack_gaps::narrow_bytes ? narrow : wide];
}

void stack_pool::give(stack s) noexcept {
  const std::scoped_lock lock(m_mutex);
  shelf_of(s).idle.push_back({s, base::now()});  // has room: see reserve_slab
}

bool stack_pool::trim(base::time_point before) {
  const std::scoped_lock lock(m_mutex);
  bool is_left = false;
  for (shelf& of : m_shelves) {
    auto& idle = of.idle;
    const auto recent = std::find_if(idle.begin(), idle.end(), [&](const idle_stack& s) { return s.since > before; });
    for (auto it = idle.begin(); it != recent; ++it) {
      madvise(it->memory.low, m_stack_bytes, MADV_DONTNEED);
      of.clean.push_back(it->memory);
    }
    idle.erase(idle.begin(), recent);
    is_left = is_left || !idle.empty();
  }
  return is_left;
}

}  // namespace torc::fiber
