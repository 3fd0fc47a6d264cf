// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstdint>

/// Paths: a 64-bit name for each place in the task tree.
///
/// A path depends on nothing but the numbers of the ancestors among their siblings, so random streams that are
/// keyed by it are the same on any number of workers. Siblings never share a path (mix_path is a bijection of the
/// index for a fixed parent, and the other way round); cousins share one as rarely as random 64-bit numbers do.
namespace torc::detail {

/// The path of the primary task.
inline constexpr std::uint64_t root_path = 0x6a09e667f3bcc908U;

/// The path of child number `index` of the task at `parent`. A few cycles: every submission calls it.
constexpr std::uint64_t mix_path(std::uint64_t parent, std::uint64_t index) noexcept {
  // The addend keeps 0 from being a fixed point; then two rounds of shift and multiply, with the multipliers and
  // shifts of splitmix64 (Steele, Lea and Flood, OOPSLA 2014, doi:10.1145/2714064.2660195), each a bijection.
  std::uint64_t x = parent + index + 0x9e3779b97f4a7c15U;
  x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27U)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31U);
}

/// The path of callback or continuation number `index` of the future of the task at `parent`:
/// apart from the paths of that task's children.
constexpr std::uint64_t mix_callback_path(std::uint64_t parent, std::uint64_t index) noexcept {
  return mix_path(parent ^ 0xa5a5f00d5eedca11U, index);
}

}  // namespace torc::detail
