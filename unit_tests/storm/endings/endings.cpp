// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#include "unit_tests/storm/endings/endings.hpp"

#include <sys/wait.h>
#include <unistd.h>
#include <torc/mpi.hpp>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <thread>
#include <torc/torc.hpp>

namespace storm {
namespace {

[[noreturn]] void fail(const char* what) { throw std::runtime_error(what); }

using namespace std::chrono_literals;

torc::task_options on(int culprit) { return {.worker = culprit, .pinned = true, .name = "culprit"}; }

/// Keeps all nodes busy for a while.
void submit_load() {
  for (int i = 0; i < 100; ++i) torc::submit([] { std::this_thread::sleep_for(2ms); });
}

/// Runs it there, and then waits for all.
template <class F>
void let(int culprit, F f) {
  submit_load();
  torc::submit(on(culprit), f, culprit);
  torc::wait();
}

void run_endless(int) {
  while (!torc::stop_requested()) std::this_thread::sleep_for(1ms);
  for (;;) std::this_thread::sleep_for(10ms);
}

[[noreturn]] void die_of(int signal) {
  std::raise(signal);
  std::abort();
}

/// Stacks grow downwards: what is written first is the far end.
[[gnu::noinline]] int use_frame_of(std::size_t size_bytes) {
  auto* const far_end = static_cast<volatile char*>(__builtin_alloca(size_bytes));
  for (std::size_t i = 0; i < 16000; ++i) far_end[i] = 1;
  return far_end[19];
}

[[gnu::noinline]] int recurse(int depth) {
  volatile char local[1000];
  local[depth % 1000] = 1;
  return depth < 1'000'000'000 ? recurse(depth + 1) + local[depth % 1000] : 0;
}

/// Status of a child process that does it.
template <class F>
int status_of_child(F f) {
  const pid_t child = ::fork();
  if (child == 0) f();
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/// For endings that are well: the task's value shows that it has gone on.
template <class F>
void expect(int culprit, int expected, F f) {
  submit_load();
  const int value = torc::submit(on(culprit), f, culprit).result();
  torc::wait();
  if (value != expected) throw std::runtime_error("a child ended with " + std::to_string(value));
  std::printf("went on\n");
}

/// The others wait for it inside MPI.
int spmd_that_fails_on(int node) {
  if (torc::node_id() == node) throw std::runtime_error("out of step");
  MPI_Barrier(torc::mpi_comm());
  return 0;
}

void run_failing_spmd(int node) {
  submit_load();
  torc::spmd(spmd_that_fails_on, node);
}

/// Its worker waits for the others in its own node's body.
void run_spmd_that_fails_elsewhere(int culprit) {
  const int node = culprit / torc::num_local_workers();
  const int worker = node * torc::num_local_workers();
  let(worker, [](int) { torc::spmd(spmd_that_fails_on, (torc::node_id() + 1) % torc::num_nodes()); });
}

constexpr std::array all{
    job_ending{"value", [](int) { submit_load(); }, due::well, 0, ""},
    job_ending{"main_throws",
               [](int) {
                 submit_load();
                 throw std::runtime_error("no more");
               },
               due::in_order, 1, "the primary task failed, the program ends: std::runtime_error: no more"},
    job_ending{"main_throws_beside_endless_body",
               [](int culprit) {
                 torc::submit(on(culprit), run_endless, 0);
                 std::this_thread::sleep_for(20ms);
                 throw std::runtime_error("no more");
               },
               due::by_force, 1, "the primary task failed[^\n]*: std::runtime_error: no more"},
    job_ending{"unseen_failure", [](int culprit) { let(culprit, [](int) { throw std::domain_error("unseen"); }); },
               due::in_order, 1, "task 'culprit' failed and nobody looked at its future: .*unseen"},
    job_ending{"stopped", [](int culprit) { let(culprit, [](int) { std::raise(SIGTERM); }); }, due::in_order, 143,
               "TORC: SIGTERM: ([0-9]+ of [0-9]+ tasks? done, |it came when all tasks had ended)"},
    job_ending{"stopped_beside_endless_body",
               [](int culprit) {
                 torc::submit(on(culprit), [] {
                   std::raise(SIGTERM);
                   run_endless(0);
                 });
               },
               due::in_order, 143, "SIGTERM has asked the job to end, and bodies have not returned"},
    job_ending{"stopped_twice",
               [](int culprit) {
                 torc::submit(on(culprit), [] {
                   for (;;) std::raise(SIGTERM);
                 });
               },
               due::by_force, 15, ""},
    job_ending{"spmd_fails_on_first_node", [](int) { run_failing_spmd(0); }, due::by_force, 1, "out of step"},
    job_ending{"spmd_fails_on_last_node", [](int) { run_failing_spmd(torc::num_nodes() - 1); }, due::by_force, 1,
               "out of step"},
    job_ending{"spmd_of_task_fails_elsewhere", run_spmd_that_fails_elsewhere, due::by_force, 1, "out of step"},
    job_ending{"exit_in_task", [](int culprit) { let(culprit, [](int) { std::exit(0); }); }, due::by_force, 1,
               "the process exits while a session is running"},
    job_ending{"exit_in_main",
               [](int) {
                 submit_load();
                 std::exit(0);
               },
               due::by_force, 1, "the process exits while a session is running"},
    job_ending{"quick_exit_in_task", [](int culprit) { let(culprit, [](int) { std::quick_exit(0); }); }, due::by_force,
               1, ""},
    job_ending{"_exit_in_task", [](int culprit) { let(culprit, [](int) { ::_exit(0); }); }, due::by_force, 1, ""},
    job_ending{"abort_in_task", [](int culprit) { let(culprit, [](int) { std::abort(); }); }, due::by_force, 1, ""},
    job_ending{"killed", [](int culprit) { let(culprit, [](int) { die_of(SIGKILL); }); }, due::by_force, 1, ""},
    job_ending{"crashes", [](int culprit) { let(culprit, [](int) { die_of(SIGSEGV); }); }, due::by_force, 1, ""},
    job_ending{"noexcept_body_throws", [](int culprit) { let(culprit, [](int) noexcept { fail("nowhere to go"); }); },
               due::by_force, 1, "nowhere to go"},
    job_ending{"recursion_without_end", [](int culprit) { let(culprit, [](int) { return recurse(0); }); },
               due::by_force, 1, "task 'culprit' has overflown its stack"},
    job_ending{"large_frame",
               [](int culprit) { let(culprit, [](int) { return use_frame_of(std::size_t{8} << 20U); }); },
               due::by_force, 1, "task 'culprit' has overflown its stack"},
    job_ending{"child_exits",
               [](int culprit) { expect(culprit, 127, [](int) { return status_of_child([] { std::exit(127); }); }); },
               due::well, 0, "went on"},
    job_ending{"child_ends_at_once",
               [](int culprit) { expect(culprit, 126, [](int) { return status_of_child([] { ::_exit(126); }); }); },
               due::well, 0, "went on"},
    job_ending{"child_runs_another_program",
               [](int culprit) {
                 expect(culprit, 0, [](int) {
                   return status_of_child([] {
                     ::execlp("true", "true", nullptr);
                     ::_exit(125);
                   });
                 });
               },
               due::well, 0, "went on"},
};

}  // namespace

std::span<const job_ending> job_endings() noexcept { return all; }

}  // namespace storm
