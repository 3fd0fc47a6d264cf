// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace storm {

/// What a process holds of the system between programs: it must not become more.
struct resources {
  std::size_t descriptors = 0;
  std::size_t threads = 0;
  std::size_t mappings = 0;

  static resources held();
};

/// Compares what is held after each program with what was after the first ones.
class leak_check {
 public:
  /// After a program; what there is too much of, if anything.
  std::optional<std::string> look();

 private:
  /// Libraries make things when they are first needed.
  static constexpr int programs_to_settle = 10;
  /// Allocators keep mappings, more or less of them.
  static constexpr std::size_t mappings_to_spare = 200;

  int m_programs = 0;
  resources m_most;
};

}  // namespace storm
