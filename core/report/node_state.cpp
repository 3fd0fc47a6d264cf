// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/report/node_state.hpp"

#include <fmt/format.h>

#include "core/base/count_of.hpp"
#include "core/report/report_text.hpp"
#include "core/report/thread_lines.hpp"

namespace torc::report {
namespace {

std::string nodes_text(const std::vector<base::node_id>& nodes) {
  constexpr std::size_t most_named = 20;
  std::vector<std::string> numbers;
  for (const base::node_id node : nodes) {
    if (numbers.size() == most_named) {
      numbers.push_back(fmt::format("... ({} in all)", nodes.size()));
      break;
    }
    numbers.push_back(std::to_string(number_of(node)));
  }
  return join(numbers);
}

std::string describe_peer(const protocol::peer_state& peer) {
  std::vector<std::string> parts;
  if (peer.num_away > 0)
    parts.push_back(fmt::format("holds {}", count_of(peer.num_away, "task of ours", "tasks of ours")));
  if (peer.num_guests > 0) parts.push_back(fmt::format("has {} here", count_of(peer.num_guests, "task", "tasks")));
  if (peer.num_waiting > 0) {
    parts.push_back(fmt::format("is to get {} that wait for room there{}", count_of(peer.num_waiting, "task", "tasks"),
                                peer.is_asked_for_credit ? ", which was asked for" : ""));
  }
  if (peer.num_limited > 0)
    parts.push_back(fmt::format("is to get {} with a limit that wait for places there",
                                count_of(peer.num_limited, "task", "tasks")));
  return fmt::format("node {} {}; credit there: {}", number_of(peer.node), join(parts),
                     count_of(static_cast<std::uint64_t>(peer.credit_bytes), "byte"));
}

void add_traffic(const traffic_state& traffic, std::vector<std::string>& lines) {
  std::string role = "progress: ";
  if (!traffic.node) {
    role += fmt::format("its role could not be had, {} has it; ",
                        traffic.role_holder.empty() ? "some thread" : traffic.role_holder);
  }
  role += fmt::format("the last turn that did anything was {} ago", duration_text(traffic.since_last_turn));
  if (traffic.num_queued > 0) role += fmt::format(", about {} queued to be sent", traffic.num_queued);
  if (traffic.node && !traffic.is_flushed) role += ", messages are still to leave";
  lines.push_back(role);
  if (!traffic.node) return;
  const protocol::state& node = *traffic.node;
  lines.push_back(fmt::format("{} sent, {} received", base::count_of(node.num_sent, "message"), node.num_received));
  add_some(node.peers, "nodes", describe_peer, lines);
  if (node.asked_for_work != base::no_node)
    lines.push_back(fmt::format("has asked node {} for work", number_of(node.asked_for_work)));
  if (!node.lifelines.empty())
    lines.push_back(fmt::format("waits for work at its lifelines: nodes {}", nodes_text(node.lifelines)));
  if (!node.waiting_thieves.empty())
    lines.push_back(fmt::format("is to give work to: nodes {}", nodes_text(node.waiting_thieves)));
  if (!node.spmds.empty()) lines.push_back(fmt::format("turns of spmds: nodes {}", nodes_text(node.spmds)));
  if (node.spmd_requests > 0)
    lines.push_back(fmt::format("has asked node 0 for {}", count_of(static_cast<std::size_t>(node.spmd_requests),
                                                                    "turn of an spmd", "turns of spmds")));
  if (node.is_shutting_down) {
    lines.emplace_back(node.is_drained ? "the session is ending, and nothing of this node's own is left"
                                       : "the session is ending, and tasks of this node's own threads are left");
  }
}

}  // namespace

std::vector<std::string> describe(const node_state& found) {
  std::vector<std::string> lines = thread_lines(found.threads);
  if (found.traffic) add_traffic(*found.traffic, lines);
  const std::string name = fmt::format("node {}: ", number_of(found.node));
  for (std::string& line : lines) line.insert(0, name + "  ");
  lines.insert(lines.begin(),
               fmt::format("{}state, on {} (pid {}), {} after the primary task began", name, found.host, found.pid,
                           duration_text(std::chrono::duration_cast<std::chrono::nanoseconds>(found.running))));
  return lines;
}

}  // namespace torc::report
