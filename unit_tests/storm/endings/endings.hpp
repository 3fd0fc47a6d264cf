// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>

namespace storm {

/// How a job is to have ended.
enum class due : std::uint8_t {
  well,      ///< status 0
  in_order,  ///< with the status given, the same on all ranks
  by_force,  ///< any status but 0
};

/// One way for a job to end, mostly badly.
struct job_ending {
  const char* name;
  void (*play)(int culprit);  ///< the primary task; `culprit` is the worker that does it, where one does
  due end;
  int status;
  const char* text;  ///< regular expression that what the job prints must match
};

std::span<const job_ending> job_endings() noexcept;

}  // namespace storm
