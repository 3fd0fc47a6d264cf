// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace perf {

/// What every performance test can be told. Programs add their own to the same `CLI::App`.
struct command_line {
  bool quick = false;
  int rounds = 0;  ///< 0: what the program finds right
  std::vector<int> workers = {1, 2};
  std::string json;
  std::string filter = ".";

  /// Adds the options to `app`, which must not outlive this object.
  void add_to(CLI::App& app);
  /// Without the numbers of workers: for programs that run with fixed ones.
  void add_without_workers_to(CLI::App& app);

  /// `chosen` if it is not 0, else what quick or thorough running asks for.
  int pick(int chosen, int thorough, int fast) const { return chosen != 0 ? chosen : quick ? fast : thorough; }
};

}  // namespace perf
