// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <fmt/format.h>

#include <algorithm>

#include "unit_tests/storm/actor.hpp"
#include "unit_tests/storm/stage.hpp"

/// The operations that wait.
namespace storm {

using namespace std::chrono_literals;

namespace {

constexpr torc::time_span short_while = 50us;

torc::time_span time_of(wait_time given) {
  switch (given) {
    case wait_time::forever:
      return torc::forever;
    case wait_time::none:
      return 0s;
    case wait_time::short_while:
      return short_while;
  }
  return torc::forever;
}

/// Its failure, if it is done soon enough.
template <class Future>
void look_briefly(const Future& f) {
  try {
    static_cast<void>(f.exception(short_while));
  } catch (const torc::timeout_error&) {
  }
}

template <class Future>
bool has_failed(const Future& f) {
  return f.exception() != nullptr;
}

}  // namespace

void actor::wait_children() {
  torc::wait();
  for (const child& c : m_children) {
    if (!c.is_awaited) continue;
    with_future(c.future, [&](const auto& future) {
      if (!future.done()) complain_of(c.task, "is not done after wait()");
    });
    check_over(c.task);
  }
}

template <class R>
void actor::wait_for_these(const operation& op) {
  const auto futures = futures_of<R>();
  const auto when = static_cast<torc::return_when>(op.how);
  const bool has_time = static_cast<wait_time>(op.number) == wait_time::forever;
  const auto [done, not_done] = torc::wait(futures, time_of(static_cast<wait_time>(op.number)), when);
  if (done.size() + not_done.size() != futures.size()) complain_of(m_task, "got back other futures than it waited for");
  if (!std::all_of(done.begin(), done.end(), [](const auto& f) { return f.done(); }))
    complain_of(m_task, "got a future as done that is not");
  if (!has_time || futures.empty() || not_done.empty()) return;
  if (when == torc::all_completed) complain_of(m_task, "waited for all and got some that are not done");
  if (when == torc::first_completed && done.empty()) complain_of(m_task, "waited for the first and got none");
  if (when == torc::first_exception && std::none_of(done.begin(), done.end(), has_failed<torc::future<R>>))
    complain_of(m_task, "waited for the first failure and got none");
}

void actor::wait_list(const operation& op) {
  wait_for_these<void>(op);
  wait_for_these<std::uint64_t>(op);
  wait_for_these<words>(op);
  wait_for_these<moved>(op);
  wait_for_these<fragile>(op);
}

template <class R>
void actor::take_as_completed(std::size_t most, torc::time_span longest) {
  const auto futures = futures_of<R>();
  std::size_t taken = 0;
  try {
    for (const auto& f : torc::as_completed(futures, longest)) {
      if (!f.done()) complain_of(m_task, "got a future as completed that is not");
      if (++taken == most) return;
    }
  } catch (const torc::timeout_error&) {
    if (longest == torc::forever) complain_of(m_task, "had no time to see what completes, and should have all");
    return;
  }
  if (taken != futures.size())
    complain_of(m_task, fmt::format("got {} futures as completed instead of {}", taken, futures.size()));
}

void actor::as_completed(const operation& op) {
  const std::size_t most = op.number == ~0U ? ~std::size_t{0} : op.number + 1;
  const torc::time_span longest = op.how == 0 ? torc::time_span(torc::forever) : short_while;
  take_as_completed<void>(most, longest);
  take_as_completed<std::uint64_t>(most, longest);
  take_as_completed<words>(most, longest);
}

void actor::meet_in_one() {
  std::vector<torc::future<std::uint64_t>> sound;
  std::vector<std::uint64_t> expected;
  for (const child& c : m_children) {
    const auto* future = std::get_if<torc::future<std::uint64_t>>(&c.future);
    if (future == nullptr || !is_sure(played(), c.task)) continue;
    sound.push_back(*future);
    expected.push_back(played().tasks[c.task].value);
  }
  count_submission();
  count_body();
  if (torc::when_all(sound).result() != expected) complain_of(m_task, "got wrong values from when_all");
}

void actor::settle(child& c, int how) {
  if (c.is_settled) return;
  with_future(c.future, [&]<class R>(const torc::future<R>& future) {
    if (how == 1) look_briefly(future);
    while (how == 2 && !future.done()) {
      try {
        future.result(0s);
      } catch (...) {  // mostly that it is not done; else it is seen below
      }
    }
    const outcome found = outcome_of(future);
    if (!future.done()) complain_of(c.task, "has given its result and is not done");
    if (future.running()) complain_of(c.task, "has given its result and is running");
    check_outcome(c.task, found);
    if (found.how == ending::value) m_values[c.task] = found.number;
    const task_entry& entry = book().at(c.task);
    const task_plan& plan = played().tasks[c.task];
    if (plan.takes_value && found.how != ending::cancelled && entry.begun.load() == 0) count_body();
    c.is_settled = true;
  });
}

}  // namespace storm
