// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstdint>
#include <torc/device.hpp>
#include <torc/torc.hpp>

#include "unit_tests/storm/backends.hpp"
#include "unit_tests/storm/values.hpp"

/// What the tasks of random programs are to torc: functions. Each plays its part in the program.
namespace storm {

/// Does what the program says of the task and keeps account of it: the task's value, or its failure. With the value of
/// what it continues, if it takes that.
std::uint64_t play(task_index task, std::uint64_t source_value = 0);

void nothing_body(const ticket& own);
std::uint64_t number_body(const ticket& own);
words big_body(const ticket& own, const words& given);
moved moved_body(const ticket& own, const moved& given);
/// The last argument shows whether the one before it was read to its end.
fragile fragile_body(const ticket& own, const fragile& given, std::uint64_t check);
std::uint64_t reader_body(const ticket& own, const torc::broadcast_handle<words>& given);
std::uint64_t device_body(const space& exec, const ticket& own);
std::uint64_t element_body(const ticket& own);
std::uint64_t element_of_two_body(const ticket& own, std::uint64_t check);
std::uint64_t spmd_body(const ticket& own, bool meets_the_others);

}  // namespace storm
