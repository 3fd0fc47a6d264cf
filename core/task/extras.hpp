// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/record.hpp>
#include <torc/rng.hpp>
#include <torc/task_options.hpp>

#include <atomic>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace torc::sched {
struct gang;
struct lease;
}  // namespace torc::sched

namespace torc::task {

/// How a body failed. Shared by the record and the list of failures that nobody has looked at.
struct failure {
  std::exception_ptr exception;
  std::string task_name;
  std::string place;  ///< as torc::remote_failure::place; empty for one that came from another node
  std::atomic<bool> is_looked_at{false};
};

}  // namespace torc::task

namespace torc::detail {

/// What an element of a map threw that the map keeps, and which element that was, in words.
struct kept_failure {
  std::exception_ptr exception;
  std::string element;
};

/// What few tasks need. Made at submission for options, else by the thread that runs the body.
struct task_extras {
  task_options options;
  double priority = 0;                      ///< given or inherited; only of those that are prioritised
  std::shared_ptr<task::failure> failure;   ///< written before `done`
  std::string element;                      ///< of a map, in words, if it has thrown; owner only
  std::vector<kept_failure> kept_failures;  ///< of a guest, whose failures travel home as values; owner only
  std::optional<rng_engine> rng;            ///< owner only
  std::shared_ptr<sched::gang> gang;        ///< the workers it occupies; owner only
  std::atomic<bool> has_failed{false};      ///< as far as failed tasks are counted; see scheduler::note_failed
  std::atomic<bool> is_stop_requested{false};
  int space = -1;                           ///< of a device task: its number among those of all nodes
  bool is_for_host_too = false;             ///< a worker may run it without a slot
  sched::lease* lease = nullptr;            ///< of the device task's running body; owner only
  std::atomic<std::int64_t> units_held{0};  ///< of its limit; written under the limits' lock
  bool is_resting = false;                  ///< it has been suspended with them; guarded by that lock
};

}  // namespace torc::detail

namespace torc::task {

/// The record's extras, made if it has none. Only by the thread that submits or runs the task.
detail::task_extras& extras_of(detail::record& task);

/// What a task is called, with nothing looked up yet: had without any lock while the record lives.
struct naming {
  static constexpr std::size_t most_bytes = 200;
  std::string given;               ///< in its options, as far as anybody reads it
  const void* function = nullptr;  ///< that it runs, if that is known
  const char* type = nullptr;      ///< as task_type::type_name gives it
};
naming naming_of(const detail::record& task);

/// The name in its options, else its function's, else its callable's type.
std::string name_of(const naming& task);
/// All of it.
std::string name_of(const detail::record& task);

}  // namespace torc::task
