// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <string>
#include <vector>

#include "sampler.hpp"
#include "summary.hpp"

namespace tmcmc {

/// Prints one line about a stage, after a line of column names before the first.
void print_stage(const stage_report& report);

/// Prints the table of marginals, the failed model runs if there were any, and the log evidence.
void print_result(const posterior& result, const std::vector<marginal>& marginals);

}  // namespace tmcmc
