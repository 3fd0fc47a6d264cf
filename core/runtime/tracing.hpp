// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <memory>
#include <torc/options.hpp>

#include "core/record/trace.hpp"

namespace torc::runtime {

/// The trace that the options ask for, with its file created; null if they ask for none.
/// Throws config_error if the file cannot be written.
std::unique_ptr<record::trace> open_trace(const options& chosen, int node);

}  // namespace torc::runtime
