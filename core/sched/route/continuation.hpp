// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <torc/detail/entry.hpp>

#include <cstdint>
#include <span>

namespace torc::sched {

class scheduler;

/// Counts the task as a child of `parent` and queues it once all sources are done: as what is below a begun task,
/// whoever has added it, because it belongs to its sources.
void defer(scheduler& of, detail::record& task, detail::record& parent, std::uint64_t path,
           std::span<detail::record* const> sources);

/// Calls the hook on the thread that completes the task.
void call_when_done(detail::record& task, detail::completion_hook& hook);

}  // namespace torc::sched
