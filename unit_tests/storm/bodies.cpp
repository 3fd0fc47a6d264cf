// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "unit_tests/storm/bodies.hpp"

#include <fmt/format.h>

#include <memory>
#include <thread>
#include <torc/mpi.hpp>

#include "core/base/clock.hpp"
#include "unit_tests/storm/actor.hpp"
#include "unit_tests/storm/stage.hpp"

namespace storm {

using namespace std::chrono_literals;

namespace {

/// A body's time from its beginning to its end.
class run {
 public:
  explicit run(task_index task) : m_task(task), m_entry(book().at(task)) {
    const task_plan& plan = played().tasks[task];
    if (m_entry.submitted.load() == 0) complain_of(task, "runs without having been submitted");
    if (m_entry.is_cancelled.load() != 0) complain_of(task, "runs though it was cancelled");
    if (m_entry.is_over.load() != 0) complain_of(task, "runs after somebody has seen its end");
    if (plan.parent != no_task && !plan.is_outside && book().at(plan.parent).is_over.load() != 0)
      complain_of(task, "runs after its parent has completed");
    // Of a gang any worker may lead.
    if (plan.options.pinned && plan.options.cores == 1 && torc::worker_id() != plan.options.worker)
      complain_of(task, "runs elsewhere");
    if (plan.kind == task_kind::spmd_body && torc::worker_local_id() != 0) complain_of(task, "runs elsewhere");
    ++book().moves();
    m_attempt = m_entry.begun.fetch_add(1);
    const bool is_counted = plan.kind != task_kind::element && task != 0;
    if (is_counted && (m_attempt == 0 || plan.kind == task_kind::spmd_body)) count_body();
    if (m_attempt >= expected_runs(played(), task)) complain_of(task, "runs once more than it should");
    if (auto* const units = units_in_use(); units != nullptr) {
      const bool is_of_node = plan.options.limit == limit_kind::per_node;
      const int capacity = is_of_node ? played().node_capacity : played().limit_capacity;
      if (units->fetch_add(plan.options.units) + plan.options.units > capacity)
        complain_of(task, "runs beside too many others of its limit");
    }
    if (is_top() && plan.num_below > 0) open();
  }
  run(const run&) = delete;
  run& operator=(const run&) = delete;
  ~run() {
    if (auto* const units = units_in_use(); units != nullptr) *units -= played().tasks[m_task].options.units;
    if (played().is_flock && m_task != 0) close();
    ++m_entry.ended;
    ++book().moves();
  }
  std::uint32_t attempt() const noexcept { return m_attempt; }

 private:
  std::atomic<std::int32_t>* units_in_use() const {
    switch (played().tasks[m_task].options.limit) {
      case limit_kind::none:
        break;
      case limit_kind::whole_job:
        return &book().job_units_in_use();
      case limit_kind::per_node:
        return &book().node_units_in_use(torc::node_id());
    }
    return nullptr;
  }

  bool is_top() const { return played().is_flock && played().tasks[m_task].parent == 0; }
  void open() const {
    m_entry.num_left = 1 + played().tasks[m_task].num_below;
    const std::uint32_t most = most_open(played());
    if (++book().open_tasks() > most && most > 0) complain_of(m_task, "begins while too many others are open");
  }
  /// There are two levels in a flock.
  void close() const {
    const task_index top = is_top() ? m_task : played().tasks[m_task].parent;
    if (played().tasks[top].num_below > 0 && --book().at(top).num_left == 0) --book().open_tasks();
  }

  task_index m_task;
  task_entry& m_entry;
  std::uint32_t m_attempt = 0;
};

/// Until it is told to stop. It must be told.
void exceed_timeout(task_index task) {
  const auto patience = torc::base::now() + 10s;
  while (!torc::stop_requested()) {
    if (torc::base::now() > patience) {
      complain_of(task, "is not told that its time is over");
      return;
    }
    std::this_thread::yield();
  }
}

/// Until a thread of its home knows that its time is over, which needs no worker and no end of this body.
void exceed_timeout_until_seen(task_index task) {
  exceed_timeout(task);
  for (int looks = 0; book().at(task).is_timed_out.load() == 0; ++looks) {
    if (looks > 10'000) {
      complain_of(task, "goes on, and its home does not hear that its time is over");
      return;
    }
    std::this_thread::sleep_for(1ms);
  }
}

}  // namespace

std::uint64_t play(task_index task, std::uint64_t source_value) {
  const task_plan& plan = played().tasks[task];
  const run now(task);
  if (plan.end == fate::after_retries) {
    const std::uint64_t drawn = torc::task_rng()();
    const std::uint64_t before = book().at(task).random.exchange(drawn);
    if (now.attempt() > 0 && drawn != before) complain_of(task, "draws another number when it is tried again");
    if (now.attempt() < retries) throw std::runtime_error(failure_text(task));
  }
  const std::uint64_t value = actor(task, source_value).play();
  switch (plan.end) {
    case fate::value:
    case fate::after_retries:
      break;
    case fate::failure:
      if (plan.kind == task_kind::spmd_body && torc::node_id() != static_cast<int>(plan.size)) break;
      throw std::runtime_error(failure_text(task));
    case fate::strange_failure:
      throw strange_failure{task};
    case fate::past_timeout:
      exceed_timeout(task);
      break;
    case fate::beyond_timeout:
      exceed_timeout_until_seen(task);
      break;
  }
  return value;
}

namespace {

std::uint32_t help() {
  count_body();
  return 1;
}

torc::future<std::uint32_t> submit_help(int worker) {
  count_submission();
  try {
    return torc::submit({.worker = worker}, help);
  } catch (...) {
    uncount_submission();
    throw;
  }
}

}  // namespace

void ask_for_help() {
  if (submit_help(0).result() != 1) throw std::logic_error("help has a wrong value");
}

void refuse_help() { submit_help(torc::num_workers() - 1).cancel(); }

void nothing_body(const ticket& own) { play(own.task()); }
std::uint64_t number_body(const ticket& own) { return play(own.task()); }

words big_body(const ticket& own, const words& given) {
  const task_plan& plan = played().tasks[own.task()];
  if (given != words_of(own_value(played(), own.task()), plan.size)) complain_of(own.task(), "got a wrong argument");
  return words_of(play(own.task()), plan.size);
}

moved moved_body(const ticket& own, const moved& given) {
  if (given == nullptr || *given != own_value(played(), own.task())) complain_of(own.task(), "got a wrong argument");
  return std::make_unique<std::uint64_t>(play(own.task()));
}

fragile fragile_body(const ticket& own, const fragile& given, std::uint64_t check) {
  const std::uint64_t expected = own_value(played(), own.task());
  if (given.value() != expected || check != expected) complain_of(own.task(), "got a wrong argument");
  const task_plan& plan = played().tasks[own.task()];
  return {play(own.task()), plan.trouble_in_result ? plan.with : trouble::none};
}

std::uint64_t reader_body(const ticket& own, const torc::broadcast_handle<words>& given) {
  const words& value = *given;
  if (value.empty() || value != words_of(value.front(), static_cast<std::uint32_t>(value.size())) ||
      value.front() != own_value(played(), played().tasks[own.task()].parent))
    complain_of(own.task(), "got a wrong broadcast value");
  return play(own.task());
}

std::uint64_t device_body(const space& exec, const ticket& own) {
  exec.enqueue([left = own.task() % 5]() mutable { return left-- == 0; });
  if (own.task() % 3 == 0) torc::fence(exec);
  const std::uint64_t value = play(own.task());
  exec.enqueue([left = own.task() % 7]() mutable { return left-- == 0; });
  return value;
}

std::uint64_t element_body(const ticket& own) { return play(own.task()); }

std::uint64_t element_of_two_body(const ticket& own, std::uint64_t check) {
  if (check != own_value(played(), own.task())) complain_of(own.task(), "got another element of the second range");
  return play(own.task());
}

std::uint64_t spmd_body(const ticket& own, bool meets_the_others) {
  if (meets_the_others) MPI_Barrier(torc::mpi_comm());
  const std::uint64_t value = play(own.task());
  if (meets_the_others) MPI_Barrier(torc::mpi_comm());
  return value;
}

}  // namespace storm
