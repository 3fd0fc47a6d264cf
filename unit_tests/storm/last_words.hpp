// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <string>

/// What a rank says if it ends in the middle of a program: which one that was, and how to run it again.
namespace storm {

/// From now on crashes of this process print the text that is set, and then do what they do.
void install_last_words();
/// The program that begins; empty between programs. By one thread.
void set_last_words(const std::string& text);
/// Prints it, once. May be called in a signal handler.
void print_last_words() noexcept;

}  // namespace storm
