// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/runtime/progress_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace torc::runtime {

std::string progress_line(const progress_figures& p) {
  // The counters are read one after the other while workers count: never show more done than there are.
  const std::uint64_t created = std::max(p.created, p.executed);
  return fmt::format("torc: {} of {} {} done, {} running on {} {}, {}", with_thousands(p.executed),
                     with_thousands(created), created == 1 ? "task" : "tasks", with_thousands(p.running), p.workers,
                     p.workers == 1 ? "worker" : "workers", show_elapsed(p.elapsed));
}

std::string with_thousands(std::uint64_t n) {
  std::string text = fmt::format("{}", n);
  for (std::size_t i = text.size(); i > 3;) {
    i -= 3;
    text.insert(i, 1, ',');
  }
  return text;
}

std::string show_elapsed(std::chrono::duration<double> d) {
  const double seconds = std::max(d.count(), 0.0);
  if (seconds < 0.995) return fmt::format("{:.2f} s", seconds);
  if (seconds < 59.95) return fmt::format("{:.1f} s", seconds);
  const auto whole = static_cast<std::int64_t>(std::llround(seconds));
  if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02} min", whole / 3600, whole % 3600 / 60);
}

}  // namespace torc::runtime
