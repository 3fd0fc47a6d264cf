// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/archive.hpp>

#include <exception>
#include <string>

/// Failures of tasks as bytes. See torc::remote_failure for what becomes of which.
namespace torc::task {

/// Writes what the task threw on this node. One that came from elsewhere keeps its first node, task, type and place.
/// Without a place, that is the node.
void encode_failure(const std::exception_ptr& failure, int node, const std::string& task_name, const std::string& place,
                    detail::output_archive& out);

/// Throws serialization_error for bytes that are no failure.
std::exception_ptr decode_failure(detail::input_archive& in);

}  // namespace torc::task
