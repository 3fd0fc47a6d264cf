// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <fmt/format.h>

#include <ranges>
#include <span>
#include <stdexcept>

#include "unit_tests/storm/actor.hpp"
#include "unit_tests/storm/bodies.hpp"
#include "unit_tests/storm/stage.hpp"
#include "unit_tests/storm/submission.hpp"

/// The operations that make many tasks of one call: map and spmd.
namespace storm {
namespace {

constexpr const char* broken_text = "the range is broken";

struct broken_range : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// In a range, where it may be refused.
void try_to_wait(task_index task) {
  try {
    switch (task % 3) {
      case 0:
        ask_for_help();
        break;
      case 1:
        refuse_help();
        break;
      default:
        static_cast<void>(*torc::broadcast(words_of(task, 10)));
    }
  } catch (const torc::error&) {  // refused
  }
}

std::uint64_t num_chunks(std::uint64_t elements, std::uint64_t chunk) { return (elements + chunk - 1) / chunk; }

void count_map(std::uint64_t tasks) {
  for (std::uint64_t i = 0; i < tasks; ++i) {
    count_submission();
    count_body();
  }
}

/// Of the first element that fails; no_task if none does.
task_index first_failing(const operation& op) {
  for (task_index task = op.first; task < op.first + op.count; ++task)
    if (played().tasks[task].end == fate::failure) return task;
  return no_task;
}

torc::map_options map_options_of(const operation& op) {
  torc::map_options options{.chunksize = op.number};
  if (op.count == 0) return options;
  const task_plan& plan = played().tasks[op.first];
  options.worker = plan.options.worker;
  options.pinned = plan.options.pinned;
  options.priority = plan.options.priority;
  options.limit = limit_of(plan);
  if (plan.options.has_long_timeout) options.timeout = std::chrono::seconds(1000);
  if (plan.options.has_name) options.name = "elements from task " + std::to_string(op.first);
  return options;
}

void submit_from_range(task_index task) {
  static_cast<void>(torc::task_rng()());
  count_submission();
  book().at(task).submitted = 1;
  torc::submit(number_body, ticket(task));
}

}  // namespace

void actor::note_map(const operation& op, const std::vector<std::uint64_t>& values) {
  if (!succeeds(played(), op)) complain_of(m_task, "got values of a map that fails");
  if (values.size() != op.count) {
    complain_of(m_task, fmt::format("got {} values of a map of {} elements", values.size(), op.count));
    return;
  }
  for (std::uint32_t i = 0; i < op.count; ++i) {
    const task_index task = op.first + i;
    m_values[task] = values[i];
    if (values[i] != played().tasks[task].value) complain_of(task, "has a wrong value");
  }
}

void actor::note_failed_map(const operation& op, const outcome& found) {
  const auto how = static_cast<map_how>(op.how);
  const task_index failing = first_failing(op);
  const bool is_broken = how == map_how::lazy_throws || how == map_how::lazy_waits;
  const bool is_planned =
      is_broken ? found.text == broken_text : failing != no_task && found.text == failure_text(failing);
  if (!is_planned) complain_of(m_task, fmt::format("got another failure of a map: {}", found.text));
}

template <class Range>
void actor::map_range(const operation& op, Range&& range) {
  const torc::map_options options = map_options_of(op);
  try {
    if (static_cast<map_how>(op.how) == map_how::in_executor) {
      torc::executor executor;
      note_map(op, executor.map(options, element_body, range));
    } else {
      note_map(op, torc::map(options, element_body, range));
    }
  } catch (...) {
    note_failed_map(op, outcome_of_exception());
  }
}

void actor::map(const operation& op) {
  const auto how = static_cast<map_how>(op.how);
  std::vector<ticket> tickets;
  for (task_index task = op.first; task < op.first + op.count; ++task) {
    book().at(task).submitted = 1;
    tickets.emplace_back(task);
  }
  // A range that breaks does so in its middle: the chunks before are run.
  const std::uint32_t breaks_at = op.count / 2;
  const bool breaks = (how == map_how::lazy_throws || how == map_how::lazy_waits) && op.count > 0;
  count_map(breaks ? breaks_at / op.number : num_chunks(op.count, op.number));
  const auto lazily = [&](auto read) {
    map_range(op, std::views::iota(op.first, op.first + op.count) | std::views::transform([&](task_index task) {
                    read(task);
                    return ticket(task);
                  }));
  };
  switch (how) {
    case map_how::plain:
    case map_how::in_executor:
      map_range(op, tickets);
      break;
    case map_how::on_devices:
      try {
        note_map(op, torc::map(map_options_of(op), torc::on<space>, device_body, tickets));
      } catch (...) {
        note_failed_map(op, outcome_of_exception());
      }
      break;
    case map_how::two_ranges: {
      std::vector<std::uint64_t> checks;
      for (const ticket& t : tickets) checks.push_back(own_value(played(), t.task()));
      try {
        note_map(op, torc::map(map_options_of(op), element_of_two_body, tickets, checks));
      } catch (...) {
        note_failed_map(op, outcome_of_exception());
      }
      break;
    }
    case map_how::lazy:
      lazily([](task_index) {});
      break;
    case map_how::lazy_submits:
      lazily([&](task_index task) { submit_from_range(task + op.count); });
      break;
    case map_how::lazy_throws:
      lazily([&](task_index task) {
        if (task == op.first + breaks_at) throw broken_range(broken_text);
      });
      break;
    case map_how::lazy_waits:
      lazily([&](task_index task) {
        if (task != op.first + breaks_at) return;
        try_to_wait(task);
        throw broken_range(broken_text);
      });
      break;
  }
  for (task_index task = op.first; task < op.first + op.count; ++task) check_over(task);
  if (how == map_how::lazy_submits) {
    for (task_index task = op.first + op.count; task < op.first + 2 * op.count; ++task)
      m_children.push_back({task, handle(), true});
  }
}

void actor::run_spmd(const operation& op) {
  const task_index body = op.first;
  book().at(body).submitted = 1;
  for (int node = 0; node < torc::num_nodes(); ++node) count_submission();
  const bool is_to_fail = played().tasks[body].end == fate::failure;
  try {
    const auto values = torc::spmd(spmd_body, ticket(body), op.how != 0);
    if (is_to_fail) complain_of(body, "gives values though it fails on a node");
    if (values.size() != static_cast<std::size_t>(torc::num_nodes())) complain_of(body, "has not one value a node");
    for (const std::uint64_t value : values)
      if (value != played().tasks[body].value) complain_of(body, "has a wrong value");
    m_values[body] = played().tasks[body].value;
  } catch (...) {
    const outcome found = outcome_of_exception();
    if (!is_to_fail || found.text != failure_text(body)) complain_of(body, fmt::format("ends with {}", found.text));
  }
  check_over(body);
}

}  // namespace storm
