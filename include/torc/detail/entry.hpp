// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/record.hpp>
#include <torc/task_options.hpp>
#include <torc/time_span.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

/// The functions through which the templates of the public headers call the runtime.
namespace torc::detail {

using deadline = std::optional<std::chrono::steady_clock::time_point>;

/// Memory for a record and the task that will be its parent: null if the thread runs none.
struct allocation {
  void* block;
  record* parent;
};

/// Throws torc::error if no session is running or this thread may not submit.
allocation allocate_task(std::uint8_t size_class, std::size_t bytes);
/// The memory alone.
void* allocate_block(std::uint8_t size_class, std::size_t bytes);
void free_block(void* block, std::uint8_t size_class) noexcept;
void free_extras(record& task) noexcept;

/// Queues the task, without a parent below what the running session has for threads that run no task; it may have run
/// when this returns. `options` may be null. On an exception the record is still the caller's.
void enqueue(record& task, record* parent, const task_options* options);
/// The same for a task with a request of its own (see require_space).
void enqueue_with_options(record& task, record* parent, const task_options* options);
/// Throws torc::error, beginning with `where`, if one of them is not of the running session.
void check_session(std::span<record* const> tasks, const char* where);
enum class numbering { below_caller, below_source };
/// Queues the task, below the calling one, once all sources are done. `numbered`: for its path, below the first source
/// or the calling task.
void enqueue_after(record& task, std::span<record* const> sources, const char* where, numbering numbered);

/// As what it is, since it has no function of the user's to be named after: "when_all of 12 futures".
void name_when_all(record& task, std::size_t num_sources);

void add_reference(record& task) noexcept;
/// Gives up one reference; the last one destroys the record.
void release(record& task) noexcept;

/// The name of a function that other nodes can find it by, in 16 bytes. Throws identity_error if it is in no module.
void encode_function(output_archive& out, const void* function);
/// Throws identity_error if this node does not have the function.
const void* decode_function(input_archive& in);
/// The same, null for what cannot be read or found.
const void* find_function(input_archive& in) noexcept;

/// What task_codec promises, given what only its type of task can do. In the library, not in each type's code.
using task_writer = void (*)(const record&, output_archive&);
void encode_arguments(const record& from, output_archive& out, task_writer write);
/// `read` makes a record with record::operator new; `write_result` is null if there is none.
void call_visitor(input_archive& in, output_archive& out, record& (*read)(input_archive&), task_writer write_result);
void decode_result(record& into, input_archive& in, void (*read)(record&, input_archive&));
[[noreturn]] void throw_missing_value();
/// What the calling task's body has thrown, or a part of it, as torc::remote_failure says.
void encode_failure(output_archive& out, const std::exception_ptr& failure);
/// Throws serialization_error.
std::exception_ptr decode_failure(input_archive& in);
/// Before the calling task, of a map, throws what this element threw at last.
void note_element(std::size_t index, int attempt, const std::string& input);
/// The same of an element whose failure the calling task returns as a value. The task counts as failed then.
void note_kept_failure(const std::exception_ptr& failure, std::size_t index, int attempt, const std::string& input);
/// What `write` writes, if that is one line; else empty.
std::string shown(void (*write)(std::ostream&, const void*), const void* value);

/// Suspends the calling task until all its children have completed.
void wait_children();
/// Suspends the calling task (blocks a foreign thread) until the future is done; false if the deadline came first.
bool wait_done(record& task, const deadline& until);
/// Until all, one, or one failed of them is done, or the deadline.
void wait_list(std::span<record* const> tasks, const deadline& until, return_when when);

/// Of a future that is done: returns once its value is there, which it may have to make of the bytes that have come
/// from another node; or rethrows its failure, which is looked at then.
void ready_or_rethrow(record& task);
/// The failure, or null, as ready_or_rethrow finds it.
std::exception_ptr failure_of(record& task);
bool try_cancel(record& task);
[[noreturn]] void throw_invalid_future(const char* where);
/// `timeout` is what was given.
[[noreturn]] void throw_timeout(const record& task, time_span timeout);

/// Calls back inline, on the thread that completes the task, before its parent can go on; it must be short and may not
/// wait.
struct completion_hook {
  virtual void completed(record& task) noexcept = 0;

 protected:
  ~completion_hook() = default;
};
void on_completion(record& task, completion_hook& hook);

/// While it lives, values become bytes or bytes values on this thread, by the user's code too, and that may neither
/// submit nor wait: it would throw serialization_error.
class codec_scope {
 public:
  codec_scope() noexcept;
  codec_scope(const codec_scope&) = delete;
  codec_scope& operator=(const codec_scope&) = delete;
  ~codec_scope();

 private:
  sched::worker* m_worker;
};

/// Who calls map, and below what its tasks go: that is kept from completing meanwhile.
class map_caller {
 public:
  /// Below `scope`, or below the calling task if that is null; its tasks have these options, null if none.
  map_caller(record* scope, const task_options* options, bool is_on_device);
  map_caller(const map_caller&) = delete;
  map_caller& operator=(const map_caller&) = delete;
  ~map_caller();

  /// For the elements: below the calling task, one for the whole map.
  std::uint64_t path() const noexcept { return m_path; }
  /// How many tasks keep all workers of all nodes busy, and all slots: each has one to go on with.
  std::size_t window() const noexcept { return m_window; }

  /// Calls `read` on this thread, whichever that is, in the name of the task that called map: what `read` submits and
  /// draws is that task's. Waiting in it throws torc::error. One thread at a time, while that task waits or on its own.
  template <class Read>
  void read_in_its_name(Read read) {
    call_in_its_name([](void* context) { (*static_cast<Read*>(context))(); }, &read);
  }

  /// So many tasks will be queued, unless an element cannot be read: for those who want to know how far the job is.
  /// Before the first.
  void expect(std::size_t tasks) noexcept;
  /// Before a task of the map is queued. Throws for bad options.
  void give_options(record& task);
  /// Queues it where the options or the placement put it.
  void enqueue(record& task, std::uint64_t path);
  /// The same, unless the options name a worker, on a node that has become free: node_of(one that is done).
  void enqueue_at(record& task, std::uint64_t path, int node);
  static int node_of(const record& done);
  /// Whether the session ends early: whatever is queued from now on will not begin.
  static bool is_stopped();
  /// What that gives those whose elements are not even read.
  static std::exception_ptr stopped_failure();

 private:
  void call_in_its_name(void (*call)(void*), void* context);
  void count_supplied() noexcept;

  record* m_task;   ///< null for a thread that runs none
  record* m_owner;  ///< of its tasks
  const task_options* m_options;
  std::uint64_t m_path;
  std::size_t m_window;
  std::size_t m_expected = 0;  ///< that are not queued yet
};

/// One suspended task (or blocked thread) that a hook resumes: wait returns after notify, whichever comes first.
class gate {
 public:
  /// By who will wait. Throws torc::error if that would be refused.
  gate();
  gate(const gate&) = delete;
  gate& operator=(const gate&) = delete;
  ~gate();
  void wait() noexcept;
  void notify() noexcept;

 private:
  struct impl;
  std::unique_ptr<impl> m_impl;
};

/// Futures in the order in which they complete.
class completions {
 public:
  explicit completions(std::span<record* const> tasks);
  completions(const completions&) = delete;
  completions& operator=(const completions&) = delete;
  ~completions();
  /// Index of the next one that is done; nullopt when all have been given. Throws timeout_error at the deadline, which
  /// is `timeout` after the call of as_completed.
  std::optional<std::size_t> next(const deadline& until, time_span timeout);

 private:
  struct impl;
  std::unique_ptr<impl> m_impl;
};

/// A record without a body: tasks whose parent it is complete it once it is closed.
record& open_scope();
/// Another one of the same task, before this one is closed. Throws what closing it and waiting would throw.
record& renew_scope(record& scope);
/// The scope completes with its last task. Waits for that, or lets the completion of the task that opened it wait if
/// `owned_by_task`. Throws torc::error if waiting is refused; then nothing has happened.
void close_scope(record& scope, bool owned_by_task);
/// As close_scope. Where waiting is refused, that becomes a failure which nobody has looked at.
void leave_scope(record& scope) noexcept;
/// Throws if the scope is null or closed.
void check_scope(const record* scope);

/// One spmd of the calling task, from when it is its turn.
class spmd_turn {
 public:
  /// Waits for the turn. `is_local`: its bodies cannot go to other nodes. Throws torc::error inside another spmd.
  explicit spmd_turn(bool is_local);
  spmd_turn(const spmd_turn&) = delete;
  spmd_turn& operator=(const spmd_turn&) = delete;
  /// The next one's turn. Bodies that were added and not run are cancelled.
  ~spmd_turn();
  int num_nodes() const noexcept;
  /// The body of the next node.
  void add(record& body);
  /// Runs all bodies; returns when all are done.
  void run();

 private:
  struct impl;
  std::unique_ptr<impl> m_impl;
};

/// Names a broadcast value among those of all sessions of a process.
struct broadcast_name {
  std::int32_t node = -1;
  std::uint64_t id = 0;
  std::uint64_t session = 0;
};
/// Whether a value must be encoded, because there are other nodes.
bool broadcast_travels();
using broadcast_reader = std::shared_ptr<const void> (*)(input_archive&);
/// The value as bytes. Throws serialization_error if it cannot be written.
std::vector<std::byte> encode_broadcast(const void* value, void (*write)(const void*, output_archive&));
/// Throws serialization_error.
std::shared_ptr<const void> decode_broadcast(const std::vector<std::byte>& bytes, broadcast_reader read);
/// Sends the bytes to all other nodes.
broadcast_name send_broadcast(std::vector<std::byte> bytes);
/// Makes the value known to tasks that bring its name back to this node.
void keep_broadcast(const broadcast_name& name, const std::shared_ptr<const void>& value);
void forget_broadcast(const broadcast_name& name) noexcept;
/// The value; waits until it has come. Throws serialization_error if it cannot be read.
std::shared_ptr<const void> find_broadcast(const broadcast_name& name, broadcast_reader read);

/// For the time of one element, the calling task draws and numbers children as the element's own path.
class path_scope {
 public:
  explicit path_scope(std::uint64_t path);
  path_scope(const path_scope&) = delete;
  path_scope& operator=(const path_scope&) = delete;
  ~path_scope();

 private:
  record* m_task;
  std::uint64_t m_path;
  std::uint64_t m_spawned;
};
}  // namespace torc::detail
