// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "unit_tests/storm/resources.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include "core/base/sanitizers.hpp"

namespace storm {
namespace {

std::size_t entries_of(const char* folder) {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder)) ++count;
  return count;
}

std::size_t lines_of(const char* path) {
  std::ifstream file(path);
  return static_cast<std::size_t>(
      std::count(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>(), '\n'));
}

}  // namespace

resources resources::held() {
  return {entries_of("/proc/self/fd"), entries_of("/proc/self/task"), lines_of("/proc/self/maps")};
}

std::optional<std::string> leak_check::look() {
  resources now = resources::held();
  if (++m_programs <= programs_to_settle) {
    m_most.descriptors = std::max(m_most.descriptors, now.descriptors);
    m_most.threads = std::max(m_most.threads, now.threads);
    m_most.mappings = std::max(m_most.mappings, now.mappings);
    return std::nullopt;
  }
  // The system lists a thread for a moment after it has been joined.
  for (int i = 0; i < 1000 && now.threads > m_most.threads; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    now = resources::held();
  }
  if (now.descriptors > m_most.descriptors)
    return fmt::format("{} file descriptors are open, {} were before", now.descriptors, m_most.descriptors);
  if (now.threads > m_most.threads) return fmt::format("{} threads run, {} did before", now.threads, m_most.threads);
  // ThreadSanitizer maps memory of its own for each fiber and keeps it.
  if (!torc::base::is_tsan && now.mappings > m_most.mappings + mappings_to_spare)
    return fmt::format("{} pieces of memory are mapped, {} were before", now.mappings, m_most.mappings);
  return std::nullopt;
}

}  // namespace storm
