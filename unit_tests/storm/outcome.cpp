// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "unit_tests/storm/outcome.hpp"

#include <fmt/format.h>

#include "unit_tests/storm/stage.hpp"

namespace storm {
namespace {

bool is_strange_failure_of(const outcome& found, task_index task) {
  return found.text == fmt::format("strange {}", task) || found.text.find("strange_failure") != std::string::npos;
}

/// Whether a task may end so by itself.
bool may_end_so(task_index task, const outcome& found) {
  const task_plan& plan = played().tasks[task];
  switch (found.how) {
    case ending::value:
      return plan.end == fate::value || plan.end == fate::after_retries;
    case ending::cancelled:
      return plan.is_cancelled;
    case ending::timeout:
      return plan.end == fate::past_timeout || plan.end == fate::beyond_timeout;
    case ending::failure:
      switch (plan.with) {
        case trouble::save_throws:
        case trouble::load_throws:
        case trouble::load_waits:
        case trouble::load_forgets:
          return true;
        default:
          break;
      }
      if (plan.end == fate::failure) return found.text == failure_text(task);
      return plan.end == fate::strange_failure && is_strange_failure_of(found, task);
  }
  return false;
}

/// Whether it may pass on how its source has ended.
bool may_inherit(task_index task, const outcome& found) {
  const task_plan& plan = played().tasks[task];
  if (!plan.takes_value || found.how == ending::value) return false;
  if (may_end_so(plan.source, found) || may_inherit(plan.source, found)) return true;
  // That a task was cancelled is a failure of what continues it.
  return found.how == ending::failure && found.text.find("was cancelled") != std::string::npos &&
         played().tasks[plan.source].is_cancelled;
}

const char* name_of(ending how) {
  switch (how) {
    case ending::value:
      return "a value";
    case ending::cancelled:
      return "being cancelled";
    case ending::timeout:
      return "a time-out";
    case ending::failure:
      return "a failure";
  }
  return "";
}

void check_ended(task_index task) {
  const program& all = played();
  const task_entry& entry = book().at(task);
  if (entry.submitted.load() == 0) return;
  const std::uint32_t begun = entry.begun.load();
  const std::uint32_t ended = entry.ended.load();
  if (begun != ended) {
    complain_of(task, fmt::format("has begun {} times and ended {} times when all of it should be over", begun, ended));
  } else if (surely_runs(all, task) && ended != expected_runs(all, task)) {
    complain_of(task, fmt::format("has run {} times when all of it should be over", ended));
  }
}

}  // namespace

outcome outcome_of_exception() {
  try {
    throw;
  } catch (const torc::cancelled_error& e) {
    return {ending::failure, 0, e.what()};
  } catch (const torc::timeout_error& e) {
    return {ending::timeout, 0, e.what()};
  } catch (const std::exception& e) {
    return {ending::failure, 0, e.what()};
  } catch (const strange_failure& e) {
    return {ending::failure, 0, fmt::format("strange {}", e.task)};
  } catch (...) {
    return {ending::failure, 0, "unknown"};
  }
}

void check_outcome(task_index task, const outcome& found) {
  const task_plan& plan = played().tasks[task];
  if (!may_end_so(task, found) && !may_inherit(task, found)) {
    complain_of(task, fmt::format("ends with {} ({})", name_of(found.how), found.text));
  } else if (found.how == ending::value && found.number != plan.value) {
    complain_of(task, "has a wrong value");
  }
  if (book().at(task).is_cancelled.load() != 0 && found.how != ending::cancelled)
    complain_of(task, fmt::format("was cancelled and ends with {}", name_of(found.how)));
  if (found.how != ending::timeout) check_over(task);
}

void check_over(task_index task) {
  check_ended(task);
  book().at(task).is_over = 1;
  const program& all = played();
  for (const operation& op : all.operations_of(task)) {
    const bool has_tasks = submits(op.kind) || op.kind == op_kind::run_spmd;
    if (!has_tasks || op.kind == op_kind::submit_outside) continue;
    // A range may submit as many tasks as it has elements.
    const bool has_twice = op.kind == op_kind::map && static_cast<map_how>(op.how) == map_how::lazy_submits;
    for (task_index below = op.first; below < op.first + op.count * (has_twice ? 2 : 1); ++below)
      if (all.tasks[below].is_reachable) check_over(below);
  }
}

}  // namespace storm
