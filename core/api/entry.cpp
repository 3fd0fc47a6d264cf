// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <torc/detail/entry.hpp>

#include <fmt/format.h>

#include <cmath>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <torc/detail/path.hpp>
#include <torc/error.hpp>
#include <torc/future.hpp>
#include <torc/map.hpp>
#include <torc/rng.hpp>
#include <torc/submit.hpp>

#include "core/base/count_of.hpp"
#include "core/runtime/current.hpp"
#include "core/sched/route/continuation.hpp"
#include "core/sched/worker/calling_task.hpp"
#include "core/sched/worker/completion.hpp"
#include "core/sched/worker/hot_path.hpp"
#include "core/sched/worker/late_result.hpp"
#include "core/sched/worker/scopes.hpp"
#include "core/sched/worker/waiting.hpp"
#include "core/sched/worker/worker.hpp"
#include "core/task/heap.hpp"

/// What the templates of the public headers call.
namespace torc::detail {
namespace {

using runtime::held_scheduler;
using runtime::running_scheduler;
using runtime::submitter;
using sched::worker;

record& calling_task(const char* where) {
  record* const task = sched::calling_task();
  if (task == nullptr) {
    static_cast<void>(running_scheduler(where));
    throw error(fmt::format("{}: only a task can call it, and this thread runs none", where));
  }
  return *task;
}

bool is_of(const held_scheduler& running, const record& task) noexcept {
  return running && task.session == static_cast<std::uint16_t>(running->config().session);
}

[[noreturn]] void throw_session_has_ended(const record& task, const char* where) {
  runtime::refuse_in_child(where);
  throw error(
      fmt::format("{}: the future of task '{}' belongs to a session that has ended", where, task::name_of(task)));
}

/// Nothing for a wait that only asks.
std::string after(time_span timeout) {
  return timeout.count() > 0 ? fmt::format(" after {:g} s", timeout.count()) : std::string();
}

/// A begun task waits for its map, though the executor may be the primary one's.
sched::rank rank_of_elements(const record* caller, const record& owner) noexcept {
  const bool is_begun = caller != nullptr && (caller->flags & record_flags::primary) == 0;
  return is_begun ? sched::rank::below : sched::rank_below(owner);
}

[[gnu::noinline]] allocation allocate_slowly(std::uint8_t size_class, std::size_t bytes) {
  const submitter calling("submit");
  return {allocate_block(size_class, bytes), sched::calling_task()};
}

[[gnu::noinline]] void enqueue_slowly(record& task, record* parent, const task_options* options) {
  const submitter calling("submit");  // making the arguments may have taken long
  record& owner = parent != nullptr ? *parent : calling.task();
  std::optional<sched::scope_hold> hold;
  // An executor's maker may be ending; `calling` keeps the scope of a thread without a task.
  if (parent != nullptr && (owner.flags & record_flags::scope) != 0) hold.emplace(owner);
  running_scheduler("submit").spawn(task, owner, options);
}

}  // namespace

allocation allocate_task(std::uint8_t size_class, std::size_t bytes) {
  const worker* const here = worker::current();
  if (here != nullptr && here->task() != nullptr && size_class != 0) [[likely]] {
    if (void* const block = task::heap::try_allocate(size_class); block != nullptr) return {block, here->task()};
  }
  return allocate_slowly(size_class, bytes);
}

void* allocate_block(std::uint8_t size_class, std::size_t bytes) {
  return size_class != 0 ? task::heap::mine().allocate(size_class)
                         : ::operator new (bytes, std::align_val_t{block_granularity_bytes});
}

void free_block(void* block, std::uint8_t size_class) noexcept {
  if (size_class != 0) {
    task::heap::free(block);
  } else {
    ::operator delete (block, std::align_val_t{block_granularity_bytes});
  }
}

void free_extras(record& task) noexcept { delete std::exchange(task.extras, nullptr); }

void check_session(std::span<record* const> tasks, const char* where) {
  const held_scheduler running;
  for (const record* task : tasks) {
    if (!is_of(running, *task)) throw_session_has_ended(*task, where);
  }
}

void enqueue(record& task, record* parent, const task_options* options) {
  worker* const here = worker::current();
  if (options == nullptr && here != nullptr && parent != nullptr && here->keeps_children_of(*parent)) [[likely]] {
    here->spawn_nested(task, *parent);
    return;
  }
  enqueue_slowly(task, parent, options);
}

void enqueue_with_options(record& task, record* parent, const task_options* options) {
  enqueue_slowly(task, parent, options);
}

void enqueue_after(record& task, std::span<record* const> sources, const char* where, numbering numbered) {
  const submitter calling(where);
  check_session(sources, where);
  record& parent = calling.task();
  const std::uint64_t path = numbered == numbering::below_source
                                 ? mix_callback_path(sources[0]->path, sched::next_callback(*sources[0]))
                                 : sched::scheduler::next_child_path(parent);
  sched::defer(running_scheduler(where), task, parent, path, sources);
}

void name_when_all(record& task, std::size_t num_sources) {
  task::extras_of(task).options.name = "when_all of " + base::count_of(num_sources, "future");
}

void add_reference(record& task) noexcept { task.state.fetch_add(state_bits::reference, std::memory_order_relaxed); }

void release(record& task) noexcept { sched::release_reference(task); }

void wait_children() {
  record& task = calling_task("wait");
  sched::check_may_wait();
  worker::current()->join_children(task);
}

bool wait_done(record& task, const deadline& until) {
  record* const only = &task;
  check_session({&only, 1}, "result");
  return sched::wait_done(task, until);
}

void wait_list(std::span<record* const> tasks, const deadline& until, return_when when) {
  check_session(tasks, "wait");
  sched::wait_list(tasks, until, when);
}

std::exception_ptr failure_of(record& task) {
  sched::read_result(task);
  switch (task.result_kind.load(std::memory_order_acquire)) {
    case outcome::failed:
    case outcome::unreadable:
      task.extras->failure->is_looked_at.store(true, std::memory_order_relaxed);
      return task.extras->failure->exception;
    case outcome::cancelled:
      return std::make_exception_ptr(cancelled_error(fmt::format("task '{}' was cancelled", task::name_of(task))));
    case outcome::stopped:
      return std::make_exception_ptr(stopped_error(
          fmt::format("task '{}' has not begun and will not, since the session ends early", task::name_of(task))));
    default:
      return nullptr;
  }
}

void ready_or_rethrow(record& task) {
  if (const std::exception_ptr failure = failure_of(task)) std::rethrow_exception(failure);
}

bool try_cancel(record& task) {
  if ((task.state.load(std::memory_order_acquire) & state_bits::done) != 0) return has_no_body(task.result_kind);
  const held_scheduler running;  // when the last task is cancelled, the session may end before this has
  if (!is_of(running, task)) throw_session_has_ended(task, "cancel");
  return running->cancel(task);
}

void throw_invalid_future(const char* where) {
  throw error(fmt::format("{}: the future is empty: it was default-constructed or moved from{}", where,
                          runtime::has_ended_on_other_node()
                              ? "; the primary task ran on node 0 alone, and what it sets is set only there"
                              : ""));
}

void throw_timeout(const record& task, time_span timeout) {
  throw timeout_error(fmt::format("task '{}' is not done{}", task::name_of(task), after(timeout)));
}

void throw_retries_need_copies() {
  throw std::invalid_argument("submit: retries need arguments that can be copied; these are moved into the first try");
}

deadline deadline_after(time_span timeout, const char* where) {
  if (std::isnan(timeout.count()))
    throw std::invalid_argument(fmt::format("{}: a timeout must be a number of seconds, not NaN", where));
  const base::time_point until = base::deadline_after(base::now(), timeout);
  if (until == base::time_point::max()) return std::nullopt;
  return until;
}

void on_completion(record& task, completion_hook& hook) { sched::call_when_done(task, hook); }

std::optional<task_options> task_options_of(const map_options& options) {
  if (options.chunksize == 0) throw std::invalid_argument("map: chunksize must be at least 1");
  if (options.retries < 0)
    throw std::invalid_argument(fmt::format("map: retries must be at least 0, not {}", options.retries));
  task_options found{.worker = options.worker,
                     .pinned = options.pinned,
                     .name = options.name,
                     .priority = options.priority,
                     .timeout = options.timeout,
                     .cores = options.cores,
                     .limit = options.limit};
  if (found == task_options{}) return std::nullopt;
  return found;
}

map_caller::map_caller(record* scope, const task_options* options, bool is_on_device)
    : m_task(sched::calling_task()), m_options(options) {
  const submitter calling("map");
  m_owner = scope != nullptr ? scope : &calling.task();
  m_path = sched::scheduler::next_child_path(calling.task());
  const sched::settings& session = running_scheduler("map").config();
  const std::size_t each = 2;  // one runs, the next is there when it ends
  m_window = each * static_cast<std::size_t>(session.nodes.num_workers() + (is_on_device ? session.spaces.slots() : 0));
  // A task cannot complete while it waits for its map. What has no body could, between two elements.
  if ((m_owner->flags & record_flags::scope) != 0) sched::scopes::hold(*m_owner);
}

map_caller::~map_caller() {
  const held_scheduler running;  // also while the owner completes, perhaps as the last of all
  if (m_expected > 0)
    running_scheduler("map").rare_counts().expected.fetch_sub(static_cast<std::int64_t>(m_expected),
                                                              std::memory_order_relaxed);
  if ((m_owner->flags & record_flags::scope) != 0) sched::close_scope(*m_owner);
}

void map_caller::call_in_its_name(void (*call)(void*), void* context) {
  const sched::in_name_of caller(m_task);
  const sched::waiting_ban ban(
      "a map's range was about to wait for a task while torc reads it: make its elements before the map");
  call(context);
}

void map_caller::give_options(record& task) {
  if (m_options != nullptr) running_scheduler("map").give_options(task, *m_owner, *m_options);
}

void map_caller::expect(std::size_t tasks) noexcept {
  m_expected = tasks;
  running_scheduler("map").rare_counts().expected.fetch_add(static_cast<std::int64_t>(tasks),
                                                            std::memory_order_relaxed);
}

void map_caller::count_supplied() noexcept {
  if (m_expected == 0) return;
  --m_expected;
  running_scheduler("map").rare_counts().expected.fetch_sub(1, std::memory_order_relaxed);
}

void map_caller::enqueue(record& task, std::uint64_t path) {
  running_scheduler("map").spawn_at(task, *m_owner, path, rank_of_elements(m_task, *m_owner));
  count_supplied();
}

int map_caller::node_of(const record& done) {
  if (done.started.load(std::memory_order_relaxed) == start_state::ended) return static_cast<int>(done.ran_at);
  return number_of(running_scheduler("map").config().nodes.self());
}

void map_caller::enqueue_at(record& task, std::uint64_t path, int node) {
  sched::scheduler& here = running_scheduler("map");
  const base::node_id to{node};
  // A task that never came to run has not shown that its node is fit for the next.
  const bool has_place =
      m_options == nullptr || (m_options->worker < 0 && m_options->cores <= here.config().nodes.workers_of(to));
  if (has_place) {
    here.spawn_on(to, task, *m_owner, path, rank_of_elements(m_task, *m_owner));
    count_supplied();
  } else {
    enqueue(task, path);
  }
}

bool map_caller::is_stopped() { return running_scheduler("map").is_abandoned(); }

std::exception_ptr map_caller::stopped_failure() {
  return std::make_exception_ptr(
      stopped_error("map: this element has not been read and will not be, since the session ends early"));
}

struct gate::impl {
  sched::baton baton{{sched::wait_kind::map}};
};
gate::gate() : m_impl(std::make_unique<impl>()) {}
gate::~gate() = default;
void gate::wait() noexcept { m_impl->baton.wait(); }
void gate::notify() noexcept { m_impl->baton.notify(); }

struct completions::impl {
  explicit impl(std::span<record* const> tasks) : queue(tasks) {}
  sched::completion_queue queue;
};
completions::completions(std::span<record* const> tasks) {
  check_session(tasks, "as_completed");
  m_impl = std::make_unique<impl>(tasks);
}
completions::~completions() = default;
std::optional<std::size_t> completions::next(const deadline& until, time_span timeout) {
  if (m_impl->queue.left() == 0) return std::nullopt;
  const auto index = m_impl->queue.next(until);
  if (!index)
    throw timeout_error(fmt::format("as_completed: {} not done{}",
                                    base::count_of(m_impl->queue.left(), "future is", "futures are"), after(timeout)));
  return index;
}

record& open_scope() {
  const submitter calling("executor");
  return running_scheduler("executor").scopes().open(calling.task());
}

record& renew_scope(record& scope) {
  sched::check_can_wait_for(scope);
  return held_scheduler("executor")->scopes().open_beside(scope);
}

/// The end of a session closes the scopes that other threads have left open.
void close_scope(record& scope, bool owned_by_task) {
  if (!owned_by_task) sched::check_can_wait_for(scope);
  if (const held_scheduler running; is_of(running, scope)) running->scopes().close(scope, owned_by_task);
  if (!owned_by_task) sched::wait_done(scope, std::nullopt);
  release(scope);
}

void leave_scope(record& scope) noexcept {
  if ((scope.state.load(std::memory_order_acquire) & state_bits::done) != 0) {
    release(scope);
    return;
  }
  try {
    close_scope(scope, false);
  } catch (const std::exception& e) {
    if (const held_scheduler running; is_of(running, scope)) {
      running->failures().add(
          std::make_exception_ptr(error(fmt::format("its scope was left where nothing can wait for its tasks ({}): "
                                                    "they go on, and the task that made it completes after them",
                                                    e.what()))),
          task::name_of(scope));
      running->scopes().close(scope, true);
    }
    release(scope);
  }
}

void check_scope(const record* scope) {
  if (scope == nullptr) throw error("executor: it has been shut down and takes no more tasks");
  sched::scopes::check_open(*scope);
}

path_scope::path_scope(std::uint64_t path)
    : m_task(&calling_task("map")), m_path(m_task->path), m_spawned(m_task->spawned) {
  m_task->path = path;
  m_task->spawned = 0;
  if (m_task->extras != nullptr) m_task->extras->rng.reset();
}

path_scope::~path_scope() {
  m_task->path = m_path;
  m_task->spawned = m_spawned;
  if (m_task->extras != nullptr) m_task->extras->rng.reset();
}

std::uint64_t session_seed() noexcept {
  const runtime::held_session open;
  return open ? open->config().seed : 0;
}

rng_engine& current_task_rng() {
  record& task = calling_task("task_rng");
  auto& rng = task::extras_of(task).rng;
  if (!rng) rng.emplace(session_seed(), task.path, rng_domain::task);
  return *rng;
}

}  // namespace torc::detail
