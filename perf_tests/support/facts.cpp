// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

#include "support/facts.hpp"

#include <fmt/format.h>
#include <oneapi/tbb/version.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/utsname.h>

#include <fstream>

#include "support/teams.hpp"

namespace perf {
namespace {

std::string cpu_model() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (line.rfind("model name", 0) != 0) continue;
    const auto colon = line.find(": ");
    if (colon != std::string::npos) return line.substr(colon + 2);
  }
  return "unknown";
}

std::string compiler() {
#if defined(__clang__)
  return fmt::format("clang++ {}.{}.{}", __clang_major__, __clang_minor__, __clang_patchlevel__);
#else
  return fmt::format("g++ {}.{}.{}", __GNUC__, __GNUC_MINOR__, __GNUC_PATCHLEVEL__);
#endif
}

std::string build() {
#if defined(__OPTIMIZE__)
  std::string text = "optimised";
#else
  std::string text = "NOT optimised: these figures mean little";
#endif
#if !defined(NDEBUG)
  text += ", with assertions";
#endif
  return text;
}

std::string kernel() {
  utsname name{};
  if (::uname(&name) != 0) return "unknown";
  return fmt::format("{} {}", name.sysname, name.release);
}

std::string load() {
  double average = 0;
  if (::getloadavg(&average, 1) != 1) return "unknown";
  return fmt::format("{:.2f} at the start", average);
}

}  // namespace

int usable_cores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (::sched_getaffinity(0, sizeof set, &set) != 0) return 1;
  return CPU_COUNT(&set);
}

facts machine_facts() {
  return {{"processor", cpu_model()},
          {"cores", fmt::format("{}", usable_cores())},
          {"load", load()},
          {"system", kernel()},
          {"compiler", compiler()},
          {"build", build()},
          {"oneTBB", TBB_runtime_version()},
          {openmp_name, fmt::format("specification {}", _OPENMP)}};
}

}  // namespace perf
