// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "unit_tests/storm/actor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <thread>
#include <utility>

#include "core/base/clock.hpp"
#include "unit_tests/storm/bodies.hpp"
#include "unit_tests/storm/cancelling.hpp"

#include "unit_tests/storm/stage.hpp"
#include "unit_tests/storm/submission.hpp"

namespace storm {

using namespace std::chrono_literals;

namespace {

void pause(const operation& op) {
  const auto duration = std::chrono::microseconds(op.number);
  const auto until = torc::base::now() + duration;
  switch (op.how) {
    case 0:
      while (torc::base::now() < until) {
      }
      break;
    case 1:
      while (torc::base::now() < until) std::this_thread::yield();
      break;
    default:
      std::this_thread::sleep_for(duration);
  }
}

/// What no task below an spmd may do.
void try_what_is_refused(task_index task) {
  try {
    torc::spmd([] {});
    complain_of(task, "could run an spmd inside another");
  } catch (const torc::error&) {
  }
}

}  // namespace

actor::actor(task_index task, std::uint64_t source_value) : m_task(task), m_source_value(source_value) {}

std::uint64_t actor::play() {
  for (const operation& op : played().operations_of(m_task)) perform(op);
  for (child& c : m_children) settle(c, 0);
  return combine(played(), m_task, [this](task_index other) {
    if (other == played().tasks[m_task].source) return m_source_value;
    const auto found = m_values.find(other);
    if (found != m_values.end()) return found->second;
    complain_of(other, "has given nobody its value");
    return std::uint64_t{0};
  });
}

void actor::perform(const operation& op) {
  switch (op.kind) {
    case op_kind::submit:
      submit(op.first);
      break;
    case op_kind::submit_outside:
      submit_outside(op);
      break;
    case op_kind::run_executor:
      run_executor(op);
      break;
    case op_kind::map:
      map(op);
      break;
    case op_kind::run_spmd:
      run_spmd(op);
      break;
    case op_kind::broadcast:
      broadcast(op);
      break;
    case op_kind::follow:
      follow(op);
      break;
    case op_kind::cancel:
      cancel(op);
      break;
    case op_kind::cancel_rest:
      cancel_rest(op);
      break;
    case op_kind::wait_children:
      wait_children();
      break;
    case op_kind::wait_list:
      wait_list(op);
      break;
    case op_kind::as_completed:
      as_completed(op);
      break;
    case op_kind::settle:
      if (child* const c = find(op.first); c != nullptr) settle(*c, op.how);
      break;
    case op_kind::when_all:
      meet_in_one();
      break;
    case op_kind::switch_stealing:
      op.how != 0 ? torc::enable_stealing() : torc::disable_stealing();
      break;
    case op_kind::pause:
      pause(op);
      break;
    case op_kind::recurse_refused:
      try_what_is_refused(m_task);
      break;
  }
}

actor::child* actor::find(task_index task) {
  const auto found = std::find_if(m_children.begin(), m_children.end(), [&](const child& c) { return c.task == task; });
  return found == m_children.end() ? nullptr : &*found;
}

void actor::submit(task_index task, torc::executor* executor) {
  const bool is_awaited = executor == nullptr && !played().tasks[task].is_outside;
  m_children.push_back({task, submit_task(task, executor), is_awaited});
}

void actor::submit_outside(const operation& op) {
  std::thread([&] {
    for (task_index task = op.first; task < op.first + op.count; ++task) submit(task);
  }).join();
}

void actor::run_executor(const operation& op) {
  {
    torc::executor executor;
    for (task_index task = op.first; task < op.first + op.count; ++task) submit(task, &executor);
    if (op.how == 0) executor.wait();
    if (op.how == 1) executor.shutdown(false);
    if (op.how == 1) return;
  }
  for (task_index task = op.first; task < op.first + op.count; ++task) check_over(task);
}

void actor::broadcast(const operation& op) {
  const auto handed_out = torc::broadcast(words_of(own_value(played(), m_task), op.number));
  for (task_index task = op.first; task < op.first + op.count; ++task) {
    count_submission();
    book().at(task).submitted = 1;
    const torc::future<std::uint64_t> future = torc::submit(reader_body, ticket(task), handed_out);
    m_children.push_back({task, handle(future), true});
  }
}

void actor::follow(const operation& op) {
  const task_plan& plan = played().tasks[op.first];
  const child* const source = find(plan.source);
  const child* const victim = find(plan.victim);
  if (source == nullptr) return;
  handle made = follow_task(op.first, source->future, victim != nullptr ? victim->future : handle());
  m_children.push_back({op.first, std::move(made), true});
}

void actor::cancel(const operation& op) {
  const child* const c = find(op.first);
  if (c == nullptr) return;
  if (op.how == 2) {
    cancel_by_two(c->task, c->future);
    return;
  }
  cancel_task(c->task, c->future);
  if (op.how == 1) cancel_task(c->task, c->future);
}

/// Not only before their bodies begin: as one has completed, results of others are on their way, and as all are waited
/// for, they come while the thread cancels.
void actor::cancel_rest(const operation& op) {
  const auto futures = futures_of<std::uint64_t>();
  const auto cancel_all = [this] {
    for (const child& c : m_children) cancel_task(c.task, c.future);
  };
  if (op.how == 0) {
    if (!futures.empty()) torc::wait(futures, torc::forever, torc::first_completed);
    cancel_all();
  } else {
    std::thread other(cancel_all);
    torc::wait(futures);
    other.join();
  }
}

}  // namespace storm
