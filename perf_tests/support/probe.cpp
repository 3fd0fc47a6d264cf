// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

#include "support/probe.hpp"

#include <fmt/format.h>
#include <stdio.h>

#include <filesystem>
#include <memory>
#include <stdexcept>

namespace perf {

findings probe(const std::vector<std::string>& arguments) {
  std::string command = fmt::format("'{}'", std::filesystem::read_symlink("/proc/self/exe").string());
  for (const auto& argument : arguments) command += fmt::format(" '{}'", argument);
  std::fflush(nullptr);
  FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error(fmt::format("cannot run {}", command));
  findings found;
  char name[64];
  double value = 0;
  while (std::fscanf(pipe, "%63s %lf", name, &value) == 2) found[name] = value;
  if (::pclose(pipe) != 0) throw std::runtime_error(fmt::format("{} failed; run it by hand to see why", command));
  return found;
}

void print(const findings& found) {
  for (const auto& [name, value] : found) fmt::print("{} {}\n", name, value);
}

}  // namespace perf
