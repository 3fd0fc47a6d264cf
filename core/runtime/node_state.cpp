// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/runtime/node_state.hpp"

#include <fmt/format.h>

#include <map>
#include <string_view>

namespace torc::runtime {
namespace {

using sched::awaited_task;
using sched::queue_state;
using sched::suspended_state;
using sched::wait_kind;
using sched::worker_state;

constexpr std::size_t most_suspended_lines = 30;

std::string quoted(const task::naming& task) { return fmt::format("'{}'", task::name_of(task)); }

std::string count_of(std::size_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

std::string duration_text(std::chrono::nanoseconds duration) {
  const double seconds = std::chrono::duration<double>(duration).count();
  return fmt::format("{:.{}f} s", seconds, seconds < 10 ? 1 : 0);
}

std::string join(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ", ") + part;
  return text;
}

std::string list_names(const std::vector<task::naming>& tasks) {
  std::vector<std::string> names;
  for (const task::naming& one : tasks) names.push_back(quoted(one));
  return join(names);
}

/// Such as "3 tasks, first 'a', 'b'".
std::string describe(const queue_state& queue) {
  std::string text = count_of(queue.size, "task", "tasks");
  if (!queue.is_known) return text + " (not to be seen, its lock is held)";
  if (!queue.first.empty()) text += ", the oldest " + list_names(queue.first);
  return text;
}

std::string describe(const worker_state& one) {
  std::string text = one.name;
  switch (one.doing) {
    case worker_state::activity::runs:
      text += fmt::format(" runs {} (for {})", quoted(one.task), duration_text(one.since));
      break;
    case worker_state::activity::searches:
      text += fmt::format(" is idle (for {})", duration_text(one.since));
      break;
    case worker_state::activity::sleeps:
      text += fmt::format(" is idle (for {}), asleep", duration_text(one.since));
      break;
    case worker_state::activity::stands_by:
      text += " stands by for a task with several cores";
      break;
    case worker_state::activity::between:
      text += " is between two tasks";
  }
  if (one.num_nested > 0) {
    text += fmt::format("; {} in its own queue",
                        count_of(static_cast<std::size_t>(one.num_nested), "nested task", "nested tasks"));
    if (!one.oldest_nested.empty()) text += ", the oldest " + list_names(one.oldest_nested);
  }
  if (one.pinned.size > 0) text += fmt::format("; for it alone: {}", describe(one.pinned));
  return text;
}

std::string describe(const awaited_task& task) {
  const std::string name = quoted(task.task);
  switch (task.where) {
    case awaited_task::place::queued:
      return name + " (queued here)";
    case awaited_task::place::runs:
      return fmt::format("{} (runs on {})", name, task.thread);
    case awaited_task::place::suspended:
      return fmt::format("{} (suspended on {})", name, task.thread);
    case awaited_task::place::open:
      return name + " (begun here, and open)";
    case awaited_task::place::elsewhere:
      break;
  }
  return task.node == base::no_node ? name + " (at another node)"
                                    : fmt::format("{} (at node {})", name, number_of(task.node));
}

std::string missing_of(const suspended_state& one, std::string_view singular, std::string_view plural) {
  std::vector<std::string> some;
  for (const awaited_task& task : one.missing) some.push_back(describe(task));
  if (some.empty()) return count_of(one.num_missing, singular, plural);
  if (one.num_missing > some.size()) some.emplace_back("...");
  return count_of(one.num_missing, singular, plural) + ": " + join(some);
}

std::string cause_of(const suspended_state& one) {
  switch (one.waits_for) {
    case wait_kind::children:
      return missing_of(one, "child", "children");
    case wait_kind::futures:
      return missing_of(one, "future", "futures");
    case wait_kind::map:
      return "the elements of its map";
    case wait_kind::device:
      return "its device";
    case wait_kind::slot:
      return "its slot of the device, which others have";
    case wait_kind::cores:
      return "its cores: other workers have to come";
    case wait_kind::spmd:
      return "its turn to run an spmd";
    case wait_kind::cancel:
      return "the answer whether a task is cancelled";
    case wait_kind::broadcast:
      return "a broadcast value";
    case wait_kind::others:
      return "tasks of other threads or nodes, at the end of the session";
    case wait_kind::turn:
      return "its next turn: it polls";
    case wait_kind::message:
      break;
  }
  return "a message";
}

std::string describe(const suspended_state& one) {
  const std::string age = one.since.count() > 0 ? fmt::format(" (for {})", duration_text(one.since)) : "";
  if (one.is_ready) return fmt::format("{} could go on{}, and waits only for {}", quoted(one.task), age, one.thread);
  return fmt::format("{} on {} waits{} for {}", quoted(one.task), one.thread, age, cause_of(one));
}

void add_suspended(const sched::state& found, std::vector<std::string>& lines) {
  // A thousand that wait for the same are one line.
  std::vector<std::string> texts;
  std::map<std::string, std::size_t> counts;
  for (const suspended_state& one : found.suspended) {
    std::string text = describe(one);
    if (++counts[text] == 1) texts.push_back(std::move(text));
  }
  std::size_t told = 0;
  for (std::size_t i = 0; i < texts.size() && i < most_suspended_lines; ++i) {
    const std::size_t count = counts[texts[i]];
    told += count;
    lines.push_back(count == 1 ? texts[i] : fmt::format("{} ({} such)", texts[i], count));
  }
  if (told < found.num_suspended)
    lines.push_back(fmt::format("and {} more suspended", count_of(found.num_suspended - told, "task", "tasks")));
}

void add_queue(std::string_view name, const queue_state& queue, std::vector<std::string>& lines) {
  if (queue.size > 0 || !queue.is_known) lines.push_back(fmt::format("{}: {}", name, describe(queue)));
}

void add_queues(const sched::state& found, std::vector<std::string>& lines) {
  add_queue("queued below begun tasks", found.below, lines);
  add_queue("queued of the primary task's own", found.rest, lines);
  if (found.is_spmd_running) lines.emplace_back("an spmd body is running");
  add_queue("spmd bodies for the first worker", found.spmd_bodies, lines);
  for (const sched::slots_state& slots : found.slots) {
    lines.push_back(fmt::format("slots of space {}: {} free, {} taken, {} of these lent; waiting: {}", slots.space,
                                slots.num_free, slots.num_taken, slots.num_lent, describe(slots.waiting)));
  }
  for (const sched::limit_state& limit : found.limits) {
    lines.push_back(limit.is_of_job
                        ? fmt::format("limit '{}' of the job, {} units: {} tasks here have theirs; waiting: {}",
                                      limit.name, limit.capacity, limit.in_use, describe(limit.waiting))
                        : fmt::format("limit '{}': {} of {} in use; waiting: {}", limit.name, limit.in_use,
                                      limit.capacity, describe(limit.waiting)));
  }
  if (!found.are_limits_known) lines.emplace_back("limits: not to be seen, their lock is held");
  for (const sched::gang_state& gang : found.gangs) {
    lines.push_back(
        fmt::format("{} needs {} workers at a time, {} have come", quoted(gang.task), gang.cores, gang.joined));
  }
  if (!found.are_gangs_known) lines.emplace_back("tasks with cores: not to be seen, their lock is held");
}

std::string nodes_text(const std::vector<base::node_id>& nodes) {
  std::vector<std::string> numbers;
  for (const base::node_id node : nodes) numbers.push_back(std::to_string(number_of(node)));
  return join(numbers);
}

void add_peers(const protocol::state& node, std::vector<std::string>& lines) {
  for (const protocol::peer_state& peer : node.peers) {
    std::vector<std::string> parts;
    if (peer.num_away > 0)
      parts.push_back(fmt::format("holds {}", count_of(peer.num_away, "task of ours", "tasks of ours")));
    if (peer.num_guests > 0) parts.push_back(fmt::format("has {} here", count_of(peer.num_guests, "task", "tasks")));
    if (peer.num_waiting > 0) {
      parts.push_back(fmt::format("is to get {} that wait for room there{}",
                                  count_of(peer.num_waiting, "task", "tasks"),
                                  peer.is_asked_for_room ? ", which was asked for" : ""));
    }
    lines.push_back(
        fmt::format("node {} {}; credit there: {} bytes", number_of(peer.node), join(parts), peer.credit_bytes));
  }
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
  lines.push_back(fmt::format("{} messages sent, {} received", node.num_sent, node.num_received));
  add_peers(node, lines);
  if (node.asked_for_work != base::no_node)
    lines.push_back(fmt::format("has asked node {} for work", number_of(node.asked_for_work)));
  if (!node.lifelines.empty())
    lines.push_back(fmt::format("waits for work at its lifelines: nodes {}", nodes_text(node.lifelines)));
  if (!node.hungry.empty()) lines.push_back(fmt::format("is to give work to: nodes {}", nodes_text(node.hungry)));
  if (!node.spmds.empty()) lines.push_back(fmt::format("turns of spmds: nodes {}", nodes_text(node.spmds)));
  if (node.spmd_wishes > 0)
    lines.push_back(fmt::format("has asked node 0 for {}", count_of(static_cast<std::size_t>(node.spmd_wishes),
                                                                    "turn of an spmd", "turns of spmds")));
  if (node.is_shutting_down) {
    lines.emplace_back(node.is_drained ? "the session is ending, and nothing of this node's own is left"
                                       : "the session is ending, and tasks of this node's own threads are left");
  }
}

}  // namespace

std::vector<std::string> describe(const node_state& found) {
  std::vector<std::string> lines;
  for (const worker_state& one : found.threads.workers) lines.push_back(describe(one));
  add_queues(found.threads, lines);
  add_suspended(found.threads, lines);
  if (found.traffic) add_traffic(*found.traffic, lines);
  const std::string name = fmt::format("node {}: ", number_of(found.node));
  for (std::string& line : lines) line.insert(0, name + "  ");
  lines.insert(lines.begin(),
               fmt::format("{}state, on {} (pid {}), {} after the primary task began", name, found.host, found.pid,
                           duration_text(std::chrono::duration_cast<std::chrono::nanoseconds>(found.running))));
  return lines;
}

}  // namespace torc::runtime
