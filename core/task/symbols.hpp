// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace torc::task {

/// Where an address lies in what is loaded.
struct symbol {
  std::string module;  ///< path; empty for the program itself
  std::uintptr_t offset = 0;
  std::string name;  ///< mangled; empty if none begins there that the module exports or that its file tells of
};

/// Nothing for an address that lies in no module. As dladdr, but without the lock that a thread holds for as long as it
/// loads a library, constructors included: who tells what another thread is stuck in must not wait for it.
std::optional<symbol> symbol_at(const void* address);

}  // namespace torc::task
