// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace torc::fuzz {

using bytes = std::vector<std::byte>;

/// One decoder. What it gets may be anything; it must refuse it by the exception that it is known for, or accept it.
/// Whatever else happens is a finding: another exception, an abort, a sanitizer's report.
struct target {
  const char* name;
  void (*decode)(std::span<const std::byte> input);
  /// Inputs to begin with: what is accepted, in all its kinds.
  std::vector<bytes> (*seeds)();
};

// One file each; decoder.cpp lists them.
extern const target frame;
extern const target frame_body;
extern const target failure;
extern const target task;
extern const target result;

/// Ends the process, and so shows as a finding, if it does not hold.
void require(bool holds);

}  // namespace torc::fuzz
