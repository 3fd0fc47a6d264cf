// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/base/demangle.hpp"

#include <cxxabi.h>

#include <cstdlib>
#include <memory>

namespace torc::base {

std::string demangle(const char* symbol) {
  struct free_memory {
    void operator()(char* p) const noexcept { std::free(p); }
  };
  int status = 0;
  const std::unique_ptr<char, free_memory> name(abi::__cxa_demangle(symbol, nullptr, nullptr, &status));
  return status == 0 && name ? name.get() : symbol;
}

}  // namespace torc::base
