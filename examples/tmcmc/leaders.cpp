// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "leaders.hpp"

#include <algorithm>
#include <boost/random/uniform_01.hpp>
#include <numeric>

namespace tmcmc {

std::vector<std::size_t> draw_multinomial(const std::vector<double>& probabilities, std::size_t draws,
                                          generator& random) {
  std::vector<double> cumulative(probabilities.size());
  std::partial_sum(probabilities.begin(), probabilities.end(), cumulative.begin());
  std::vector<std::size_t> counts(probabilities.size(), 0);
  boost::random::uniform_01<double> uniform;
  for (std::size_t i = 0; i < draws; ++i) {
    // The sum is 1 only up to rounding, so it, not 1, bounds the draw: an index past the end cannot come out.
    const double point = uniform(random) * cumulative.back();
    const auto position = std::upper_bound(cumulative.begin(), cumulative.end() - 1, point);
    ++counts[static_cast<std::size_t>(position - cumulative.begin())];
  }
  return counts;
}

std::vector<chain_plan> plan_chains(const std::vector<std::size_t>& counts, std::size_t longest) {
  std::vector<chain_plan> chains;
  for (std::size_t leader = 0; leader < counts.size(); ++leader) {
    for (std::size_t left = counts[leader]; left > 0;) {
      const std::size_t length = std::min(left, longest);
      chains.push_back({leader, length});
      left -= length;
    }
  }
  return chains;
}

}  // namespace tmcmc
