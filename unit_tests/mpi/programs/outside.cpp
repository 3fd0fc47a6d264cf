// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <torc/mpi.hpp>
#include <torc/torc.hpp>
#include <vector>

/// Calls torc where no primary task runs, on every rank, as who takes main for what runs once would: `outside HOW`.
/// Prints what each call throws.
namespace {

int work(int x) { return x; }

torc::future<int(int)> kept;

void attempt(const std::string& when, const std::function<void()>& call) {
  try {
    call();
    std::printf("%s: nothing was thrown\n", when.c_str());
  } catch (const std::exception& e) {
    std::printf("%s: %s\n", when.c_str(), e.what());
  }
  std::fflush(stdout);
}

void use(const std::string& when) {
  attempt(when, [] { torc::submit(work, 1); });
  attempt(when, [] { torc::spmd(work, 1); });
  attempt(when, [] { torc::wait(); });
  attempt(when, [] { torc::enable_stealing(); });
  attempt(when, [] { torc::mpi_comm(); });
  attempt(when, [] { kept.result(); });
}

int around_start(int argc, char** argv) {
  use("before");
  const int status = torc::start(argc, argv, [&] {
    kept = torc::submit(work, 1);
    attempt("inside", [&] { torc::start(argc, argv, [] {}); });
    attempt("inside", [&] { torc::submit([] { return torc::start(0, nullptr, [] {}); }).result(); });
  });
  use("after");
  attempt("after", [] { torc::wait(std::vector{kept}); });
  std::printf("start returns %d\n", torc::start(argc, argv, [] {}));
  return status;
}

/// As if only node 0 came out of launch.
int around_launch(int argc, char** argv) {
  const torc::session session(argc, argv);
  attempt("opened", [] { torc::submit(work, 1); });
  attempt("opened", [] { torc::spmd(work, 1); });
  torc::launch();
  attempt("launched", [] { torc::submit(work, 1); });
  return torc::shutdown();
}

}  // namespace

int main(int argc, char** argv) {
  const std::string how = argc > 1 ? argv[1] : "";
  return how == "launch" ? around_launch(argc, argv) : around_start(argc, argv);
}
