// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <thread>
#include <torc/torc.hpp>

/// A program whose static initialisers have set a terminate handler: it goes first, also where torc would say what was
/// wrong with a call.
namespace {

[[noreturn]] void end() noexcept {
  std::puts("the program's own handler");
  std::fflush(stdout);
  std::_Exit(7);
}

const std::terminate_handler before = std::set_terminate(end);

}  // namespace

int main(int argc, char** argv) {
  torc::init(argc, argv);
  std::thread([] { torc::submit([] {}); }).join();  // no primary task is running, and nobody catches that
  return before != nullptr ? EXIT_FAILURE : EXIT_SUCCESS;
}
