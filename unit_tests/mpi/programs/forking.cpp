// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <thread>
#include <torc/torc.hpp>
#include <vector>

/// A task, main or a thread forks, and the child does what it may not: `forking WHO WHAT`.
namespace {

std::atomic<bool> g_is_over{false};  ///< the child

int identity(int x) { return x; }

/// What the child says of the call, and then that it has gone on to its end.
void call(const std::function<void()>& some) {
  try {
    some();
    std::fprintf(stderr, "nothing was thrown\n");
  } catch (const torc::error& e) {
    std::fprintf(stderr, "caught %s\n", e.what());
  }
  std::exit(9);
}

const std::map<std::string_view, std::function<void(const torc::future<int>&)>>& deeds() {
  static const std::map<std::string_view, std::function<void(const torc::future<int>&)>> all{
      {"submit", [](const auto&) { call([] { torc::submit(identity, 1).result(); }); }},
      {"wait", [](const auto&) { call([] { torc::wait(); }); }},
      {"result", [](const auto& open) { call([&] { open.result(); }); }},
      {"map", [](const auto&) { call([] {
                                  torc::map(identity, std::vector{1, 2});
                                }); }},
      {"executor", [](const auto&) { call([] { torc::executor().submit(identity, 1); }); }},
      {"shutdown", [](const auto&) { call([] { torc::shutdown(); }); }},
      {"init", [](const auto&) { call([] { torc::init(torc::options{}); }); }},
      {"uncaught", [](const auto&) { torc::submit(identity, 1); }},
      {"returns", [](const auto&) {}},
  };
  return all;
}

/// Of a child that does it.
int status_of_child(std::string_view what) {
  const auto open = torc::submit(torc::local([] {
    g_is_over.wait(false);
    return 1;
  }));
  const pid_t child = ::fork();
  if (child == 0) {
    deeds().at(what)(open);
    return -1;
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  g_is_over = true;
  g_is_over.notify_all();
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int run(std::string_view who, std::string_view what) {
  if (who == "main") return status_of_child(what);
  if (who == "task") return torc::submit(torc::local([what] { return status_of_child(what); })).result();
  int status = -1;
  std::thread([&] { status = status_of_child(what); }).join();
  return status;
}

}  // namespace

int main(int argc, char** argv) {
  return torc::start(argc, argv, [&] { std::printf("the child ended with %d\n", run(argv[1], argv[2])); });
}
