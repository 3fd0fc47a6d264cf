// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/record.hpp>

#include <cstddef>

/// The functions through which the templates for device tasks call the runtime.
namespace torc::detail {

/// What a device task asks for.
struct space_request {
  const char* space;     ///< name of the execution space
  bool is_for_host_too;  ///< a worker may run it without one
};

/// Of a task that is not queued yet. Throws device_error if no node has the space, torc::error outside a session.
void require_space(record& task, const space_request& request);
/// The instance of that space that the calling task has, a `const Space*`; null if it has none.
const void* slot_instance(const char* space) noexcept;
[[noreturn]] void throw_no_slot(const char* space);
/// Suspends the calling device task until its slot is idle. Throws device_error.
void wait_for_slot();
/// The same for the last time, at the end of its body.
void finish_slot_work();
/// The same for a body that has thrown: what the device fails in meanwhile is only logged.
void abandon_slot_work() noexcept;
/// Whether what it has enqueued may still be under way when a call returns.
bool is_slot_asynchronous() noexcept;
/// Memory of the calling task's slot, for its life. Throws device_error; torc::error if it has none.
void* slot_scratch(std::size_t size_bytes, bool is_host, const char* where);

}  // namespace torc::detail
