// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstdint>

#include "unit_tests/storm/known_faults.hpp"
#include "unit_tests/storm/program.hpp"

namespace storm {

/// The random program of a seed for so many ranks; to be finished.
program generate(std::uint64_t seed, int num_ranks, const fault_switches& faults);

}  // namespace storm
