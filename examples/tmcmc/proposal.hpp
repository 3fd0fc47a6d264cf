// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <vector>

#include "sample.hpp"

namespace tmcmc {

/// A square root of the samples' weighted covariance, row by row: for z of independent standard normals, root * z has
/// that covariance. Directions without any spread get a tiny one, so the covariance is positive definite.
std::vector<double> covariance_root(const std::vector<sample>& samples, const std::vector<double>& weights);

/// current + scale * root * z, with z drawn from `random`.
parameters propose(const parameters& current, const std::vector<double>& root, double scale, generator& random);

}  // namespace tmcmc
