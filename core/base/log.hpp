// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <fmt/core.h>

#include <cstddef>
#include <string_view>
#include <utility>

/// torc's own lines. All go to standard error, so that the program's results are alone on standard output. Each begins
/// with "TORC: " and reaches the stream whole, however many threads write.
namespace torc::base::log {

/// Writes "TORC: ", the text and a line end to standard error in one system call.
void write_error_line(std::string_view text) noexcept;

/// From now on show_status shows texts.
void begin_status() noexcept;
/// Shows a text, in which no line ends, in the last line of the terminal that standard error is, in the place of the
/// one before. Lines of torc's own are written above it; whatever else the program writes to the terminal is not. What
/// the terminal's width has no room for is left out. Does nothing once the status has been ended.
void show_status(std::string_view text) noexcept;
/// How many columns the terminal has for such a text now.
std::size_t status_columns() noexcept;
/// What is shown is not true any more: it goes with the next line, and no text comes after it. Writes nothing, and
/// waits for nobody.
void end_status() noexcept;
/// Ends it and takes it away at once.
void clear_status() noexcept;

/// Brings out what the program has printed through stdio, unless some thread is printing just now: before a line that
/// readers of both streams expect after it, and at the end of a process whose threads go on.
void flush_output() noexcept;

/// Formats a line and writes it to standard error.
template <class... Args>
void line(fmt::format_string<Args...> format, Args&&... args) {
  write_error_line(fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace torc::base::log
