// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstdint>
#include <string>

#include "unit_tests/storm/command_line.hpp"

namespace storm {

/// One job of the kind that ends badly, from its seed.
struct job_plan {
  std::size_t ending = 0;
  int ranks = 1;
  int workers = 1;
  int culprit = 0;
  bool is_stealing = false;
  bool has_own_thread = false;  ///< the primary task
};
job_plan plan_job(std::uint64_t seed);

/// Starts a job for each seed and checks what comes of it. Returns a status.
int drive(const command_line& given, const std::string& program);

}  // namespace storm
