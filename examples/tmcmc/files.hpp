// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "models/lynx_hare_band.hpp"
#include "sample.hpp"

namespace tmcmc {

/// Writes a table of comma-separated values: the parameters, then log_prior and log_likelihood, a line for each sample.
/// Numbers have all their digits. Throws std::runtime_error if the file cannot be written, as the others do.
void write_samples(const std::filesystem::path& file, const std::vector<std::string>& names,
                   const std::vector<sample>& samples);

/// Writes the bands, a line for each time.
void write_bands(const std::filesystem::path& file, const std::vector<bands>& all);

void write_text(const std::filesystem::path& file, const std::string& text);

}  // namespace tmcmc
