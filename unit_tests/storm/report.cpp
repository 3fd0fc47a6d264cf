// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "unit_tests/storm/report.hpp"

#include <fmt/format.h>

#include "unit_tests/storm/stage.hpp"

namespace storm {

std::vector<std::string> open_tasks() {
  constexpr std::size_t most_lines = 40;
  const program& all = played();
  std::vector<std::string> lines;
  std::size_t num_more = 0;
  for (task_index task = 0; task < all.tasks.size(); ++task) {
    const task_entry& entry = book().at(task);
    const std::uint32_t begun = entry.begun.load();
    const std::uint32_t ended = entry.ended.load();
    const bool has_begun = begun > ended;
    const bool is_to_begin = begun == 0 && entry.submitted.load() != 0 && entry.is_cancelled.load() == 0 &&
                             all.tasks[task].kind != task_kind::element;
    if (!has_begun && !is_to_begin) continue;
    if (lines.size() >= most_lines) {
      ++num_more;
    } else {
      lines.push_back(fmt::format("{} {}", describe(all, task), has_begun ? "has begun" : "has not begun"));
    }
  }
  if (num_more > 0) lines.push_back(fmt::format("and {} more", num_more));
  return lines;
}

}  // namespace storm
