// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

#pragma once

#include <sys/resource.h>

namespace perf {

/// What this process has used of the processors so far.
struct processor_time {
  double seconds = 0;
  long waits = 0;  ///< how often a thread went to sleep of its own accord

  static processor_time now() {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    const auto seconds = [](const timeval& time) {
      return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
    };
    return {seconds(used.ru_utime) + seconds(used.ru_stime), used.ru_nvcsw};
  }

  friend processor_time operator-(const processor_time& end, const processor_time& start) {
    return {end.seconds - start.seconds, end.waits - start.waits};
  }
};

}  // namespace perf
