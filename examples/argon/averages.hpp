// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <vector>

#include "argon/state.hpp"

namespace argon {

/// Mean of a series whose neighbours are correlated, and its error from the means of blocks (Flyvbjerg and Petersen,
/// J. Chem. Phys. 91, 461, 1989, doi:10.1063/1.457480): blocks are doubled as long as the error grows with them.
estimate block_average(const std::vector<double>& series);

/// Mean of a series under a potential energy that is higher by `change` than the one in whose heat bath it was sampled,
/// to first order: <A> - cov(A, change) / T, which is what weights exp(-change / T) give (Torrie and Valleau, J.
/// Comput. Phys. 23, 187, 1977, doi:10.1016/0021-9991(77)90121-8) while the changes vary little compared with T, and
/// for any that are jointly normal with A. The error is that of the mean of each sample's influence, A - (A - <A>)
/// (change - <change>) / T. The covariance of an average over N atoms with a change that grows with them is the harder
/// to find the more they are: its part of the error stays the same where that of the mean shrinks.
estimate reweighted_average(const std::vector<double>& series, const std::vector<double>& change, double temperature);

/// Slope of the straight line through equally spaced values, by least squares.
double slope(const std::vector<double>& series, double spacing);

}  // namespace argon
