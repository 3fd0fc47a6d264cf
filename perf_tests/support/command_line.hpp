// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

#pragma once

#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "examples/command_line.hpp"

namespace perf {

/// What every performance test can be told. Programs add their own to the same command line.
struct command_line {
  bool quick = false;
  std::optional<int> rounds;  ///< none: what the program finds right
  std::vector<int> workers = {1, 2};
  std::string json;
  std::optional<std::string> filter;

  /// Adds the options to `line`, which must not outlive this object.
  void add_to(examples::command_line& line);
  /// Without the numbers of workers: for programs that run with fixed ones.
  void add_without_workers_to(examples::command_line& line);

  /// What was chosen, else what quick or thorough running asks for.
  template <class T>
  T pick(std::optional<T> chosen, std::type_identity_t<T> thorough, std::type_identity_t<T> fast) const {
    return chosen.value_or(quick ? fast : thorough);
  }
};

}  // namespace perf
