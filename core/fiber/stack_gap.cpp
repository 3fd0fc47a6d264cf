// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/fiber/stack_gap.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <fstream>

#include "core/fiber/sanitizer.hpp"

namespace torc::fiber {
namespace {

constexpr std::size_t most_wide = 16'000;

/// A stack and its gap are two mappings; together they may use up half of what the process may have of them.
std::size_t allowed_gaps() {
  std::size_t most_mappings = 65530;
  std::ifstream("/proc/sys/vm/max_map_count") >> most_mappings;
  return most_mappings / 2 / 2;
}

bool is_address_space_limited() {
  rlimit limit{};
  return getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
}

}  // namespace

stack_gaps stack_gaps::of_process() {
  const std::size_t allowed = allowed_gaps();
  if (sanitizer::is_in_use) return {.num_trapping = allowed, .why_narrow = "a sanitizer books address space"};
  if (is_address_space_limited()) return {.num_trapping = allowed, .why_narrow = "ulimit -v limits address space"};
  return {.num_wide = std::min(most_wide, allowed), .num_trapping = allowed};
}

std::string stack_gaps::describe() const {
  const std::string trapping = num_trapping > num_wide ? fmt::format(" that traps for {} at a time", num_trapping) : "";
  if (num_wide == 0) return fmt::format("a gap of {} KiB below each{} ({})", narrow_bytes >> 10U, trapping, why_narrow);
  return fmt::format("a gap of {} MiB below each of the first {} at a time, of {} KiB below others", wide_bytes >> 20U,
                     num_wide, narrow_bytes >> 10U);
}

}  // namespace torc::fiber
