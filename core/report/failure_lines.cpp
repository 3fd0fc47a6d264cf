// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/report/failure_lines.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <map>
#include <string>

#include "core/base/log.hpp"
#include "core/report/report_text.hpp"

namespace torc::report {

bool report_failures(task::failure_list& failures, std::string_view where) {
  constexpr std::size_t most_reported = 10;
  const auto unseen = failures.take_unseen();
  if (unseen.empty()) return false;
  // A thousand chains that fail for one reason are one line.
  struct found {
    std::size_t count = 0;
    std::string first_place = {};
  };
  std::map<std::string, found> kinds;
  for (const auto& failure : unseen) {
    found& kind = kinds[fmt::format("task {} failed and nobody looked at its future: {}", quoted(failure->task_name),
                                    task::describe(failure->exception, false))];
    if (++kind.count == 1)
      kind.first_place = failure->place.empty() ? task::place_in(failure->exception) : failure->place;
  }
  std::size_t lines_left = most_reported;
  for (const auto& [text, kind] : kinds) {
    if (lines_left-- == 0) {
      base::log::line("and {} of failure", base::count_of(kinds.size() - most_reported, "more kind"));
      break;
    }
    const std::string times = kind.count > 1 ? fmt::format("{} times", kind.count) : "";
    const char* const separator = times.empty() || kind.first_place.empty() ? "" : ", first ";
    const std::string in_brackets = times + separator + kind.first_place;
    base::log::line("{}{}{}", where, text, in_brackets.empty() ? "" : fmt::format(" ({})", in_brackets));
  }
  return true;
}

}  // namespace torc::report
