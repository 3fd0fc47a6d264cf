// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/record.hpp>

#include <cstdint>
#include <string>
#include <vector>

/// Names for addresses that are the same in every process of a job: the module (program or shared library) by what it
/// holds, the place in it by its offset. So it does not matter where the dynamic linker has put it. All thread-safe.
namespace torc::task {

struct identity {
  std::uint64_t module = 0;
  std::uint64_t offset = 0;
  friend bool operator==(const identity&, const identity&) = default;
};

struct module_info {
  /// The first 64 bits of its GNU build id; without one, a hash of its read-only segments.
  std::uint64_t id;
  std::string path;
};

/// Throws identity_error if no module contains it.
identity identify(const void* address);
/// Null if this process has no such module, or the offset lies outside of it.
const void* resolve(identity named);
/// As resolve; null too if it is not where a module has its machine code.
const void* resolve_function(identity named);

/// The modules of this process, the main program first. Reads each that has no build id, once.
std::vector<module_info> modules();

identity identify(const detail::task_codec& codec);
/// Null too if it names something else than a task_codec.
const detail::task_codec* resolve_codec(identity named);

}  // namespace torc::task
