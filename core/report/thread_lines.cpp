// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "core/report/thread_lines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "core/report/report_text.hpp"

namespace torc::report {
namespace {

using sched::awaited_task;
using sched::queue_state;
using sched::suspended_state;
using sched::wait_kind;
using sched::worker_state;

constexpr std::size_t most_suspended_lines = 30;

std::string quoted(const task::naming& task) { return report::quoted(task::name_of(task)); }

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

/// Such as ", with 2 units of limit 'licence'".
std::string describe(const sched::held_units& held) {
  return held.count == 0 ? std::string()
                         : fmt::format(", with {} of limit '{}'",
                                       count_of(static_cast<std::size_t>(held.count), "unit", "units"), held.limit);
}

std::string describe(const worker_state& one) {
  std::string text = one.name;
  switch (one.doing) {
    case worker_state::activity::runs:
      text += fmt::format(" runs {} ({}){}{}{}", quoted(one.task), age_text(one.since),
                          one.library_call.empty() ? "" : ", in " + one.library_call,
                          one.cores > 1 ? fmt::format(", with {} workers", one.cores) : "", describe(one.held));
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

std::string list(const std::vector<awaited_task>& tasks);

std::string describe(const awaited_task& task) {
  const std::string name = quoted(task.task);
  const std::string need = task.limit.empty() ? "" : fmt::format(", needs limit '{}'", task.limit);
  switch (task.where) {
    case awaited_task::place::queued:
      return fmt::format("{} (queued here{})", name, need);
    case awaited_task::place::unqueued:
      return fmt::format("{} (not begun: what it goes on from is not done, or it is about to leave{})", name, need);
    case awaited_task::place::runs:
      return fmt::format("{} (runs on {})", name, task.thread);
    case awaited_task::place::suspended:
      return fmt::format("{} (suspended on {})", name, task.thread);
    case awaited_task::place::open:
      return task.children.empty() ? name + " (begun here, and open)"
                                   : fmt::format("{} (begun here, and open: {})", name, list(task.children));
    case awaited_task::place::elsewhere:
      break;
  }
  return task.node == base::no_node ? name + " (at another node)"
                                    : fmt::format("{} (at node {})", name, number_of(task.node));
}

std::string list(const std::vector<awaited_task>& tasks) {
  std::vector<std::string> some;
  for (const awaited_task& task : tasks) some.push_back(describe(task));
  return join(some);
}

std::string missing_of(const suspended_state& one, std::string_view singular, std::string_view plural) {
  const std::string count = count_of(one.num_missing, singular, plural);
  if (one.missing.empty()) return count;
  return fmt::format("{}: {}{}", count, list(one.missing), one.num_missing > one.missing.size() ? ", ..." : "");
}

std::string cause_of(const suspended_state& one) {
  switch (one.waits_for) {
    case wait_kind::children:
      return missing_of(one, "child", "children");
    case wait_kind::futures:
      return missing_of(one, "future", "futures");
    case wait_kind::map:
      return "the elements of its map" + (one.missing.empty() ? "" : ": " + list(one.missing));
    case wait_kind::device:
      return "its device";
    case wait_kind::slot:
      return "its slot of the device, which others have";
    case wait_kind::cores:
      return "its cores: other workers have to come";
    case wait_kind::spmd:
      return "its turn to run an spmd";
    case wait_kind::cancel:
      return "the answer whether a task is cancelled" + (one.missing.empty() ? "" : ": " + list(one.missing));
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

/// A line about something that lasts: its age goes between the two.
using line_with_age = std::pair<std::string, std::string>;

line_with_age describe(const suspended_state& one) {
  if (one.is_ready)
    return {quoted(one.task) + " could go on",
            fmt::format(", and waits only for {}{}", one.thread, describe(one.held))};
  return {fmt::format("{} on {}{} waits", quoted(one.task), one.thread, describe(one.held)), " for " + cause_of(one)};
}

/// A thousand that wait for the same are one line.
class alike {
 public:
  void add(const line_with_age& text, std::chrono::nanoseconds age) {
    const auto [at, is_new] = m_places.emplace(text, m_groups.size());
    if (is_new) m_groups.push_back({&at->first, 0, {}});
    group& into = m_groups[at->second];
    ++into.count;
    into.oldest = std::max(into.oldest, age);
  }
  /// How many are told of.
  std::size_t tell(std::size_t most_lines, std::vector<std::string>& lines) const {
    std::size_t told = 0;
    for (std::size_t i = 0; i < m_groups.size() && i < most_lines; ++i) {
      told += m_groups[i].count;
      lines.push_back(describe(m_groups[i]));
    }
    return told;
  }

 private:
  struct group {
    const line_with_age* text;
    std::size_t count;
    std::chrono::nanoseconds oldest;
  };
  static std::string describe(const group& one) {
    const bool is_alone = one.count == 1;
    const std::string age =
        one.oldest.count() > 0 ? fmt::format(" ({}{})", is_alone ? "" : "the longest ", age_text(one.oldest)) : "";
    return one.text->first + age + one.text->second + (is_alone ? "" : fmt::format(" ({} such)", one.count));
  }
  std::map<line_with_age, std::size_t> m_places;
  std::vector<group> m_groups;
};

void add_suspended(const sched::state& found, std::vector<std::string>& lines) {
  // The primary task last, whatever there is: it is where reading begins.
  alike bodies;
  alike primary;
  std::size_t num_primary = 0;
  for (const suspended_state& one : found.suspended) {
    (one.is_primary ? primary : bodies).add(describe(one), one.since);
    num_primary += one.is_primary ? 1 : 0;
  }
  const std::size_t told = bodies.tell(most_suspended_lines, lines) + num_primary;
  if (told < found.num_suspended)
    lines.push_back(fmt::format("and {} suspended", count_of(found.num_suspended - told, "task more", "tasks more")));
  primary.tell(num_primary, lines);
}

/// Of the program's, which the runtime knows only while they wait.
void add_threads(const sched::state& found, std::vector<std::string>& lines) {
  for (const suspended_state& one : found.threads) {
    lines.push_back(fmt::format("{}, which runs no task, waits (for {}) for {}", one.thread, duration_text(one.since),
                                cause_of(one)));
  }
  if (!found.are_threads_known) lines.emplace_back("threads that run no task: not to be seen, their lock is held");
}

bool is_plainly_idle(const worker_state& one) noexcept {
  return (one.doing == worker_state::activity::searches || one.doing == worker_state::activity::sleeps) &&
         one.num_nested == 0 && one.pinned.size == 0 && one.pinned.is_known;
}

/// Those without work, if they are many, in one line.
void add_workers(const sched::state& found, std::vector<std::string>& lines) {
  constexpr std::ptrdiff_t few = 4;
  const bool are_many = std::count_if(found.workers.begin(), found.workers.end(), is_plainly_idle) > few;
  std::vector<std::string> idle;
  std::chrono::nanoseconds shortest = std::chrono::nanoseconds::max();
  for (const worker_state& one : found.workers) {
    if (are_many && is_plainly_idle(one)) {
      idle.push_back(one.name);
      shortest = std::min(shortest, one.since);
    } else {
      lines.push_back(describe(one));
    }
  }
  if (!idle.empty()) {
    lines.push_back(fmt::format("{} idle (for {} or longer): {}", count_of(idle.size(), "worker is", "workers are"),
                                duration_text(shortest), join(idle)));
  }
}

/// What the lines above it may mean.
void add_hint(const sched::state& found, std::vector<std::string>& lines) {
  constexpr std::chrono::seconds long_time{10};
  const bool runs_long = std::any_of(found.workers.begin(), found.workers.end(), [&](const worker_state& one) {
    return one.doing == worker_state::activity::runs && !one.is_primary && one.since >= long_time;
  });
  if (!runs_long) return;
  lines.emplace_back(
      "a body holds its worker until it returns or waits by torc: one that waits for a lock, a file or another rank's "
      "part in an MPI call outside torc::spmd keeps it for good");
}

void add_queue(std::string_view name, const queue_state& queue, std::vector<std::string>& lines) {
  if (queue.size > 0 || !queue.is_known) lines.push_back(fmt::format("{}: {}", name, describe(queue)));
}

std::string describe_limit(const sched::limit_state& limit) {
  if (limit.in_use == 0 && limit.waiting.size == 0) return {};
  const std::string units = count_of(static_cast<std::size_t>(limit.capacity), "unit", "units");
  if (!limit.is_of_job)
    return fmt::format("limit '{}': {} of {} in use; waiting: {}", limit.name, limit.in_use, units,
                       describe(limit.waiting));
  return fmt::format("limit '{}' of the job, {}: {} here; waiting: {}", limit.name, units,
                     count_of(static_cast<std::size_t>(limit.in_use), "task has its units", "tasks have theirs"),
                     describe(limit.waiting));
}

std::string describe_gang(const sched::gang_state& gang) {
  return fmt::format("{} needs {} workers at a time, {} have come", quoted(gang.task), gang.cores, gang.joined);
}

void add_queues(const sched::state& found, std::vector<std::string>& lines) {
  add_queue("queued below begun tasks", found.below, lines);
  add_queue("queued of the primary task's own", found.rest, lines);
  if (found.is_spmd_running) lines.emplace_back("an spmd body is running");
  add_queue("spmd bodies for the first worker", found.spmd_bodies, lines);
  for (const sched::slots_state& slots : found.slots) {
    if (slots.is_known && slots.num_taken == 0 && slots.waiting.size == 0) continue;
    lines.push_back(fmt::format("slots of space {}: {} free, {} taken, {} of these lent; waiting: {}", slots.space,
                                slots.num_free, slots.num_taken, slots.num_lent, describe(slots.waiting)));
  }
  add_some(found.limits, "limits", describe_limit, lines);
  if (!found.are_limits_known) lines.emplace_back("limits: not to be seen, their lock is held");
  add_some(found.gangs, "tasks that need several workers", describe_gang, lines);
  if (!found.are_gangs_known) lines.emplace_back("tasks with cores: not to be seen, their lock is held");
}

}  // namespace

std::vector<std::string> thread_lines(const sched::state& found) {
  std::vector<std::string> lines;
  add_workers(found, lines);
  add_queues(found, lines);
  add_suspended(found, lines);
  add_threads(found, lines);
  add_hint(found, lines);
  return lines;
}

}  // namespace torc::report
