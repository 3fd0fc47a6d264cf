// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "core/runtime/node_report.hpp"
#include "core/runtime/progress_line.hpp"

/// What would have made the job faster. Each hint is given only if that is sure and has cost much.
namespace torc::runtime {
namespace {

using reports = std::span<const node_report>;
using hint = std::optional<std::string>;

constexpr double least_seconds = 1;
constexpr double least_part = 0.1;

/// Whether so much of what took `all` seconds is worth a line.
bool matters(double seconds, double all) noexcept { return seconds > least_seconds && seconds > least_part * all; }

struct host_sums {
  std::size_t workers = 0;
  double busy_workers = 0;
  double cpu_seconds = 0;
  int cores = 1;
};

/// Of the nodes on the host of node 0.
host_sums first_host(reports nodes) {
  host_sums sums{.cores = nodes[0].cores};
  for (const node_report& node : nodes) {
    if (node.host != nodes[0].host) continue;
    sums.workers += node.workers.size();
    sums.cpu_seconds += node.cpu_seconds;
    if (node.running_seconds > 0) sums.busy_workers += node.busy_seconds() / node.running_seconds;
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
  if (!matters(overrun, nodes[0].running_seconds)) return {};
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
    workers += node.workers.size();
  }
  const double seconds = load_profile::idle_in_vain(loads) * nodes[0].running_seconds;
  const double all = static_cast<double>(workers) * nodes[0].running_seconds;
  if (!matters(seconds, all)) return {};
  return fmt::format(
      "{:.0f} % of the workers' time was idle while tasks waited on other nodes that could have moved: set "
      "TORC_STEALING=1",
      100 * seconds / all);
}

hint cores_without_workers(reports nodes) {
  const host_sums host = first_host(nodes);
  const bool has_one_each =
      std::all_of(nodes.begin(), nodes.end(), [](const node_report& node) { return node.workers.size() == 1; });
  if (!has_one_each || static_cast<std::size_t>(host.cores) < 2 * host.workers) return {};
  double part = 1;
  for (const node_report& node : nodes) part = std::min(part, node.load.part_with_surplus());
  if (!matters(part * nodes[0].running_seconds, nodes[0].running_seconds)) return {};
  return fmt::format(
      "tasks waited for {:.0f} % of the time, with one worker on each node, where {} cores may be used: set "
      "TORC_WORKERS=auto",
      100 * part, host.cores);
}

hint workers_without_cores(reports nodes) {
  const host_sums host = first_host(nodes);
  const auto cores = static_cast<double>(host.cores);
  // Workers that wait for something else than a core may be as many as they like.
  const bool are_cores_full = host.cpu_seconds > 0.8 * cores * nodes[0].running_seconds;
  if (host.workers <= static_cast<std::size_t>(host.cores) || !are_cores_full) return {};
  const double excess = std::max(0.0, host.busy_workers - cores);
  if (!matters(excess * nodes[0].running_seconds, host.busy_workers * nodes[0].running_seconds)) return {};
  return fmt::format(
      "{} workers share {} cores, and {:.1f} of them were busy on the average: set TORC_WORKERS=auto, or start fewer "
      "ranks",
      host.workers, host.cores, host.busy_workers);
}

hint tasks_that_cost_more_than_they_do(reports nodes) {
  // What submitting, running and waiting cost, at home and from node to node.
  constexpr double home_seconds = 0.5e-6;
  constexpr double away_seconds = 10e-6;
  double busy = 0;
  double executed = 0;
  double away = 0;
  for (const node_report& node : nodes) {
    busy += node.busy_seconds();
    executed += static_cast<double>(node.executed);
    if (node.executed > node.created) away += static_cast<double>(node.executed - node.created);
  }
  if (executed == 0) return {};
  const double cost = home_seconds * (executed - away) + away_seconds * away;
  if (busy > cost || !matters(busy, busy)) return {};
  return fmt::format(
      "a task took {:.2g} us on the average, about what the task itself costs: let each do more (chunksize of map, a "
      "cutoff where tasks make tasks)",
      busy / executed * 1e6);
}

}  // namespace

std::vector<std::string> hints_for(reports nodes, bool was_stealing) {
  std::vector<std::string> found;
  for (const hint& one :
       {bodies_beyond_their_timeout(nodes), nodes_that_could_have_helped(nodes, was_stealing),
        cores_without_workers(nodes), workers_without_cores(nodes), tasks_that_cost_more_than_they_do(nodes)}) {
    if (one) found.push_back(*one);
  }
  return found;
}

}  // namespace torc::runtime
