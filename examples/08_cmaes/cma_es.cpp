// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "08_cmaes/cma_es.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <stdexcept>
#include <string>
#include <torc/rng.hpp>

namespace cmaes {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

/// Largest condition number of the covariance matrix that still leaves digits to work with.
constexpr double max_condition = 1e14;

int default_population(double n) { return 4 + static_cast<int>(3 * std::log(n)); }

}  // namespace

std::string_view name(stop_reason reason) noexcept {
  switch (reason) {
    case stop_reason::none:
      return "none";
    case stop_reason::target:
      return "target";
    case stop_reason::tolerance:
      return "tolerance";
    case stop_reason::step_tolerance:
      return "step_tolerance";
    case stop_reason::ill_conditioned:
      return "ill_conditioned";
    case stop_reason::max_generations:
      return "max_generations";
  }
  return "unknown";
}

cma_es::cma_es(const VectorXd& mean, double sigma, const options& chosen)
    : m_options(chosen), m_first_sigma(sigma), m_mean(mean), m_sigma(sigma) {
  const auto n = mean.size();
  if (n == 0) throw std::invalid_argument("cma_es: the mean has no coordinates");
  if (!mean.allFinite()) throw std::invalid_argument("cma_es: the mean has a coordinate that is not finite");
  if (!(sigma > 0) || !std::isfinite(sigma))
    throw std::invalid_argument("cma_es: sigma must be positive and finite, not " + std::to_string(sigma));
  if (chosen.population != 0 && chosen.population < 2)
    throw std::invalid_argument("cma_es: the population must be at least 2, not " + std::to_string(chosen.population));
  set_parameters(chosen.population != 0 ? chosen.population : default_population(static_cast<double>(n)));
  m_path_sigma = m_path_c = VectorXd::Zero(n);
  m_covariance = m_axes = MatrixXd::Identity(n, n);
  m_scales = VectorXd::Ones(n);
  m_best.solution = mean;
}

/// Table 1 of the tutorial.
void cma_es::set_parameters(int population) {
  const auto n = static_cast<double>(m_mean.size());
  m_parents = population / 2;
  m_weights.resize(population);
  for (int i = 0; i < population; ++i) m_weights[i] = std::log((population + 1) / 2.0) - std::log(i + 1.0);
  const auto best = m_weights.head(m_parents);
  const auto others = m_weights.tail(population - m_parents);
  const auto effective = [](const auto& w) { return w.sum() * w.sum() / w.squaredNorm(); };
  m_mu_eff = effective(best);
  const double mu_eff_minus = effective(others);

  m_c_sigma = (m_mu_eff + 2) / (n + m_mu_eff + 5);
  m_d_sigma = 1 + 2 * std::max(0.0, std::sqrt((m_mu_eff - 1) / (n + 1)) - 1) + m_c_sigma;
  m_c_c = (4 + m_mu_eff / n) / (n + 4 + 2 * m_mu_eff / n);
  m_c_1 = 2 / ((n + 1.3) * (n + 1.3) + m_mu_eff);
  m_c_mu = std::min(1 - m_c_1, 2 * (0.25 + m_mu_eff + 1 / m_mu_eff - 2) / ((n + 2) * (n + 2) + m_mu_eff));
  m_chi_n = std::sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n));

  const double positive = m_weights.cwiseMax(0).sum();
  const double negative = -m_weights.cwiseMin(0).sum();
  const double scale =
      std::min({1 + m_c_1 / m_c_mu, 1 + 2 * mu_eff_minus / (m_mu_eff + 2), (1 - m_c_1 - m_c_mu) / (n * m_c_mu)});
  for (double& w : m_weights) w *= w >= 0 ? 1 / positive : scale / negative;
}

std::size_t cma_es::history_length() const {
  return static_cast<std::size_t>(10 + std::ceil(30.0 * static_cast<double>(m_mean.size()) / population()));
}

std::vector<VectorXd> cma_es::ask() {
  m_is_asked = true;
  auto random = torc::rng("cma_es", m_options.seed, m_generation);
  std::normal_distribution<double> normal;
  std::vector<VectorXd> solutions;
  for (int k = 0; k < population(); ++k) {
    const VectorXd z = VectorXd::NullaryExpr(m_mean.size(), [&](Eigen::Index) { return normal(random); });
    solutions.emplace_back(m_mean + m_sigma * (m_axes * m_scales.cwiseProduct(z)));
  }
  return solutions;
}

void cma_es::check(const std::vector<VectorXd>& solutions, const std::vector<double>& values) const {
  if (!m_is_asked) throw std::logic_error("cma_es: tell needs the solutions of a new ask");
  const auto expected = static_cast<std::size_t>(population());
  if (solutions.size() != expected || values.size() != expected)
    throw std::invalid_argument("cma_es: tell needs " + std::to_string(expected) + " solutions and values, not " +
                                std::to_string(solutions.size()) + " and " + std::to_string(values.size()));
  for (std::size_t k = 0; k < expected; ++k) {
    const std::string which = "cma_es: solution " + std::to_string(k);
    if (solutions[k].size() != m_mean.size())
      throw std::invalid_argument(which + " has " + std::to_string(solutions[k].size()) + " coordinates instead of " +
                                  std::to_string(m_mean.size()));
    if (!solutions[k].allFinite()) throw std::invalid_argument(which + " has a coordinate that is not finite");
    if (std::isnan(values[k])) throw std::invalid_argument(which + " has a value that is not a number");
  }
}

void cma_es::tell(const std::vector<VectorXd>& solutions, const std::vector<double>& values) {
  check(solutions, values);
  std::vector<std::size_t> order(solutions.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });

  MatrixXd steps(m_mean.size(), population());  // the best first
  for (int k = 0; k < population(); ++k)
    steps.col(k) = (solutions[order[static_cast<std::size_t>(k)]] - m_mean) / m_sigma;
  const double best = values[order.front()];
  m_last_spread = values[order.back()] - best;
  m_best.evaluations += population();
  if (best < m_best.value) {
    m_best.value = best;
    m_best.solution = solutions[order.front()];
  }
  m_history.push_back(best);
  if (m_history.size() > history_length()) m_history.pop_front();

  ++m_generation;
  m_is_asked = false;
  update(steps);
  decompose();
}

/// C^(-1/2) step: what the step would be if the distribution were a sphere.
VectorXd cma_es::whiten(const VectorXd& step) const {
  return m_axes * (m_axes.transpose() * step).cwiseQuotient(m_scales);
}

/// The tutorial's equations for mean, paths, covariance and sigma, in its appendix A.
void cma_es::update(const MatrixXd& steps) {
  const auto n = static_cast<double>(m_mean.size());
  const VectorXd step = steps.leftCols(m_parents) * m_weights.head(m_parents);
  m_mean += m_sigma * step;

  m_path_sigma = (1 - m_c_sigma) * m_path_sigma + std::sqrt(m_c_sigma * (2 - m_c_sigma) * m_mu_eff) * whiten(step);
  const double length = m_path_sigma.norm();
  const double expected_length = std::sqrt(1 - std::pow(1 - m_c_sigma, 2 * m_generation)) * m_chi_n;
  const double h_sigma = length < (1.4 + 2 / (n + 1)) * expected_length ? 1 : 0;
  m_path_c = (1 - m_c_c) * m_path_c + h_sigma * std::sqrt(m_c_c * (2 - m_c_c) * m_mu_eff) * step;

  VectorXd weights = m_weights;
  for (Eigen::Index k = 0; k < weights.size(); ++k) {
    // Bounded below, because a caller may have put its own solution at the mean.
    if (weights[k] < 0) weights[k] *= n / std::max(whiten(steps.col(k)).squaredNorm(), 1e-300);
  }
  const double kept = 1 + m_c_1 * (1 - h_sigma) * m_c_c * (2 - m_c_c) - m_c_1 - m_c_mu * m_weights.sum();
  const MatrixXd rank_mu = steps * weights.asDiagonal() * steps.transpose();
  m_covariance = kept * m_covariance + m_c_1 * m_path_c * m_path_c.transpose() + m_c_mu * rank_mu;
  m_sigma *= std::exp(m_c_sigma / m_d_sigma * (length / m_chi_n - 1));
}

void cma_es::decompose() {
  const Eigen::SelfAdjointEigenSolver<MatrixXd> solver(m_covariance);
  m_axes = solver.eigenvectors();
  const double largest = solver.eigenvalues().maxCoeff();
  m_scales = solver.eigenvalues().cwiseMax(largest / (10 * max_condition)).cwiseSqrt();
}

stop_reason cma_es::stop() const {
  if (m_best.value <= m_options.target) return stop_reason::target;
  if (m_generation >= m_options.max_generations) return stop_reason::max_generations;
  const auto [low, high] = std::minmax_element(m_history.begin(), m_history.end());
  if (m_history.size() == history_length() && std::max(*high - *low, m_last_spread) < m_options.tolerance)
    return stop_reason::tolerance;
  const VectorXd movement = m_sigma * m_path_c.cwiseAbs().cwiseMax(m_covariance.diagonal().cwiseSqrt());
  if (movement.maxCoeff() < m_options.step_tolerance * m_first_sigma) return stop_reason::step_tolerance;
  // Written so that what is not a number stops too.
  if (!(axis_ratio() * axis_ratio() <= max_condition) || !std::isfinite(m_sigma)) return stop_reason::ill_conditioned;
  return stop_reason::none;
}

}  // namespace cmaes
