// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <functional>
#include <map>
#include <stdexcept>
#include <string_view>
#include <thread>
#include <torc/torc.hpp>
#include <vector>

/// One call before the first session, on every rank.

namespace {

int identity(int x) { return x; }

[[noreturn]] void own_handler() {
  std::puts("the program's own handler");
  std::fflush(stdout);
  std::_Exit(7);
}

}  // namespace

int main(int argc, char** argv) {
  const std::map<std::string_view, std::function<void()>> calls{
      {"submit", [] { torc::submit(identity, 1); }},
      {"thread", [] { std::thread([] { torc::submit(identity, 1); }).join(); }},
      {"map",
       [] {
         torc::map(identity, std::vector{1, 2});
       }},
      {"launch", [] { torc::launch(); }},
      {"another", [] { throw std::runtime_error("of the program"); }},
      {"own_handler",
       [] {
         std::set_terminate(own_handler);
         torc::submit(identity, 1);
       }},
  };
  calls.at(argv[1])();
  return torc::start(argc, argv, [] {});
}
