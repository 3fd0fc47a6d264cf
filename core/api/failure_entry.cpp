// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <torc/detail/archive.hpp>
#include <torc/detail/entry.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <span>
#include <sstream>
#include <string>
#include <torc/node.hpp>
#include <vector>

#include "core/sched/scheduler.hpp"
#include "core/sched/worker/calling_task.hpp"
#include "core/sched/worker/worker.hpp"
#include "core/task/extras.hpp"
#include "core/task/failure_codec.hpp"
#include "core/task/failures.hpp"

namespace torc::detail {
namespace {

std::string in_words(std::size_t index, int attempt, const std::string& input) {
  std::string element = fmt::format("at element {} of its map, ", index);
  if (!input.empty()) element += fmt::format("which is {}, ", input);
  if (attempt > 1) element += fmt::format("in attempt {}, ", attempt);
  return element;
}

/// Where the task's element threw what it keeps; empty of any other failure.
std::string place_of_kept(const record* task, const std::exception_ptr& failure) {
  const sched::worker* const here = sched::worker::current();
  if (task == nullptr || task->extras == nullptr || here == nullptr) return {};
  const auto& all = task->extras->kept_failures;
  const auto found = std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.exception == failure; });
  return found != all.end() ? found->element + here->place() : std::string();
}

}  // namespace

void encode_failure(output_archive& out, const std::exception_ptr& failure) {
  const record* const task = sched::calling_task();
  std::vector<std::byte> bytes;
  output_archive apart(bytes);
  task::encode_failure(failure, node_id(), task != nullptr ? task::name_of(*task) : "unknown",
                       place_of_kept(task, failure), apart);
  out(bytes);
}

void note_element(std::size_t index, int attempt, const std::string& input) {
  record* const task = sched::calling_task();
  if (task == nullptr) return;
  task::extras_of(*task).element = in_words(index, attempt, input);
}

void note_kept_failure(const std::exception_ptr& failure, std::size_t index, int attempt, const std::string& input) {
  record* const task = sched::calling_task();
  if (task == nullptr) return;
  if (!task::is_stopped_error(failure)) sched::worker::current()->scheduler().note_failed(*task);
  if ((task->flags & record_flags::guest) == 0) return;
  task::extras_of(*task).kept_failures.push_back({failure, in_words(index, attempt, input)});
}

std::string shown(void (*write)(std::ostream&, const void*), const void* value) {
  constexpr std::size_t longest = 80;
  try {
    std::ostringstream out;
    write(out, value);
    std::string text = out.str();
    return text.size() <= longest && text.find('\n') == std::string::npos ? text : std::string();
  } catch (...) {
    return {};  // the failure that is told of matters more
  }
}

std::exception_ptr decode_failure(input_archive& in) {
  std::vector<std::byte> bytes;
  in(bytes);
  input_archive apart{std::span<const std::byte>(bytes)};
  return task::decode_failure(apart);
}

}  // namespace torc::detail
