// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "proposal.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <boost/random/normal_distribution.hpp>
#include <limits>
#include <stdexcept>

namespace tmcmc {

namespace {

using row_major = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// The least variance of a direction, relative to the greatest.
constexpr double least_variance_ratio = 1e-14;

Eigen::Map<const Eigen::VectorXd> as_vector(const parameters& x) {
  return {x.data(), static_cast<Eigen::Index>(x.size())};
}

Eigen::MatrixXd covariance(const std::vector<sample>& samples, const std::vector<double>& weights) {
  const auto dimension = static_cast<Eigen::Index>(samples.front().x.size());
  Eigen::VectorXd mean = Eigen::VectorXd::Zero(dimension);
  for (std::size_t i = 0; i < samples.size(); ++i) mean += weights[i] * as_vector(samples[i].x);
  Eigen::MatrixXd sum = Eigen::MatrixXd::Zero(dimension, dimension);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const Eigen::VectorXd deviation = as_vector(samples[i].x) - mean;
    sum += weights[i] * deviation * deviation.transpose();
  }
  return sum;
}

}  // namespace

std::vector<double> covariance_root(const std::vector<sample>& samples, const std::vector<double>& weights) {
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(covariance(samples, weights));
  if (solver.info() != Eigen::Success) throw std::runtime_error("the covariance of the samples is not finite");
  const double floor =
      std::max(least_variance_ratio * solver.eigenvalues().maxCoeff(), std::numeric_limits<double>::min());
  const row_major root = solver.eigenvectors() * solver.eigenvalues().cwiseMax(floor).cwiseSqrt().asDiagonal();
  return {root.data(), root.data() + root.size()};
}

parameters propose(const parameters& current, const std::vector<double>& root, double scale, generator& random) {
  const auto dimension = static_cast<Eigen::Index>(current.size());
  boost::random::normal_distribution<double> normal;
  const Eigen::VectorXd z = Eigen::VectorXd::NullaryExpr(dimension, [&] { return normal(random); });
  parameters proposal(current.size());
  Eigen::Map<Eigen::VectorXd>(proposal.data(), dimension) =
      as_vector(current) + scale * (Eigen::Map<const row_major>(root.data(), dimension, dimension) * z);
  return proposal;
}

}  // namespace tmcmc
