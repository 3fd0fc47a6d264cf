// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <torc/detail/archive.hpp>
#include <torc/detail/entry.hpp>

#include <cstddef>
#include <span>
#include <torc/node.hpp>
#include <vector>

#include "core/sched/calling_task.hpp"
#include "core/task/extras.hpp"
#include "core/task/failure_codec.hpp"

namespace torc::detail {

void encode_failure(output_archive& out, const std::exception_ptr& failure) {
  const record* const task = sched::calling_task();
  std::vector<std::byte> bytes;
  output_archive apart(bytes);
  task::encode_failure(failure, node_id(), task != nullptr ? task::name_of(*task) : "unknown", apart);
  out(bytes);
}

std::exception_ptr decode_failure(input_archive& in) {
  std::vector<std::byte> bytes;
  in(bytes);
  input_archive apart{std::span<const std::byte>(bytes)};
  return task::decode_failure(apart);
}

}  // namespace torc::detail
