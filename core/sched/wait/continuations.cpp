// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/sched/wait/continuations.hpp"

namespace torc::sched {

using detail::record;

void continuations::add(const record& task, std::span<record* const> sources) {
  const std::scoped_lock lock(m_mutex);
  m_sources.try_emplace(&task, sources.begin(), sources.end());
}

void continuations::source_is_done(const record& task, std::size_t index) noexcept {
  const std::scoped_lock lock(m_mutex);
  if (const auto known = m_sources.find(&task); known != m_sources.end()) known->second[index] = nullptr;
}

void continuations::remove(const record& task) noexcept {
  const std::scoped_lock lock(m_mutex);
  m_sources.erase(&task);
}

}  // namespace torc::sched
