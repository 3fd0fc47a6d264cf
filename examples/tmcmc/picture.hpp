// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "summary.hpp"

namespace tmcmc {

/// What became of a picture.
enum class drawing { drawn, no_gnuplot, failed };

/// A gnuplot script: the facts that the picture shows as variables, then `commands`.
std::string plot_script(const std::string& title, const std::vector<marginal>& marginals, const std::string& commands);

/// Runs gnuplot on a script in a folder, and waits for it.
drawing run_gnuplot(const std::filesystem::path& folder, const std::string& script);

}  // namespace tmcmc
