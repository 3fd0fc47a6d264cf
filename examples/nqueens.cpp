// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

// How many ways there are to place n queens on an n x n board so that none attacks another: a tree search whose upper
// levels are tasks.

#include <bit>
#include <cstdint>
#include <cstdio>
#include <torc/torc.hpp>
#include <vector>

#include "command_line.hpp"

namespace {

/// The rows filled so far, seen from the next one: a bit a column.
struct board {
  int size = 0;
  int row = 0;
  std::uint32_t columns = 0;
  std::uint32_t rising = 0;
  std::uint32_t falling = 0;

  [[nodiscard]] std::uint32_t free_columns() const {
    const std::uint32_t all = (std::uint32_t{1} << size) - 1;
    return all & ~(columns | rising | falling);
  }

  [[nodiscard]] board with_queen(std::uint32_t column) const {
    return {size, row + 1, columns | column, (rising | column) << 1, (falling | column) >> 1};
  }

  template <class Archive>
  void serialize(Archive& archive) {
    archive(size, row, columns, rising, falling);
  }
};

/// Calls visit with each board that has one queen more.
template <class Visit>
void for_each_next(const board& b, Visit visit) {
  for (std::uint32_t open = b.free_columns(); open != 0; open &= open - 1) visit(b.with_queen(open & (~open + 1)));
}

std::uint64_t serial_count(const board& b) {
  if (b.row + 1 == b.size) return static_cast<std::uint64_t>(std::popcount(b.free_columns()));
  std::uint64_t solutions = 0;
  for_each_next(b, [&](const board& next) { solutions += serial_count(next); });
  return solutions;
}

std::uint64_t count(const board& b, int task_rows) {
  if (b.row >= task_rows || b.row + 1 >= b.size) return serial_count(b);
  std::vector<torc::future<std::uint64_t>> parts;
  for_each_next(b, [&](const board& next) { parts.push_back(torc::submit(count, next, task_rows)); });
  torc::wait();
  std::uint64_t solutions = 0;
  for (const auto& part : parts) solutions += part.result();
  return solutions;
}

int run(int argc, char** argv) {
  board empty;
  int task_rows = 4;
  examples::command_line line("Counts the ways to place n queens on an n x n board so that none attacks another.",
                              "nqueens");
  line.add("n", empty.size, "rows and columns of the board, 1 to 20", {1, 20});
  line.add("--task-rows", task_rows, "queens in the first rows are placed by tasks, the others by ordinary calls",
           {0, 20});
  if (const auto status = line.parse(argc, argv)) return *status;

  const double start = torc::gettime();
  const std::uint64_t solutions = torc::submit(count, empty, task_rows).result();
  std::printf("nqueens(%d) = %llu in %.3f s\n", empty.size, static_cast<unsigned long long>(solutions),
              torc::gettime() - start);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return torc::start(argc, argv, [&] { return run(argc, argv); });
}
