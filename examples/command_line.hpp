// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors

#pragma once

#include <CLI/CLI.hpp>
#include <cstdio>
#include <optional>
#include <string>

namespace examples {

/// Exit status of a program that was given bad input; torc uses it for bad configuration.
inline constexpr int bad_input = 2;

/// Says on standard error, in one line, what is wrong with the input of a program, and returns the status to end with.
inline int refuse(const std::string& program, const std::string& message) {
  std::fprintf(stderr, "%s: %s (%s --help explains the options)\n", program.c_str(), message.c_str(), program.c_str());
  return bad_input;
}

/// Reads the command line into the variables bound to app. Returns nothing when the program is to go on, else the
/// status to end with: help was printed (0) or the input was refused (2). In SPMD code only one node should speak.
inline std::optional<int> parse(CLI::App& app, int argc, char** argv, bool speaks = true) {
  try {
    app.parse(argc, argv);
    return std::nullopt;
  } catch (const CLI::Success& request) {
    return speaks ? app.exit(request) : request.get_exit_code();
  } catch (const CLI::ParseError& error) {
    return speaks ? refuse(app.get_name(), error.what()) : bad_input;
  }
}

}  // namespace examples
