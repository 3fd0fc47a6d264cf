// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/report/hints.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <optional>

#include "core/base/count_of.hpp"
#include "core/report/progress_line.hpp"

namespace torc::report {
namespace {

using reports = std::span<const node_report>;
using hint = std::optional<std::string>;

constexpr double least_seconds = 1;
constexpr double least_part = 0.1;

/// Whether something is worth a line that took so many seconds of a run: by a clock on the wall, not summed up over
/// workers that lose them at the same time.
bool matters(double seconds, double run) noexcept { return seconds > least_seconds && seconds > least_part * run; }

/// Some nodes that may use the same cores.
struct sharers {
  std::size_t nodes = 0;
  std::size_t workers = 0;
  double busy_workers = 0;
  double cpu_seconds = 0;
  int cores = 1;
};

sharers sharers_with_node_0(reports nodes) {
  sharers sums{.cores = nodes[0].cores};
  for (const node_report& node : nodes) {
    if (node.first_sharer != nodes[0].first_sharer) continue;
    ++sums.nodes;
    sums.workers += node.work.workers.size();
    sums.cpu_seconds += node.cpu_seconds;
    if (node.work.running_seconds > 0) sums.busy_workers += node.work.busy_seconds() / node.work.running_seconds;
  }
  return sums;
}

hint bodies_beyond_their_timeout(reports nodes) {
  double overrun = 0;
  const node_report* worst = &nodes[0];
  for (const node_report& node : nodes) {
    overrun += static_cast<double>(node.overrun_ns) * 1e-9;
    if (node.longest_overrun_ns > worst->longest_overrun_ns) worst = &node;
  }
  if (!matters(overrun, nodes[0].work.running_seconds)) return {};
  const std::chrono::duration<double> longest(static_cast<double>(worst->longest_overrun_ns) * 1e-9);
  return fmt::format(
      "bodies went on after their timeout and held their workers, the longest, of task '{}', for {}: let them ask "
      "torc::stop_requested() and return",
      worst->longest_overrun_name, show_elapsed(longest));
}

hint nodes_that_could_have_helped(reports nodes, bool was_stealing) {
  if (was_stealing || nodes.size() < 2) return {};
  std::vector<load_profile> loads;
  std::size_t workers = 0;
  for (const node_report& node : nodes) {
    loads.push_back(node.load);
    workers += node.work.workers.size();
  }
  const double seconds = nodes[0].work.running_seconds;
  const double part = load_profile::idle_in_vain(loads) / static_cast<double>(workers);
  if (!matters(part * seconds, seconds)) return {};
  return fmt::format(
      "{:.0f} % of the workers' time was idle while tasks waited on other nodes that could have moved: set "
      "TORC_STEALING=1",
      100 * part);
}

hint cores_without_workers(reports nodes) {
  const sharers here = sharers_with_node_0(nodes);
  const double seconds = nodes[0].work.running_seconds;
  const bool has_one_each =
      std::all_of(nodes.begin(), nodes.end(), [](const node_report& node) { return node.work.workers.size() == 1; });
  if (!has_one_each || static_cast<std::size_t>(here.cores) < 2 * here.workers) return {};
  // Bodies may use the other cores themselves, by threads of their own.
  if (here.cpu_seconds > 1.25 * static_cast<double>(here.workers) * seconds) return {};
  double part = 1;
  for (const node_report& node : nodes) part = std::min(part, node.load.part_with_surplus());
  if (!matters(part * seconds, seconds)) return {};
  return fmt::format(
      "tasks waited for {:.0f} % of the time, with one worker on each node, where {} cores may be used: set "
      "TORC_WORKERS=auto",
      100 * part, here.cores);
}

hint workers_without_cores(reports nodes) {
  const sharers here = sharers_with_node_0(nodes);
  const double seconds = nodes[0].work.running_seconds;
  const auto cores = static_cast<double>(here.cores);
  // Workers that wait for something else than a core may be as many as they like.
  const bool are_cores_full = here.cpu_seconds > 0.8 * cores * seconds;
  if (here.workers <= static_cast<std::size_t>(here.cores) || !are_cores_full) return {};
  if (here.busy_workers <= cores) return {};
  const double part_without_core = (here.busy_workers - cores) / here.busy_workers;
  if (!matters(part_without_core * seconds, seconds)) return {};
  // TORC_WORKERS=auto gives each node one worker at least.
  const char* const advice = here.workers == here.nodes ? "start fewer ranks"
                             : here.nodes == 1          ? "set TORC_WORKERS=auto"
                                                        : "set TORC_WORKERS=auto, or start fewer ranks";
  return fmt::format("{} workers share {}, and {:.1f} of them were busy on the average: {}", here.workers,
                     base::count_of(static_cast<std::uint64_t>(here.cores), "core"), here.busy_workers, advice);
}

/// What all tasks together took, with what they cost themselves.
struct task_times {
  double executed = 0;
  double workers = 0;
  double busy = 0;
  double computing = 0;  ///< that part of it in which workers had a core
  double cost = 0;       ///< about, of submitting, running and waiting

  /// Where cores are scarce, tasks take longer than they do.
  bool are_small() const noexcept {
    constexpr double scarcity = 4;
    return executed > 0 && computing <= cost && busy <= scarcity * cost;
  }
};

task_times task_times_of(reports nodes) {
  constexpr double home_seconds = 1e-6;
  constexpr double away_seconds = 10e-6;
  task_times sums;
  double away = 0;
  for (const node_report& node : nodes) {
    const double busy = node.work.busy_seconds();
    sums.busy += busy;
    sums.computing += std::min(busy, node.cpu_seconds);
    sums.workers += static_cast<double>(node.work.workers.size());
    sums.executed += static_cast<double>(node.work.executed);
    if (node.work.executed > node.work.created) away += static_cast<double>(node.work.executed - node.work.created);
  }
  sums.cost = home_seconds * (sums.executed - away) + away_seconds * away;
  return sums;
}

hint tasks_that_cost_more_than_they_do(const task_times& tasks, double seconds) {
  if (!tasks.are_small() || !matters(tasks.busy / tasks.workers, seconds)) return {};
  return fmt::format(
      "a task took {:.2g} us on the average, about what the task itself costs: let each do more (chunksize of map, a "
      "cutoff where tasks make tasks)",
      tasks.computing / tasks.executed * 1e6);
}

}  // namespace

std::map<hint_kind, std::string> hints_for(reports nodes, bool was_stealing) {
  std::map<hint_kind, std::string> found;
  if (std::any_of(nodes.begin(), nodes.end(), [](const node_report& node) { return node.work.workers.empty(); }))
    return found;
  const auto add = [&found](hint_kind kind, const hint& one) {
    if (one) found.emplace(kind, *one);
  };
  add(hint_kind::bodies_beyond_their_timeout, bodies_beyond_their_timeout(nodes));
  const task_times tasks = task_times_of(nodes);
  add(hint_kind::tasks_that_cost_more_than_they_do,
      tasks_that_cost_more_than_they_do(tasks, nodes[0].work.running_seconds));
  // Such tasks always wait, and are over by the time that somebody else has them.
  if (!tasks.are_small()) {
    add(hint_kind::nodes_that_could_have_helped, nodes_that_could_have_helped(nodes, was_stealing));
    add(hint_kind::cores_without_workers, cores_without_workers(nodes));
  }
  add(hint_kind::workers_without_cores, workers_without_cores(nodes));
  return found;
}

}  // namespace torc::report
