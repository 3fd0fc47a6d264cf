// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <functional>
#include <map>
#include <stdexcept>
#include <string_view>
#include <thread>
#include <torc/torc.hpp>
#include <vector>

/// One call behind the end of the only session, on every rank.

namespace {

int identity(int x) { return x; }

}  // namespace

int main(int argc, char** argv) {
  torc::future<int> kept;
  torc::start(argc, argv, [&] {
    kept = torc::submit(identity, 1);
    kept.result();
  });
  const std::map<std::string_view, std::function<void()>> calls{
      {"submit", [] { torc::submit(identity, 1); }},
      {"thread", [] { std::thread([] { torc::submit(identity, 1); }).join(); }},
      {"map",
       [] {
         torc::map(identity, std::vector{1, 2});
       }},
      {"executor", [] { const torc::executor some; }},
      {"spmd", [] { torc::spmd([] {}); }},
      {"broadcast", [] { torc::broadcast(1); }},
      {"set_limit", [] { torc::set_limit("some", 1); }},
      {"stats", [] { torc::stats(); }},
      {"then", [&] { kept.then([](int x) { return x; }); }},
      {"wait", [&] { torc::wait(std::vector{kept}); }},
      {"result", [&] { kept.result(); }},
      {"another", [] { throw std::runtime_error("of the program"); }},
      {"caught",
       [] {
         try {
           torc::submit(identity, 1);
         } catch (const torc::error&) {  // NOLINT(*-empty-catch)
         }
       }},
  };
  calls.at(argv[1])();
}
