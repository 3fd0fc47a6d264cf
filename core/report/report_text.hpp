// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <fmt/format.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <ratio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/count_of.hpp"

/// Pieces of the lines of reports.
namespace torc::report {

using base::count_of;

inline std::string duration_text(std::chrono::nanoseconds duration) {
  const double seconds = std::chrono::duration<double>(duration).count();
  return fmt::format("{:.{}f} s", seconds, seconds < 10 ? 1 : 0);
}

/// The age of what is seen by looks now and then only: it may have begun a little before it was seen.
inline std::string age_text(std::chrono::nanoseconds age) {
  using tenths = std::chrono::duration<std::int64_t, std::deci>;
  const auto known = std::chrono::floor<tenths>(age);
  return "for at least " +
         duration_text(known < std::chrono::seconds(10) ? known : std::chrono::floor<std::chrono::seconds>(known));
}

/// A task's name on one line, and no longer than what is said of it.
inline std::string quoted(std::string_view task_name) {
  constexpr std::size_t most_bytes = 100;
  std::string name(task_name.substr(0, most_bytes));
  if (task_name.size() > most_bytes) name += "...";
  for (char& c : name) {
    if (static_cast<unsigned char>(c) < ' ') c = ' ';
  }
  return fmt::format("'{}'", name);
}

inline std::string join(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ", ") + part;
  return text;
}

/// One line for each of a few, as far as there is anything to tell.
template <class Things, class Describe>
void add_some(const Things& things, std::string_view what, Describe describe, std::vector<std::string>& lines) {
  constexpr std::size_t most_lines = 20;
  std::size_t count = 0;
  for (const auto& one : things) {
    std::string text = describe(one);
    if (!text.empty() && count++ < most_lines) lines.push_back(std::move(text));
  }
  if (count > most_lines) lines.push_back(fmt::format("and {} more {}", count - most_lines, what));
}

}  // namespace torc::report
