// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <unistd.h>

#include <cstdlib>
#include <string>

/// A library that takes its time: while it is loaded it writes a byte to one file and waits for one from another. Their
/// descriptors are in the environment.
namespace {

int descriptor_in(const char* variable) { return std::atoi(std::getenv(variable)); }

struct loading {
  loading() {
    char byte = 0;
    const bool is_told = ::write(descriptor_in("LOADING_BEGINS"), &byte, 1) == 1;
    if (!is_told || ::read(descriptor_in("LOADING_MAY_END"), &byte, 1) != 1) std::abort();
  }
};
const loading at_start;

}  // namespace
