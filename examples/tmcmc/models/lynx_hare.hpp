// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "../problem.hpp"

namespace tmcmc {

/// Pelts taken in a year, in thousands.
struct pelt_count {
  int year = 0;
  double lynx = 0.0;
  double hare = 0.0;
};

/// Sizes of the two populations, in thousands of pelts.
struct predator_and_prey {
  double hare = 0.0;
  double lynx = 0.0;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(hare, lynx);
  }
};

/// The Lotka-Volterra system for lynx and hare,
///   du/dt = (alpha - beta v) u,  dv/dt = (-gamma + delta u) v,  u hare, v lynx, t in years from 1900,
/// calibrated on the pelts that the Hudson's Bay Company collected from 1900 to 1920 (Hewitt 1921, as tabulated by
/// Howard 2009). Parameters: alpha, beta, gamma, delta, u(0), v(0), sigma_u, sigma_v; the sigmas are the errors of the
/// logarithms of the counts.
struct lynx_hare_problem {
  /// Where each parameter stands; `count` is how many there are.
  enum index : std::size_t { alpha, beta, gamma, delta, hare_start, lynx_start, hare_error, lynx_error, count };

  [[nodiscard]] std::string name() const { return "lynx-hare"; }
  [[nodiscard]] std::vector<std::string> parameter_names() const;
  parameters sample_prior(generator& random) const;
  [[nodiscard]] double log_prior(const parameters& x) const;
  [[nodiscard]] std::optional<double> log_likelihood(const parameters& x) const;

  template <class Archive>
  void serialize(Archive&) {}
};

/// The data, by year.
const std::vector<pelt_count>& pelt_counts();

/// Both populations at the given times: years since 1900, ascending, from 0 on. Nothing if the integration fails.
std::optional<std::vector<predator_and_prey>> lynx_hare_course(const parameters& x, const std::vector<double>& times);

}  // namespace tmcmc
