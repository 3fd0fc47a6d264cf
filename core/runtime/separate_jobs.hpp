// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <functional>
#include <optional>
#include <string>

namespace torc::runtime {

/// A launcher that the MPI of a program does not know starts N processes of which each believes to be alone: N jobs of
/// one rank that all do everything. For a process that is alone as far as its MPI says: one line that says what was
/// found and what to do, on the first of such processes; nothing where the process is meant to be alone.
///
/// `variable` gives the value of an environment variable, null if it is not set. `library` names the MPI; empty if torc
/// is built without.
std::optional<std::string> separate_jobs(const std::function<const char*(const char*)>& variable,
                                         const std::string& library);

}  // namespace torc::runtime
