// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstddef>
#include <vector>

#include "problem.hpp"

namespace tmcmc {

/// A chain to be run: where it starts and how many samples it gives.
struct chain_plan {
  std::size_t leader = 0;  ///< index of the sample that it starts from
  std::size_t length = 0;

  friend bool operator==(const chain_plan&, const chain_plan&) = default;
};

/// How often each of the samples was drawn, in `draws` draws with the given probabilities, whose sum is 1.
std::vector<std::size_t> draw_multinomial(const std::vector<double>& probabilities, std::size_t draws,
                                          generator& random);

/// One chain for each leader drawn, as long as its count; what is longer than `longest` becomes several chains.
std::vector<chain_plan> plan_chains(const std::vector<std::size_t>& counts, std::size_t longest);

}  // namespace tmcmc
