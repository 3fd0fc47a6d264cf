// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/os/cgroup.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>

namespace torc::os {

namespace {

/// The path behind "0::", which is the line of version 2; empty if there is none.
std::string_view unified_group(std::string_view membership) {
  while (!membership.empty()) {
    const std::string_view line = membership.substr(0, membership.find('\n'));
    if (line.starts_with("0::/")) return line.substr(3);
    membership.remove_prefix(std::min(line.size() + 1, membership.size()));
  }
  return {};
}

/// One group's own limit: the file holds "max 100000" or "<microseconds of CPU> <per microseconds>".
std::optional<double> limit_of(const std::filesystem::path& group) {
  std::ifstream file(group / "cpu.max");
  double quota = 0;
  double period = 0;
  if (!(file >> quota >> period) || !(quota > 0) || !(period > 0)) return std::nullopt;
  return quota / period;
}

}  // namespace

std::optional<double> cpu_quota(std::string_view membership, const std::filesystem::path& root) {
  const std::string_view group = unified_group(membership);
  if (group.empty()) return std::nullopt;
  std::optional<double> least;
  std::filesystem::path here = root;
  const auto consider = [&] {
    const std::optional<double> limit = limit_of(here);
    if (limit) least = std::min(least.value_or(*limit), *limit);
  };
  consider();
  for (const std::filesystem::path& part : std::filesystem::path(group).relative_path()) {
    // A process outside the visible part of the hierarchy has a path that begins with "..".
    if (part == "..") return least;
    if (part.empty()) continue;
    here /= part;
    consider();
  }
  return least;
}

std::optional<double> cpu_quota() {
  std::ifstream file("/proc/self/cgroup");
  const std::string membership{std::istreambuf_iterator<char>(file), {}};
  return cpu_quota(membership, "/sys/fs/cgroup");
}

}  // namespace torc::os
