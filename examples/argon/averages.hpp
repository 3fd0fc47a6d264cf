// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <vector>

#include "argon/state.hpp"

namespace argon {

/// Mean of a series whose neighbours are correlated, and its error from the means of blocks (Flyvbjerg and Petersen,
/// J. Chem. Phys. 91, 461, 1989, doi:10.1063/1.457480): blocks are doubled as long as the error grows with them.
estimate block_average(const std::vector<double>& series);

/// Slope of the straight line through equally spaced values, by least squares.
double slope(const std::vector<double>& series, double spacing);

}  // namespace argon
