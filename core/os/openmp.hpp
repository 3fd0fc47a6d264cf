// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <vector>

/// What torc and the OpenMP of the program, if it has one, must know of each other. torc itself does not use OpenMP.
namespace torc::os {

/// The hardware threads on which OpenMP places threads, if the environment has told it to bind them: then it has bound
/// the program's first thread before main, so that this thread's affinity is not what the process may use. Else empty.
std::vector<int> openmp_places();

/// Lets parallel regions that the calling thread begins have so many threads; 0: as many as before the first call.
void set_openmp_threads(int count);

}  // namespace torc::os
