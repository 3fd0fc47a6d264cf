// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "support/command_line.hpp"
#include "support/report.hpp"

namespace perf {

/// A further figure that a run found on its way; it has rows of its own in the table.
struct finding {
  std::string what;
  std::string unit;
  double value = 0;
};

/// What one run of a contender found.
struct outcome {
  double seconds = 0;
  double items = 1;  ///< what was done in that time: tasks, nodes, round trips
  std::vector<finding> also;
};

/// How a time and a number of items become the figure in the table.
enum class figure { nanoseconds_an_item, microseconds_an_item, seconds_an_item, million_items_a_second, percent };

/// Runs a contender once, its preparation and warm-up untimed. A wrong answer throws std::runtime_error.
using contender = std::function<outcome()>;

/// The contenders of one program. They are Google Benchmark's benchmarks with a manual time, run in rounds: each once,
/// in the order in which they were added, then each again. So slow drift of a shared machine meets all alike.
class suite {
 public:
  /// Prints the machine's facts and `more`. `baseline` is the rival that the others' ratios are to.
  suite(std::string program, const command_line& options, std::string baseline = "", const facts& more = {});

  /// `unit` is printed beside the figure.
  void add(const series_key& key, const std::string& unit, figure kind, contender run);

  void add_target(target aim) { m_report.targets.push_back(std::move(aim)); }
  void add_note(std::string note) { m_report.notes.push_back(std::move(note)); }

  /// Adds the value of one round that was measured elsewhere.
  void record(const series_key& key, const std::string& unit, double value) { m_report.measured.add(key, unit, value); }

  /// One unrecorded round if `warm_up`, then the recorded ones. **Blocking.**
  void run(int rounds, bool warm_up);

  /// Prints the table, writes the JSON file if one was asked for, and returns what main should: 1 if a contender
  /// failed.
  int finish();

 private:
  struct entry {
    series_key key;
    std::string unit;
    figure kind;
    contender run;
  };
  class collector;

  void collect(double seconds);

  command_line m_options;
  report m_report;
  std::vector<entry> m_entries;
  std::size_t m_running = 0;  ///< index of the entry that m_latest is of
  outcome m_latest;
};

}  // namespace perf
