// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "unit_tests/storm/program.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <string_view>

namespace storm {
namespace {

constexpr std::array<std::string_view, 12> kind_names{"nothing", "number",    "big",          "moved",
                                                      "fragile", "reader",    "device",       "anywhere",
                                                      "element", "spmd body", "continuation", "callback"};
constexpr std::array<std::string_view, 6> fate_names{"value",
                                                     "fails",
                                                     "fails strangely",
                                                     "fails twice",
                                                     "exceeds its timeout",
                                                     "exceeds its timeout until that is seen"};
constexpr std::array<std::string_view, num_troubles> trouble_names{"none",        "copy throws",  "save throws",
                                                                   "load throws", "save is slow", "load is slow",
                                                                   "load waits",  "load forgets", "dies slowly"};
constexpr std::array<std::string_view, num_op_kinds> op_names{
    "submit", "submit outside", "executor",        "map",   "spmd",      "broadcast",
    "follow", "cancel",         "cancel rest",     "wait",  "wait list", "as_completed",
    "settle", "when_all",       "switch stealing", "pause", "refused"};

bool may_fail_on_its_way(const task_plan& plan) {
  switch (plan.with) {
    case trouble::none:
    case trouble::save_is_slow:
    case trouble::load_is_slow:
    case trouble::dies_slowly:
      return false;
    default:
      return true;
  }
}

void drop(program& made, const std::vector<bool>& is_dropped) {
  for (task_plan& task : made.tasks) {
    if (task.parent == no_task) continue;
    task.is_reachable = made.tasks[task.parent].is_reachable && !is_dropped[task.introduced_by] &&
                        (task.source == no_task || made.tasks[task.source].is_reachable);
  }
  std::vector<operation> left;
  for (task_plan& task : made.tasks) {
    const auto all = std::span(made.operations).subspan(task.first_operation, task.num_operations);
    task.first_operation = static_cast<std::uint32_t>(left.size());
    for (const operation& op : all)
      if (task.is_reachable && !is_dropped[op.id]) left.push_back(op);
    task.num_operations = static_cast<std::uint32_t>(left.size()) - task.first_operation;
  }
  made.operations = std::move(left);
}

/// The serial evaluation. Those that a task submits have greater numbers, but for what continuations follow.
std::uint64_t evaluate(program& made, task_index task, std::vector<bool>& is_known) {
  if (!is_known[task]) {
    const std::uint64_t value = combine(made, task, [&](task_index other) { return evaluate(made, other, is_known); });
    made.tasks[task].value = made.tasks[task].kind == task_kind::nothing ? 1 : value;
    is_known[task] = true;
  }
  return made.tasks[task].value;
}

/// What a task has submitted before it cancels the rest.
void mark_cancelled_rests(program& made, task_index task) {
  const auto all = made.operations_of(task);
  for (std::size_t last = 0; last < all.size(); ++last) {
    if (all[last].kind != op_kind::cancel_rest) continue;
    for (const operation& before : all.first(last)) {
      if (!submits(before.kind) || before.kind == op_kind::map) continue;
      for (task_index i = before.first; i < before.first + before.count; ++i) made.tasks[i].is_cancelled = true;
    }
  }
}

}  // namespace

int program::num_workers() const noexcept { return std::accumulate(workers.begin(), workers.end(), 0); }

std::uint32_t most_open(const program& of) {
  const bool stay_at_home =
      of.num_ranks == 1 || (of.options.placement == torc::placement_policy::local && !of.options.stealing);
  if (!of.is_flock || !stay_at_home) return 0;
  // A worker begins another one only if no task below the open ones is queued: then less than one a worker of these
  // runs, and what is open by this worker waits for them. Twice as many, because it may look in a moment too early.
  const auto workers = static_cast<std::uint32_t>(of.workers.front());
  return 2 * workers * workers + 2;
}

bool is_sure(const program& of, task_index task) {
  const task_plan& plan = of.tasks[task];
  if (plan.is_cancelled || may_fail_on_its_way(plan)) return false;
  if (plan.end != fate::value && plan.end != fate::after_retries) return false;
  return !plan.takes_value || is_sure(of, plan.source);
}

bool surely_runs(const program& of, task_index task) {
  const task_plan& plan = of.tasks[task];
  if (plan.is_cancelled || may_fail_on_its_way(plan) || plan.is_optional) return false;
  return !plan.takes_value || is_sure(of, plan.source);
}

std::uint32_t expected_runs(const program& of, task_index task) {
  if (of.tasks[task].kind == task_kind::spmd_body) return static_cast<std::uint32_t>(of.num_ranks);
  return of.tasks[task].end == fate::after_retries ? retries + 1 : 1;
}

bool submits(op_kind kind) noexcept {
  switch (kind) {
    case op_kind::submit:
    case op_kind::submit_outside:
    case op_kind::run_executor:
    case op_kind::map:
    case op_kind::broadcast:
    case op_kind::follow:
      return true;
    default:
      return false;
  }
}

bool succeeds(const program& of, const operation& map) {
  const auto how = static_cast<map_how>(map.how);
  if ((how == map_how::lazy_throws || how == map_how::lazy_waits) && map.count > 0) return false;
  const auto elements = std::span(of.tasks).subspan(map.first, map.count);
  return std::all_of(elements.begin(), elements.end(), [](const task_plan& t) { return t.end == fate::value; });
}

bool contributes(const program& of, task_index task) {
  const task_plan& plan = of.tasks[task];
  return plan.is_reachable && !plan.is_dropped && plan.kind != task_kind::callback && is_sure(of, task);
}

void finish(program& made, const std::vector<std::uint32_t>& kept_operations) {
  std::vector<bool> is_dropped(made.num_ids, !kept_operations.empty());
  for (const std::uint32_t id : kept_operations)
    if (id < is_dropped.size()) is_dropped[id] = false;
  drop(made, is_dropped);

  for (const operation& op : made.operations)
    if (op.kind == op_kind::cancel) made.tasks[op.first].is_cancelled = true;
  for (task_index task = 0; task < made.tasks.size(); ++task) mark_cancelled_rests(made, task);
  for (task_plan& task : made.tasks) task.num_below = 0;
  for (auto task = static_cast<task_index>(made.tasks.size()); task-- > 1;)
    if (made.tasks[task].is_reachable) made.tasks[made.tasks[task].parent].num_below += 1 + made.tasks[task].num_below;
  for (task_plan& task : made.tasks) {
    if (!task.is_reachable || task.kind != task_kind::callback) continue;
    if (task.victim != no_task) made.tasks[task.victim].is_cancelled = true;
  }
  std::vector<bool> is_known(made.tasks.size(), false);
  for (task_index task = 0; task < made.tasks.size(); ++task)
    if (made.tasks[task].is_reachable) evaluate(made, task, is_known);
}

std::string describe(const program& of, task_index task) {
  const task_plan& t = of.tasks[task];
  std::string text = fmt::format("task {} ({}", task, kind_names[static_cast<std::size_t>(t.kind)]);
  if (t.end != fate::value) text += fmt::format(", {}", fate_names[static_cast<std::size_t>(t.end)]);
  if (t.with != trouble::none) {
    text += fmt::format(", {}{}", trouble_names[static_cast<std::size_t>(t.with)],
                        t.trouble_in_result ? " in its result" : "");
  }
  if (t.is_local) text += ", local";
  if (t.is_dropped) text += ", dropped";
  if (t.options.worker >= 0)
    text += fmt::format(", {}worker {}", t.options.pinned ? "pinned to " : "", t.options.worker);
  if (t.options.priority) text += fmt::format(", priority {}", *t.options.priority);
  if (t.options.cores > 1) text += fmt::format(", {} cores", t.options.cores);
  if (t.options.limit != limit_kind::none)
    text += fmt::format(", {} of a {}limit", t.options.units, t.options.limit == limit_kind::per_node ? "node's " : "");
  if (t.source != no_task) text += fmt::format(", of {}{}", t.source, t.takes_value ? "'s value" : "");
  if (t.victim != no_task) text += fmt::format(", cancels {}", t.victim);
  if (t.parent != no_task) text += fmt::format(", below {}", t.parent);
  return text + ")";
}

std::string describe(const program& of, const operation& op) {
  std::string text = fmt::format("[{}] {}", op.id, op_names[static_cast<std::size_t>(op.kind)]);
  if (op.how != 0) text += fmt::format(" how {}", op.how);
  if (op.number != 0) text += fmt::format(" number {}", op.number);
  const std::uint32_t count = submits(op.kind) ? op.count : 1;
  for (task_index i = op.first; i != no_task && i < op.first + count; ++i)
    text +=
        fmt::format(" {}", submits(op.kind) || op.kind == op_kind::run_spmd ? describe(of, i) : fmt::format("{}", i));
  return text;
}

std::string describe(const program& all) {
  std::string text = fmt::format(
      "program {} on {} ranks: workers {}, stealing {}, placement {}, primary {}, {} of a limit, {} "
      "of a node's\n",
      all.seed, all.num_ranks, fmt::join(all.workers, " "), all.options.stealing ? "on" : "off",
      static_cast<int>(all.options.placement), all.options.primary == torc::primary_place::thread ? "thread" : "worker",
      all.limit_capacity, all.node_capacity);
  for (task_index task = 0; task < all.tasks.size(); ++task) {
    if (!all.tasks[task].is_reachable || all.tasks[task].num_operations == 0) continue;
    text += fmt::format("{}\n", describe(all, task));
    for (const operation& op : all.operations_of(task)) text += fmt::format("  {}\n", describe(all, op));
  }
  return text;
}

}  // namespace storm
