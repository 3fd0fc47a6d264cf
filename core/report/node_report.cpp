// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/report/node_report.hpp"

#include <fmt/format.h>

#include <cereal/types/string.hpp>
#include <cereal/types/vector.hpp>
#include <torc/detail/archive.hpp>

#include <algorithm>
#include <utility>

#include "core/report/progress_line.hpp"

namespace torc::report {
namespace {

std::string show_nanoseconds(std::uint64_t ns) {
  const auto seconds = static_cast<double>(ns) * 1e-9;
  if (seconds >= 0.095) return show_elapsed(std::chrono::duration<double>(seconds));
  return seconds >= 95e-6 ? fmt::format("{:.1f} ms", seconds * 1e3) : fmt::format("{:.1f} us", seconds * 1e6);
}

double busy_part(const worker_report& one, double running_seconds) noexcept {
  return running_seconds > 0 ? std::max(0.0, 1 - static_cast<double>(one.done.idle_ns) * 1e-9 / running_seconds) : 0;
}

}  // namespace

double node_work::busy_seconds() const noexcept {
  double sum = 0;
  for (const worker_report& one : workers) {
    if (one.done.executed > 0) sum += busy_part(one, running_seconds) * running_seconds;
  }
  return sum;
}

void node_work::add(const node_work& other) {
  running_seconds += other.running_seconds;
  created += other.created;
  executed += other.executed;
  workers.resize(std::max(workers.size(), other.workers.size()));
  for (std::size_t i = 0; i < other.workers.size(); ++i) {
    workers[i].done += other.workers[i].done;
    if (other.workers[i].longest_ns <= workers[i].longest_ns) continue;
    workers[i].longest_ns = other.workers[i].longest_ns;
    workers[i].longest_name = other.workers[i].longest_name;
  }
}

std::vector<node_report> exchange_reports(protocol::transport* network, node_report mine) {
  std::vector<node_report> all;
  if (network == nullptr) {
    all.push_back(std::move(mine));
    return all;
  }
  std::vector<std::byte> bytes;
  detail::output_archive out(bytes);
  out(mine);
  for (const auto& part : network->all_gather(bytes)) {
    detail::input_archive in(part);
    in(all.emplace_back());
  }
  return all;
}

std::vector<std::string> table_of(std::span<const node_work> nodes) {
  std::vector<std::string> lines;
  lines.push_back(fmt::format("{:>5} {:>7} {:>14} {:>14} {:>12} {:>12} {:>7}  {}", "node", "worker", "created",
                              "executed", "stolen", "suspended", "busy", "longest task"));
  std::size_t worker = 0;
  for (std::size_t node = 0; node < nodes.size(); ++node) {
    for (const worker_report& one : nodes[node].workers) {
      const std::string longest =
          one.longest_ns > 0 ? fmt::format("{} '{}'", show_nanoseconds(one.longest_ns), one.longest_name) : "-";
      lines.push_back(fmt::format("{:>5} {:>7} {:>14} {:>14} {:>12} {:>12} {:>6.1f}%  {}", node, worker++,
                                  one.done.created, one.done.executed, one.done.stolen, one.done.suspended,
                                  100 * busy_part(one, nodes[node].running_seconds), longest));
    }
  }
  return lines;
}

}  // namespace torc::report
