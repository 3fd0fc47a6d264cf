// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace torc::runtime {

/// How far a session is.
struct progress_figures {
  std::uint64_t created = 0;
  std::uint64_t executed = 0;
  std::uint64_t running = 0;  ///< bodies that have begun and not ended, suspended ones too
  std::chrono::duration<double> elapsed{};
  int workers = 1;
};

/// One line without a line end, such as "torc: 12,345 of 20,000 tasks done, 2 running on 2 workers, 3.2 s".
std::string progress_line(const progress_figures& p);

/// 1234567 as "1,234,567".
std::string with_thousands(std::uint64_t n);

/// "0.42 s", "3.2 s", "5 min 07 s", "2 h 05 min": what a person reads at a glance.
std::string show_elapsed(std::chrono::duration<double> d);

}  // namespace torc::runtime
