// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <deque>
#include <limits>
#include <string_view>
#include <vector>

namespace cmaes {

struct options {
  int population = 0;             ///< solutions of a generation, at least 2; 0 is the default for the dimension
  std::uint64_t seed = 1;         ///< of all that is random
  double tolerance = 1e-12;       ///< stop when the values of recent generations differ by less
  double step_tolerance = 1e-12;  ///< stop when no coordinate moves by more than this part of the first sigma
  double target = -std::numeric_limits<double>::infinity();  ///< stop when a value is not above it
  int max_generations = 100000;
};

/// Why a search is over.
enum class stop_reason { none, target, tolerance, step_tolerance, ill_conditioned, max_generations };
std::string_view name(stop_reason reason) noexcept;

/// The best solution so far.
struct optimum {
  Eigen::VectorXd solution;
  double value = std::numeric_limits<double>::infinity();
  std::int64_t evaluations = 0;
};

/// Minimises a function that only the caller evaluates (ask and tell), by the evolution strategy with covariance matrix
/// adaptation: N. Hansen, The CMA Evolution Strategy: A Tutorial, arXiv:1604.00772, with its default parameters and
/// negative weights. The same seed and `TORC_SEED` give the same search.
class cma_es {
 public:
  /// Starts at `mean` with standard deviation `sigma` in each coordinate. Throws std::invalid_argument for an empty or
  /// infinite mean, a sigma that is not positive, or a population below 2.
  cma_es(const Eigen::VectorXd& mean, double sigma, const options& chosen = {});

  /// The solutions of the next generation. Asked again before tell, it gives the same ones.
  std::vector<Eigen::VectorXd> ask();

  /// Takes the values of the solutions that ask gave, in the same order. Infinity marks a solution that is not
  /// feasible. Throws without having changed anything: std::logic_error if nothing was asked since the last time,
  /// std::invalid_argument for a wrong number of solutions, values or coordinates, a value that is not a number or a
  /// coordinate that is not finite.
  void tell(const std::vector<Eigen::VectorXd>& solutions, const std::vector<double>& values);

  /// Anything but stop_reason::none ends the search; ask and tell may go on nevertheless.
  [[nodiscard]] stop_reason stop() const;
  [[nodiscard]] const optimum& result() const noexcept { return m_best; }

  [[nodiscard]] int generation() const noexcept { return m_generation; }
  [[nodiscard]] int population() const noexcept { return static_cast<int>(m_weights.size()); }
  [[nodiscard]] double sigma() const noexcept { return m_sigma; }
  /// Longest axis of the search distribution over its shortest.
  [[nodiscard]] double axis_ratio() const { return m_scales.maxCoeff() / m_scales.minCoeff(); }

 private:
  void set_parameters(int population);
  void check(const std::vector<Eigen::VectorXd>& solutions, const std::vector<double>& values) const;
  void update(const Eigen::MatrixXd& steps);
  void decompose();
  [[nodiscard]] Eigen::VectorXd whiten(const Eigen::VectorXd& step) const;
  [[nodiscard]] std::size_t history_length() const;

  options m_options;
  double m_first_sigma;

  // Named as in the tutorial's table 1.
  Eigen::VectorXd m_weights;
  int m_parents = 0;
  double m_mu_eff = 0, m_c_sigma = 0, m_d_sigma = 0, m_c_c = 0, m_c_1 = 0, m_c_mu = 0, m_chi_n = 0;

  Eigen::VectorXd m_mean;
  double m_sigma;
  Eigen::VectorXd m_path_sigma, m_path_c;
  Eigen::MatrixXd m_covariance;
  Eigen::MatrixXd m_axes;    ///< its eigenvectors
  Eigen::VectorXd m_scales;  ///< the square roots of its eigenvalues
  int m_generation = 0;
  bool m_is_asked = false;
  optimum m_best;
  std::deque<double> m_history;                                    ///< the best value of each of the last generations
  double m_last_spread = std::numeric_limits<double>::infinity();  ///< of the values of the last generation
};

}  // namespace cmaes
