// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstdint>
#include <string>

namespace torc::task {

/// The function that begins at an address of a program or library, as the symbol table in its file has it: those too
/// that it does not export, such as all of a program that is linked without -rdynamic. `value` is the address without
/// the bias. Mangled; empty if the file is stripped, cannot be read, or is no such file. Each is looked for once, and
/// remembered. Thread-safe.
std::string name_in_file(const std::string& path, std::uintptr_t value);

}  // namespace torc::task
