// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

#include "support/memory.hpp"

#include <fstream>
#include <stdexcept>
#include <string>

namespace perf {
namespace {

std::size_t status_bytes(const std::string& name) {
  std::ifstream file("/proc/self/status");
  for (std::string line; std::getline(file, line);) {
    if (line.rfind(name + ":", 0) == 0) return std::stoull(line.substr(name.size() + 1)) * 1024;
  }
  throw std::runtime_error("/proc/self/status has no line " + name + "; these figures need Linux's procfs");
}

}  // namespace

std::size_t resident_bytes() { return status_bytes("RssAnon"); }
std::size_t peak_bytes() { return status_bytes("VmHWM"); }

}  // namespace perf
