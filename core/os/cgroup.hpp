// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

namespace torc::os {

/// The CPU time per time that a control group (version 2) leaves a process, in cores: the least `cpu.max` of its group
/// and the groups above. Nothing if there is no limit or none can be read.
/// `membership` is the text of `/proc/self/cgroup`, `root` where the groups are mounted.
std::optional<double> cpu_quota(std::string_view membership, const std::filesystem::path& root);

/// The same for this process.
std::optional<double> cpu_quota();

}  // namespace torc::os
