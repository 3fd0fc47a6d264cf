// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

#pragma once

#include <cstdint>
#include <latch>
#include <stdexcept>
#include <thread>
#include <vector>

#include "support/teams.hpp"
#include "uts/search.hpp"

namespace perf {

/// Nodes a second of so many serial searches of the whole tree at once, summed: all that this many cores can give just
/// now.
inline double serial_copies_rate(const uts::tree& tree, int copies, const uts::census& right) {
  std::latch ready(copies);
  std::vector<double> rates(static_cast<std::size_t>(copies));
  std::vector<std::thread> threads;
  for (double& rate : rates) {
    threads.emplace_back([&] {
      ready.arrive_and_wait();
      const auto start = clock::now();
      const bool is_right = uts::search_serially(tree) == right;
      rate = is_right ? static_cast<double>(right.nodes) / seconds_since(start) : 0;
    });
  }
  for (auto& thread : threads) thread.join();
  double sum = 0;
  for (const double rate : rates) {
    if (rate == 0) throw std::runtime_error("a serial search counted wrongly");
    sum += rate;
  }
  return sum;
}

}  // namespace perf
