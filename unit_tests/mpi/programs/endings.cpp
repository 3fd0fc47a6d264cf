// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include <mpi.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <thread>
#include <torc/mpi.hpp>
#include <torc/torc.hpp>

/// A job of several nodes that ends in one of many ways: `endings HOW`.
namespace {

torc::task_options on_last() { return {.worker = torc::num_workers() - 1, .pinned = true, .name = "culprit"}; }

/// Keeps all nodes busy for a while.
void submit_load() {
  for (int i = 0; i < 200; ++i) torc::submit([] { std::this_thread::sleep_for(std::chrono::milliseconds(5)); });
}

[[noreturn]] void run_for_ever() {
  for (;;) std::this_thread::sleep_for(std::chrono::milliseconds(10));
}

constexpr int begun_tag = 17;
std::atomic<bool> g_has_begun{false};

/// Tells await_begun that it has begun, by memory if that is on the same node: MPICH does not bring a message from one
/// thread to another of its rank while that waits in MPI_Recv.
void be_endless() {
  if (torc::node_id() != 0) MPI_Send(nullptr, 0, MPI_BYTE, 0, begun_tag, MPI_COMM_WORLD);
  g_has_begun = true;
  g_has_begun.notify_all();
  run_for_ever();
}

void await_begun() {
  if (torc::num_nodes() == 1) return g_has_begun.wait(false);
  MPI_Recv(nullptr, 0, MPI_BYTE, torc::num_nodes() - 1, begun_tag, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
}

/// How a child that has nothing to execute ends.
int child_that_exits() {
  const pid_t child = ::fork();
  if (child == 0) {
    ::execlp("./no-such-program", "no-such-program", nullptr);
    std::exit(127);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/// The other nodes wait for the last one for ever. Where it has children, its failure cannot even be told: worker 0 of
/// node 0 is to run one, and stands in the barrier.
void meet_unless_last(bool has_children) {
  if (torc::node_id() == torc::num_nodes() - 1) {
    if (has_children) torc::submit(torc::task_options{.worker = 0, .pinned = true}, [] {});
    throw std::runtime_error("out of step");
  }
  MPI_Barrier(torc::mpi_comm());
}

int run(const std::string& how) {
  if (how == "value") {
    submit_load();
    return 7;
  }
  if (how == "main_throws") {
    submit_load();
    throw std::runtime_error("no more");
  }
  if (how == "unseen") {
    torc::submit(on_last(), [] { throw std::domain_error("unseen"); });
    return 0;
  }
  if (how == "main_throws_amid_endless") {
    torc::submit(on_last(), be_endless);
    await_begun();
    throw std::runtime_error("no more");
  }
  if (how == "long_body") {
    // Much longer than the grace.
    torc::submit(on_last(), [] { std::this_thread::sleep_for(std::chrono::seconds(2)); });
    return 5;
  }
  if (how == "beyond_timeout") {
    const torc::task_options slow{.worker = torc::num_workers() - 1,
                                  .pinned = true,
                                  .name = "culprit",
                                  .timeout = std::chrono::milliseconds(100)};
    const auto late = torc::submit(slow, [] { std::this_thread::sleep_for(std::chrono::seconds(2)); });
    try {
      late.result();
    } catch (const torc::timeout_error&) {
      std::printf("timed out\n");
    }
    return 0;
  }
  if (how == "child_exits") {
    std::printf("the child ended with %d\n", torc::submit(on_last(), child_that_exits).result());
    return 0;
  }
  submit_load();
  if (how == "exit") torc::submit(on_last(), [] { std::exit(0); });
  if (how == "quick_exit") torc::submit(on_last(), [] { std::quick_exit(0); });
  if (how == "_exit") torc::submit(on_last(), [] { ::_exit(0); });
  if (how == "_Exit") torc::submit(on_last(), [] { std::_Exit(0); });
  if (how == "kill") torc::submit(on_last(), [] { std::raise(SIGKILL); });
  if (how == "abort") torc::submit(on_last(), [] { std::abort(); });
  if (how == "spmd_hangs") {
    torc::spmd([] {
      if (torc::node_id() == 0) throw std::runtime_error("out of step");
      for (;;) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    });
  }
  if (how == "spmd_fails_on_last") torc::spmd(meet_unless_last, false);
  if (how == "spmd_fails_with_children") torc::spmd(meet_unless_last, true);
  if (how == "spmd_failure_is_settled") {
    // Much longer than the grace, from when the last node's body has failed.
    try {
      torc::spmd([] {
        if (torc::node_id() == torc::num_nodes() - 1) throw std::runtime_error("out of step");
      });
    } catch (const std::runtime_error& e) {
      std::printf("settled: %s\n", e.what());
    }
    torc::submit(torc::task_options{.pinned = true}, [] { std::this_thread::sleep_for(std::chrono::seconds(1)); });
  }
  torc::wait();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string how = argc > 1 ? argv[1] : "";
  if (how == "launched") {
    torc::init(argc, argv);
    if (!torc::launch()) {
      std::printf("a node has served\n");
      return 0;
    }
    std::printf("sum %d\n", torc::submit([](int x) { return x + 1; }, 1).result());
    return torc::shutdown();
  }
  const int status = torc::start(argc, argv, [&] { return run(how); });
  std::printf("start returns %d\n", status);
  std::fflush(stdout);
  return status;
}
