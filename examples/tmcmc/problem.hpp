// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <torc/torc.hpp>
#include <vector>

namespace tmcmc {

/// A point of the parameter space.
using parameters = std::vector<double>;

/// The engine that draws random numbers.
using generator = decltype(torc::rng(0));

/// A problem of Bayesian inference. It is a value that travels with the tasks: default constructible, copyable, and
/// with a cereal `serialize` if it has members.
/// - `name()`, `parameter_names()`
/// - `sample_prior(generator)`: a draw from the prior
/// - `log_prior(x)`: log of the prior's density, -infinity outside its support
/// - `log_likelihood(x)`: log of the likelihood, or nothing if the model run failed. Runs inside a task, so it may
/// submit
///   tasks and wait for them. An exception, NaN or +infinity counts as a failed run too.
template <class P>
concept problem = std::default_initializable<P> && std::copyable<P> &&
    requires(const P& p, const parameters& x, generator& random) {
  { p.name() } -> std::convertible_to<std::string>;
  { p.parameter_names() } -> std::convertible_to<std::vector<std::string>>;
  { p.sample_prior(random) } -> std::same_as<parameters>;
  { p.log_prior(x) } -> std::same_as<double>;
  { p.log_likelihood(x) } -> std::same_as<std::optional<double>>;
};

}  // namespace tmcmc
