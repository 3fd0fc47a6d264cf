// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <torc/torc.hpp>

/// Started beside another program in one job.
int main(int argc, char** argv) {
  return torc::start(argc, argv, [] { return 0; });
}
