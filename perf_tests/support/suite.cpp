// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

#include "support/suite.hpp"

#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <stdlib.h>
#include <unistd.h>

#include <exception>
#include <fstream>
#include <optional>
#include <stdexcept>

namespace perf {
namespace {

std::string benchmark_name(const series_key& key) {
  return fmt::format("{}/{}/workers:{}", key.what, key.rival, key.workers);
}

outcome run_once(benchmark::State& state, const contender& run) {
  outcome found;
  for ([[maybe_unused]] auto iteration : state) {
    try {
      found = run();
      state.SetIterationTime(found.seconds);
    } catch (const std::exception& error) {
      state.SkipWithError(error.what());
      break;
    }
  }
  return found;
}

/// Why a run was given up, if it was. Release 1.8 of Google Benchmark renamed what says so.
template <class Run>
std::optional<std::string> failure_of(const Run& run) {
  if constexpr (requires { run.error_occurred; }) {
    if (run.error_occurred) return run.error_message;
  } else {
    if (static_cast<bool>(run.skipped)) return run.skip_message;
  }
  return std::nullopt;
}

}  // namespace

/// Receives what Google Benchmark measured. In the warm-up round only failures count.
class suite::collector : public benchmark::BenchmarkReporter {
 public:
  collector(suite& owner, bool is_recording) : m_owner(owner), m_is_recording(is_recording) {}

  bool ReportContext(const Context&) override { return true; }

  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) report_run(run);
  }

 private:
  void report_run(const Run& run) {
    if (const auto why = failure_of(run)) {
      m_owner.m_report.failures.push_back(fmt::format("{}: {}", run.run_name.function_name, *why));
      return;
    }
    if (m_is_recording) m_owner.collect(run.real_accumulated_time);
  }

  suite& m_owner;
  bool m_is_recording;
};

suite::suite(std::string program, const command_line& options, std::string baseline, const facts& more)
    : m_options(options) {
  // The environment wins over torc::options, and these programs choose the workers themselves.
  if (::getenv("TORC_WORKERS") != nullptr) {
    fmt::print("TORC_WORKERS is ignored here; use --workers\n");
    ::unsetenv("TORC_WORKERS");
  }
  m_report.program = std::move(program);
  m_report.baseline = std::move(baseline);
  m_report.about = machine_facts();
  m_report.about.insert(m_report.about.end(), more.begin(), more.end());
  fmt::print("{}\n", m_report.program);
  for (const auto& [name, value] : m_report.about) fmt::print("  {:<17}{}\n", name, value);
  for (const int workers : m_options.workers) {
    if (workers > usable_cores()) add_note(fmt::format("{} workers on {} cores", workers, usable_cores()));
  }
  std::string name = m_report.program;
  char* arguments[] = {name.data(), nullptr};
  int count = 1;
  benchmark::Initialize(&count, arguments);
}

void suite::add(const series_key& key, const std::string& unit, figure kind, contender run) {
  const std::size_t index = m_entries.size();
  m_entries.push_back({key, unit, kind, std::move(run)});
  benchmark::RegisterBenchmark(benchmark_name(key).c_str(),
                               [this, index](benchmark::State& state) {
                                 m_running = index;
                                 m_latest = run_once(state, m_entries[index].run);
                               })
      ->Iterations(1)
      ->UseManualTime();
}

void suite::collect(double seconds) {
  const entry& from = m_entries[m_running];
  const double items = m_latest.items;
  double value = 0;
  switch (from.kind) {
    case figure::nanoseconds_an_item:
      value = seconds / items * 1e9;
      break;
    case figure::microseconds_an_item:
      value = seconds / items * 1e6;
      break;
    case figure::seconds_an_item:
      value = seconds / items;
      break;
    case figure::million_items_a_second:
      value = items / seconds / 1e6;
      break;
    case figure::percent:
      value = 100 * seconds / items;
      break;
  }
  m_report.measured.add(from.key, from.unit, value);
  for (const finding& more : m_latest.also) {
    m_report.measured.add({more.what, from.key.rival, from.key.workers}, more.unit, more.value);
  }
}

void suite::run(int rounds, bool warm_up) {
  const bool is_terminal = ::isatty(STDERR_FILENO) == 1;
  for (int round = warm_up ? 0 : 1; round <= rounds; ++round) {
    if (is_terminal) fmt::print(stderr, "\rround {} of {} ", round, rounds);
    collector reporter(*this, round > 0);
    benchmark::RunSpecifiedBenchmarks(&reporter, m_options.filter.value_or("."));
    if (!m_report.failures.empty()) break;
  }
  if (is_terminal) fmt::print(stderr, "\r{:24}\r", "");
}

int suite::finish() {
  fmt::print("{}", table(m_report));
  if (!m_options.json.empty()) {
    std::ofstream file(m_options.json);
    file << json(m_report);
    if (!file.flush()) {
      fmt::print(stderr, "cannot write {}; give --json a file in a folder that exists\n", m_options.json);
      return 1;
    }
  }
  return m_report.failures.empty() ? 0 : 1;
}

}  // namespace perf
